import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LinePoint, type LinePrecision, parseLineProtocol } from './line-protocol.ts';

interface Parsed {
  points: LinePoint[];
  rejected: { line: number; code: string; message: string }[];
}
function parse(text: string, precision: LinePrecision = 'ns'): Parsed {
  const parsed: Parsed = { points: [], rejected: [] };
  parseLineProtocol(text, { precision }, { emit: (point) => parsed.points.push(point), reject: (line, code, message) => parsed.rejected.push({ line, code, message }) });
  return parsed;
}
/** The one point of a text without bad lines. */
function one(text: string, precision: LinePrecision = 'ns'): LinePoint {
  const { points, rejected } = parse(text, precision);
  expect(rejected).toEqual([]);
  expect(points).toHaveLength(1);
  return points[0] as LinePoint;
}
const fieldOf = (value: string) => one(`m v=${value}`).fields[0];

describe('points', () => {
  it('a plain line has measurement, tags, field and time', () => {
    expect(one('water,place=canal_3,facet=north depth=12.5 1700000000123456789')).toEqual({
      line: 1,
      measurement: 'water',
      tagKeys: ['place', 'facet'],
      tagValues: ['canal_3', 'north'],
      fields: [{ key: 'depth', kind: 'float', value: 12.5 }],
      observedAt: 1_700_000_000_123,
    });
  });

  it('tags and time may be left out; several blanks separate as one does, before, between and after', () => {
    expect(one('m v=1')).toMatchObject({ tagKeys: [], tagValues: [], observedAt: null });
    expect(one('  \tm,place=a   v=1i,w=2   1000000  \t')).toMatchObject({ measurement: 'm', tagValues: ['a'], fields: [{ value: 1 }, { value: 2 }], observedAt: 1 });
    expect(one('m v=1 ')).toMatchObject({ observedAt: null });
  });

  it.each([
    ['m\\,a\\ b\\=c v=1', 'm,a b=c'],
    ['m=a v=1', 'm=a'],
    ['m\\a\\\\ v=1', null],
    ['m\\a\\n v=1', 'm\\a\\n'],
    ['m\\\\,x v=1', 'm\\,x'],
    ['水位 v=1', '水位'],
    ['"m" v=1', '"m"'],
  ])('measurement of %s', (text, measurement) => {
    if (measurement === null) expect(parse(text).rejected).toHaveLength(1);
    else expect(one(text).measurement).toBe(measurement);
  });

  it('escapes work in tag keys, tag values and field keys; another backslash is a backslash', () => {
    const point = one('m,a\\ b\\,c\\=d=e\\ f\\,g\\=h,path=C:\\dir f\\ i\\,j\\=k=1,q"=2 5');
    expect(point.tagKeys).toEqual(['a b,c=d', 'path']);
    expect(point.tagValues).toEqual(['e f,g=h', 'C:\\dir']);
    expect(point.fields.map((field) => field.key)).toEqual(['f i,j=k', 'q"']);
  });

  it('of a repeated field the last wins, few or many', () => {
    expect(one('m a=1,b=2,a=3i').fields).toEqual([
      { key: 'a', kind: 'integer', value: 3 },
      { key: 'b', kind: 'float', value: 2 },
    ]);
    const many = one(`m ${Array.from({ length: 60 }, (_, i) => `f${i % 30}=${i}`).join(',')}`).fields;
    expect(many).toHaveLength(30);
    expect(many[5]).toEqual({ key: 'f5', kind: 'float', value: 35 });
  });
});

