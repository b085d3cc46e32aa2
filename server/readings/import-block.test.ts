import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BlockRows, emptyRows, givenRuns, packBlock, unpackBlock } from './import-block.ts';

const AT = Date.UTC(2026, 2, 8);
const MINUTE = 60_000;

type Row = { [K in keyof BlockRows]: number };

function toRows(list: readonly Partial<Row>[]): BlockRows {
  const rows = emptyRows();
  for (const row of list) {
    const whole: Row = { t: AT, width: 60, given: 1, count: 1, sum: 1, min: 1, max: 1, last: 1, bad: 0, suspect: 0, ...row };
    for (const key of Object.keys(rows) as (keyof Row)[]) rows[key].push(whole[key]);
  }
  return rows;
}

const decimal = (digits: number) => fc.integer({ min: -99_999, max: 99_999 }).map((n) => n / 10 ** digits);
const anyValue = fc.double({ noDefaultInfinity: true, noNaN: true }).filter((value) => !Object.is(value, -0));
const value = fc.oneof({ weight: 3, arbitrary: decimal(1) }, { weight: 2, arbitrary: decimal(3) }, { weight: 1, arbitrary: anyValue });

/** A bucket as senders make them: empty, of one reading, of many, with and without a last value of its own. */
const bucket: fc.Arbitrary<Partial<Row>> = fc.oneof(
  fc.record({ bad: fc.nat(5) }).map(({ bad }) => ({ count: 0, sum: 0, min: Number.NaN, max: Number.NaN, last: Number.NaN, bad })),
  value.map((v) => ({ count: 1, sum: v, min: v, max: v, last: v })),
  fc.array(value, { minLength: 2, maxLength: 20 }).map((values) => {
    const sum = values.reduce((a, b) => a + b, 0);
    const bounded = Number.isFinite(sum) ? sum : 0;
    return { count: values.length, sum: bounded, min: Math.min(...values), max: Math.max(...values), last: values.at(-1) as number, suspect: values.length % 3 };
  }),
  fc.array(decimal(1), { minLength: 2, maxLength: 20 }).map((values) => {
    const sum = values.reduce((a, b) => a + b, 0);
    return { count: values.length, sum, min: Math.min(...values), max: Math.max(...values), last: sum / values.length };
  }),
);
const rows = fc
  .uniqueArray(fc.record({ minute: fc.integer({ min: 0, max: 1439 }), given: fc.constantFrom(0, 1), width: fc.constantFrom(60, 300, 900), bucket }), {
    selector: ({ minute }) => minute,
    maxLength: 150,
  })
  .map((list) => toRows(list.sort((a, b) => a.minute - b.minute).map(({ minute, given, width, bucket: one }) => ({ t: AT + minute * MINUTE, given, width, ...one }))));

describe('a packed block', () => {
  it('gives back what was put in, bit for bit', () => {
    fc.assert(
      fc.property(rows, (block) => {
        expect(unpackBlock(packBlock(block, AT), AT)).toEqual(block);
      }),
      { numRuns: 300 },
    );
  });

  it('costs little more than a byte for a bucket of one reading, and some five for one of many', () => {
    const level = (i: number): number => Math.round(100 * (3 + Math.sin(i / 50) + Math.sin(i * 7919) / 50)) / 100;
    const single = toRows(Array.from({ length: 1440 }, (_, i) => ({ t: AT + i * MINUTE, sum: level(i), min: level(i), max: level(i), last: level(i) })));
    expect(packBlock(single, AT).length / 1440).toBeLessThan(1.5);
    const many = Array.from({ length: 96 }, (_, i) => {
      const values = Array.from({ length: 15 }, (_, k) => level(i * 15 + k));
      return {
        t: AT + i * 15 * MINUTE,
        width: 900,
        count: 15,
        sum: values.reduce((a, b) => a + b, 0),
        min: Math.min(...values),
        max: Math.max(...values),
        last: values[14] as number,
      };
    });
    expect(packBlock(toRows(many), AT).length / 96).toBeLessThan(7);
  });

  it('of a form that was once written stays readable', () => {
    const one = toRows([
      { t: AT + 15 * MINUTE, width: 900, count: 3, sum: 6.6, min: 1.1, max: 3.3, last: 2.2, bad: 2, suspect: 1 },
      { t: AT + 30 * MINUTE, width: 900, given: 0, count: 0, sum: 0, min: Number.NaN, max: Number.NaN, last: Number.NaN },
    ]);
    expect(unpackBlock(Buffer.from(PLAIN, 'hex'), AT)).toEqual(one);
    expect(unpackBlock(Buffer.from(DEFLATED, 'hex'), AT)).toEqual(
      toRows(Array.from({ length: 200 }, (_, i) => ({ t: AT + i * MINUTE, sum: (i * i) % 97, min: (i * i) % 97, max: (i * i) % 97, last: (i * i) % 97 }))),
    );
  });

  it('that is damaged, or of a later version, is told', () => {
    const whole = packBlock(toRows([{ t: AT }, { t: AT + MINUTE, count: 2 }]), AT);
    for (let length = 0; length < whole.length; length++) expect(() => unpackBlock(whole.subarray(0, length), AT)).toThrow(RangeError);
    expect(() => unpackBlock(Buffer.from([9, 1, 2]), AT)).toThrow('form 9');
  });
});

describe('the starts of given buckets', () => {
  const runsOf = (minutes: readonly number[], given = minutes): number[] =>
    givenRuns(toRows(minutes.map((minute) => ({ t: AT + minute * MINUTE, given: given.includes(minute) ? 1 : 0 }))), AT);

  it('are one run where they follow each other', () => {
    expect(runsOf([0, 15, 30, 45])).toEqual([0, 2700, 900]);
  });

  it('begin a new run at a hole, at another step, and leave out what was summed up', () => {
    expect(runsOf([0, 1, 2, 10, 11, 12, 17])).toEqual([0, 120, 60, 600, 720, 60, 1020, 1020, 1]);
    expect(runsOf([0, 1, 2, 3], [1, 3])).toEqual([60, 180, 120]);
    expect(runsOf([0], [])).toEqual([]);
  });

  it('are exactly those, whatever they are', () => {
    fc.assert(
      fc.property(rows, (block) => {
        const runs = givenRuns(block, AT);
        const starts: number[] = [];
        for (let i = 0; i < runs.length; i += 3) for (let s = runs[i] as number; s <= (runs[i + 1] as number); s += runs[i + 2] as number) starts.push(AT + s * 1000);
        expect(starts).toEqual(block.t.filter((_, i) => block.given[i] === 1));
      }),
    );
  });
});

/** As the first version with packed blocks wrote them. */
const PLAIN = '010200880e00880e020200020600020400020200020400010016002c00160100420000';
const DEFLATED =
  '023bc1c8c8c058719c91a1828189818901044034131b179f9098949cd26c462d3da36e462b3ba76aafe2a0b0f4b8f8b4f0e022ef2a67fb36467363fd698ceacaf2d2e2eb18f9b9d9991958387804d6324ac828a8684c653430b168657470a9f4290c89484d88cd080d2cf1ac71b4b5ec6134d4d59cc3a8282b292ac8cbc9ca486fab1801';