describe('values', () => {
  it.each<[string, string, number | string]>([
    ['1', 'float', 1],
    ['-1.5', 'float', -1.5],
    ['1.', 'float', 1],
    ['.5', 'float', 0.5],
    ['-.5', 'float', -0.5],
    ['0.1', 'float', 0.1],
    ['123456789.123456', 'float', 123_456_789.123456],
    ['0.30000000000000004', 'float', 0.1 + 0.2],
    ['1e3', 'float', 1000],
    ['1.5E-7', 'float', 1.5e-7],
    ['-2e+10', 'float', -2e10],
    ['5e-324', 'float', 5e-324],
    ['1.7976931348623157e308', 'float', Number.MAX_VALUE],
    ['99999999999999999999', 'float', 1e20],
    ['12i', 'integer', 12],
    ['-12i', 'integer', -12],
    ['-0i', 'integer', 0],
    ['9223372036854775807i', 'integer', 2 ** 63],
    ['-9223372036854775808i', 'integer', -(2 ** 63)],
    ['18446744073709551615u', 'unsigned', 2 ** 64],
    ['0u', 'unsigned', 0],
    ...['t', 'T', 'true', 'True', 'TRUE'].map((word): [string, string, number] => [word, 'boolean', 1]),
    ...['f', 'F', 'false', 'False', 'FALSE'].map((word): [string, string, number] => [word, 'boolean', 0]),
    ['""', 'string', ''],
    ['"a, b=c d"', 'string', 'a, b=c d'],
    ['"say \\"hi\\" \\\\ \\n"', 'string', 'say "hi" \\ \\n'],
    ['"two\nlines\r\nand #three"', 'string', 'two\nlines\r\nand #three'],
    ['"ends in \\\\"', 'string', 'ends in \\'],
  ])('%s is %s %s', (text, kind, value) => {
    expect(fieldOf(text)).toEqual({ key: 'v', kind, value });
  });

  it.each(['NaN', 'nan', 'Inf', 'inf', '+Inf', '-Inf', '-nan', 'Infinity', '-infinity', '1e309', '-1e999'])('%s is refused as not finite', (text) => {
    expect(parse(`m v=${text} 1\nm v=1 1`)).toMatchObject({ points: [{ line: 2 }], rejected: [{ line: 1, code: 'not_finite' }] });
    expect(parse(`m v=${text}`).rejected[0]?.message).toMatch(/^column 5: expected a/);
  });

  it.each([
    '',
    '-',
    '.',
    'e5',
    '1e',
    '1e+',
    '1.2.3',
    '1-2',
    '+1',
    '0x10',
    '1_000',
    '1.5i',
    '1.i',
    '-1u',
    '1ii',
    '1f',
    'yes',
    'tRUE',
    'truely',
    "'x'",
    '--1',
    '9223372036854775808i',
    '-9223372036854775809i',
    '18446744073709551616u',
  ])('%j is no value', (text) => {
    expect(parse(`m v=${text}`)).toMatchObject({ points: [], rejected: [{ line: 1, code: 'malformed_line' }] });
  });

  it('a number reads exactly as the language reads it', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(fieldOf(Object.is(value, -0) ? '-0' : String(value))?.value).toBe(value);
        const short = Number(value.toPrecision(9));
        expect(fieldOf(short.toFixed(6))?.value).toBe(Number(short.toFixed(6)));
      }),
    );
  });
});

describe('time', () => {
  it.each<[LinePrecision, string, number]>([
    ['ns', '1700000000123999999', 1_700_000_000_123],
    ['ns', '9223372036854775807', 9_223_372_036_854],
    ['ns', '-1', -1],
    ['ns', '-1000000', -1],
    ['ns', '-1000001', -2],
    ['ns', '999999', 0],
    ['ns', '-0', 0],
    ['ns', '0', 0],
    ['us', '1700000000123999', 1_700_000_000_123],
    ['us', '-1500', -2],
    ['ms', '1700000000123', 1_700_000_000_123],
    ['ms', '-5', -5],
    ['s', '1700000000', 1_700_000_000_000],
    ['s', '-1', -1000],
  ])('in %s, %s is %d ms', (precision, text, ms) => {
    expect(one(`m v=1 ${text}`, precision).observedAt).toBe(ms);
  });

  it('rounds down exactly as whole-number division does', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (ns) => {
        const floored = ns / 1_000_000n - (ns % 1_000_000n < 0n ? 1n : 0n);
        expect(one(`m v=1 ${ns}`).observedAt).toBe(Number(floored));
      }),
    );
  });

  it.each(['1.5', '1e9', 'now', '-', '1700000000i', '2023-11-14T00:00:00Z', '1 2', '"1"'])('%s is no timestamp', (text) => {
    expect(parse(`m v=1 ${text}`).rejected).toMatchObject([{ code: 'malformed_line' }]);
  });

  it('a time beyond every calendar is refused as such', () => {
    expect(parse('m v=1 99999999999999999999', 's').rejected).toMatchObject([{ code: 'invalid_time' }]);
  });
});

describe('lines', () => {
  it('comments, blank lines, CR LF and a missing last line end; the true line numbers', () => {
    const { points, rejected } = parse('# one\r\n\r\nm v=1 1000000\r\n   \n  # two\nbad\r\nm v="a\nb\nc",w=1\n\nm,p=x v=4\r');
    expect(points.map(({ line, observedAt }) => [line, observedAt])).toEqual([
      [3, 1],
      [7, null],
      [11, null],
    ]);
    expect(rejected.map(({ line }) => line)).toEqual([6]);
    expect(points[2]?.fields).toEqual([{ key: 'v', kind: 'float', value: 4 }]);
    for (const empty of ['', '\n', '\r\n', '#', ' \t ', '\n\n#x\n']) expect(parse(empty)).toEqual({ points: [], rejected: [] });
  });

  it.each<[string, string]>([
    ['m', 'column 2: expected a comma and tags, or a space and fields, found the end of the line'],
    [',a=b v=1', 'column 1: expected a measurement, found ","'],
    ['m,a v=1', 'column 4: expected an = after the tag key, found " "'],
    ['m,=b v=1', 'column 3: expected a tag key, found "="'],
    ['m, v=1', 'column 3: expected a tag key, found " "'],
    ['m,a= v=1', 'column 5: expected a tag value, found " "'],
    ['m,a=b=c v=1', 'column 6: expected a comma or a space after the tag value (an = inside it is written \\=), found "="'],
    ['m,a=b,a=c v=1', 'column 1: expected each tag once, found "a" twice'],
    ['m,a=b', 'column 6: expected a space and fields, found the end of the line'],
    ['m ', 'column 3: expected a field key, found the end of the line'],
    ['m v', 'column 4: expected an = after the field key, found the end of the line'],
    ['m v=', 'column 5: expected a field value: a number, true, false or a "quoted string", found the end of the line'],
    ['m v=1,', 'column 7: expected a field key, found the end of the line'],
    ['m v=1,,w=2', 'column 7: expected a field key, found ","'],
    ['m v=1x', 'column 6: expected a comma, a space or the end of the line after the value, found "x"'],
    ['m v="a"x', 'column 8: expected a comma, a space or the end of the line after the string, found "x"'],
    ['m v="a', 'column 5: expected a closing " for the string that begins here, found none'],
    ['m v=1 12x', 'column 9: expected the end of the line after the timestamp, found "x"'],
    ['m v=😀', 'column 5: expected a field value: a number, true, false or a "quoted string", found "😀"'],
  ])('%s: %s', (text, message) => {
    const { points, rejected } = parse(`a v=1\n${text}\nb v=1`);
    expect(rejected).toEqual([{ line: 2, code: 'malformed_line', message }]);
    expect(points.map((point) => point.measurement)).toEqual(['a', 'b']);
  });

  it('a bad line that ends with CR LF is told of as if it ended with a line feed', () => {
    expect(parse('m \r\nm,a=b\r\nm v=1').rejected.map(({ message }) => message)).toEqual(parse('m \nm,a=b\nm v=1').rejected.map(({ message }) => message));
  });

  it('a stray quotation mark costs its own line, not those up to the next one', () => {
    const { points, rejected } = parse('m v="oops\nm v=1\nm v="fine"\nm v=2\nm v="oops again\nm v=3');
    expect(points.map(({ line }) => line)).toEqual([2, 3, 4, 6]);
    expect(rejected.map(({ line }) => line)).toEqual([1, 5]);
    expect(rejected[0]?.message).toBe('column 5: expected a closing " and then a comma, a space or the end of the line for the string that begins here');
  });
});

describe('properties', () => {
  // A name that ends in a backslash, or holds a line end, cannot be written in this grammar.
  const name = fc
    .string({ unit: fc.oneof(fc.constantFrom(',', ' ', '=', '\\', '"', '#', 'a', 'é', '水', '😀', '\t'), fc.string({ minLength: 1, maxLength: 1 })), minLength: 1, maxLength: 8 })
    .filter((text) => !/[\n\r]|\\$/.test(text));
  const measurement = name.filter((text) => !/^[\t #]/.test(text));
  const fieldKey = name.filter((text) => !/^[\t ]/.test(text));
  const text = fc.string({ unit: fc.oneof(fc.constantFrom('"', '\\', '\n', ',', ' ', '=', '\r'), fc.string({ minLength: 1, maxLength: 1 })), maxLength: 8 });
  const field = fc.oneof(
    fc.record({ kind: fc.constant('float' as const), value: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
    fc.record({ kind: fc.constant('integer' as const), value: fc.maxSafeInteger() }),
    fc.record({ kind: fc.constant('unsigned' as const), value: fc.maxSafeNat() }),
    fc.record({ kind: fc.constant('boolean' as const), value: fc.constantFrom(0, 1) }),
    fc.record({ kind: fc.constant('string' as const), value: text }),
  );
  const point = fc.record({
    measurement,
    tags: fc.uniqueArray(fc.tuple(name, name), { selector: ([key]) => key, maxLength: 20 }),
    fields: fc.uniqueArray(fc.tuple(fieldKey, field), { selector: ([key]) => key, minLength: 1, maxLength: 20 }),
    observedAt: fc.option(fc.integer({ min: -9e12, max: 9e12 })),
  });

  const escapeName = (raw: string) => raw.replace(/[, =]/g, '\\$&');
  function writeValue(value: { kind: string; value: number | string }): string {
    if (value.kind === 'string') return `"${String(value.value).replace(/["\\]/g, '\\$&')}"`;
    if (value.kind === 'boolean') return value.value === 1 ? 'true' : 'F';
    const digits = Object.is(value.value, -0) ? '-0' : String(value.value);
    return digits + (value.kind === 'integer' ? 'i' : value.kind === 'unsigned' ? 'u' : '');
  }
  type Written = typeof point extends fc.Arbitrary<infer T> ? T : never;
  function write({ measurement: m, tags, fields, observedAt }: Written): string {
    const head = [escapeName(m), ...tags.map(([key, value]) => `${escapeName(key)}=${escapeName(value)}`)].join(',');
    const body = fields.map(([key, value]) => `${escapeName(key)}=${writeValue(value)}`).join(',');
    return observedAt === null ? `${head} ${body}` : `${head} ${body} ${BigInt(observedAt) * 1_000_000n}`;
  }

  it('what is written by the grammar is read back equal, however many lines, with bad ones between', () => {
    fc.assert(
      fc.property(fc.array(point, { maxLength: 6 }), fc.constantFrom('\n', '\r\n', '\n# comment\n', '\nbad line here\n'), (points, between) => {
        const { points: read } = parse(points.map(write).join(between));
        expect(read.map(({ line, ...rest }) => rest)).toEqual(
          points.map((each) => ({
            measurement: each.measurement,
            tagKeys: each.tags.map(([key]) => key),
            tagValues: each.tags.map(([, value]) => value),
            fields: each.fields.map(([key, value]) => ({ key, ...value, value: value.kind === 'integer' ? value.value || 0 : value.value })),
            observedAt: each.observedAt === null ? null : each.observedAt || 0,
          })),
        );
      }),
      { numRuns: 500 },
    );
  });

  const pieces = fc.constantFrom(
    'm',
    ',',
    ' ',
    '=',
    '1',
    'i',
    '\\',
    '\n',
    '\r',
    '\r\n',
    '#',
    'v=1',
    'm v=1',
    '.',
    '-',
    'e',
    'true',
    'NaN',
    '"',
    '\t',
    '水',
    '1700000000000000000',
    '\ud800',
    '\0',
  );
  it('garbage never throws, and each line that is neither blank nor a comment is emitted or rejected, once', () => {
    fc.assert(
      fc.property(
        fc.array(
          pieces.filter((piece) => piece !== '"'),
          { maxLength: 40 },
        ),
        (parts) => {
          const garbage = parts.join('');
          const lines = garbage.split('\n').flatMap((line, i) => (/^[ \t]*(?:#.*)?\r?$/s.test(line) ? [] : [i + 1]));
          const { points, rejected } = parse(garbage);
          expect([...points.map((each) => each.line), ...rejected.map((each) => each.line)].sort((a, b) => a - b)).toEqual(lines);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('with quotation marks too, no line is told twice and no good line before or after the garbage is lost', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const { points, rejected } = parse(`first v=1\n${parts.join('')}\nlast v=1\n`);
        const told = [...points.map((each) => each.line), ...rejected.map((each) => each.line)];
        expect(new Set(told).size).toBe(told.length);
        expect(points[0]?.measurement).toBe('first');
        const swallowed = points.some(({ fields }) => fields.some((each) => each.kind === 'string' && each.value.includes('last v=1')));
        expect(swallowed || points.at(-1)?.measurement === 'last').toBe(true);
        for (const { message } of rejected) expect(message).toMatch(/^column \d+: expected .+, found .+|^column \d+: expected a closing/);
      }),
      { numRuns: 1000 },
    );
  });

  it('a hostile line costs no square of its length', () => {
    const names = Array.from({ length: 50_000 }, (_, i) => `k${i}=1`).join(',');
    const { points } = parse(`m,${names} ${names}\n${'m v="\n'.repeat(20_000)}`);
    expect(points[0]?.fields).toHaveLength(50_000);
    expect(points[0]?.tagKeys).toHaveLength(50_000);
  }, 5000);
});
