import { isAscii } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Admission, Candidate, Refusal, Target } from './admission.ts';
import { createBatchBuilder } from './columns.ts';
import { admitPoints, type LineMapping, type Precision, precisions } from './line-points.ts';
import { parseLineProtocol } from './line-protocol.ts';

const NOW = 1_700_000_000_000;
type Event = { admitted: Candidate } | { refused: string; line: number; message: string };

const unknown = (indicator: string): Refusal | null => (indicator.startsWith('nope') ? { code: 'unknown_indicator', path: 'indicator', message: `no ${indicator}` } : null);
const tooEarly = (observedAt: number): Refusal | null => (observedAt < 1000 ? { code: 'time_too_early', path: 'observedAt', message: `${observedAt} is early` } : null);

/** Takes whatever it is given and remembers it; `made` are the series in the order in which they were first asked for. */
function aRecorder(events: Event[]): { admission: Admission; made: string[] } {
  const made: string[] = [];
  const targets = new Map<string, Target>();
  const names = new Map<Target, Pick<Candidate, 'indicator' | 'place' | 'facet'>>();
  const targetOf = (indicator: string, place: string, facet: string | null): Target | Refusal => {
    const refusal = unknown(indicator);
    if (refusal !== null) return refusal;
    const key = JSON.stringify([indicator, place, facet]);
    const known = targets.get(key);
    if (known !== undefined) return known;
    const target = { series: targets.size } as Target;
    made.push(key);
    targets.set(key, target);
    names.set(target, { indicator, place, facet });
    return target;
  };
  const admitTo: Admission['admitTo'] = (target, { observedAt, value }) => {
    const refusal = tooEarly(observedAt);
    if (refusal === null) events.push({ admitted: { ...(names.get(target) as Candidate), observedAt, value } });
    return refusal;
  };
  const admission: Admission = {
    targetOf,
    admitTo,
    admit(candidate) {
      const target = targetOf(candidate.indicator, candidate.place, candidate.facet);
      return 'code' in target ? target : admitTo(target, candidate);
    },
    admitUnknown: () => null,
    missing: [],
    batch: createBatchBuilder(),
  };
  return { admission, made };
}

interface Outcome {
  events: Event[];
  made: string[];
}

function theShortWay(body: string | Buffer, precision: Precision, mapping?: LineMapping): Outcome {
  const events: Event[] = [];
  const { admission, made } = aRecorder(events);
  admitPoints(body, { precision, now: NOW, mapping }, { admission, reject: ({ line, code, message }) => events.push({ refused: code, line, message }) });
  return { events, made };
}

/** Every line by the general parser. */
function theLongWay(text: string, precision: Precision): Outcome {
  const events: Event[] = [];
  const { admission, made } = aRecorder(events);
  const reject = (line: number, refused: string, message: string) => events.push({ refused, line, message });
  const full = ({ n: 'ns', u: 'us' } as const)[precision as 'n' | 'u'] ?? (precision as 'ns' | 'us' | 'ms' | 's');
  parseLineProtocol(
    text,
    { precision: full },
    {
      reject,
      emit(point) {
        const tag = (key: string): string | null => point.tagValues[point.tagKeys.indexOf(key)] ?? null;
        const place = tag('place');
        if (place === null) return void reject(point.line, 'missing_field', 'The tag "place" is missing.');
        for (const field of point.fields) {
          if (field.kind === 'string') {
            reject(point.line, 'not_a_number', `The field "${field.key}" is text; only numbers and booleans are stored.`);
            continue;
          }
          const indicator = field.key === 'value' ? point.measurement : `${point.measurement}_${field.key}`;
          const refusal = admission.admit({ indicator, place, facet: tag('facet'), observedAt: point.observedAt ?? NOW, value: field.value });
          if (refusal !== null) reject(point.line, refusal.code, refusal.message);
        }
      },
    },
  );
  return { events, made };
}

const measurement = fc.constantFrom('m', 'm', 'm', 'nope', 'long_measurement', '水位', 'm\\ x', '"q"', '#m', 'm=a', '', 'm\\', 'm\u0001', '𝄞');
const tags = fc.constantFrom(
  ',place=a',
  ',place=a',
  ',place=b',
  ',place=a,facet=f',
  ',facet=f,place=a',
  ',place=南',
  ',facet=f',
  '',
  ',place=',
  ',place=a,place=b',
  ',place=a\\ b',
  ',place="',
  ',place=a=b',
);
const key = fc.constantFrom('value', 'value', 'value', 'level', 'a', 'a\\,b', 'w"', '水', '', 'a b', 'value\\');
const value = fc.oneof(
  { weight: 3, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String) },
  { weight: 3, arbitrary: fc.integer({ min: -99_999, max: 99_999 }).map((n) => String(n / 100)) },
  fc.integer().map((n) => `${n}i`),
  fc.constantFrom(
    '1',
    '-0',
    '-0i',
    '1.',
    '.5',
    '-.5',
    '.',
    '-',
    '12u',
    't',
    'False',
    'NaN',
    '-inf',
    '1e309',
    '"text"',
    '"a, b=1"',
    '"two\nlines"',
    '"open',
    '1.2.3',
    '+1',
    '1i2',
    '00012.50',
    '123456789012345',
    '1234567890123456',
    '999999999999999.9',
    '123456789012345i',
    '1234567890123456i',
    '9223372036854775808i',
    '0x1',
    '',
  ),
);
const field = fc.tuple(key, value).map(([k, v]) => `${k}=${v}`);
const time = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1_600_000_000, max: 1_800_000_000 }).map((s) => ` ${s}${'123456789'}`) },
  fc.constantFrom(
    '',
    ' ',
    ' 5',
    ' -5',
    ' 0',
    ' 1700000000',
    ' 1700000000123',
    ' 1700000000123456',
    ' 99999999999999999999999999',
    ' 1.5',
    ' x',
    ' 1700000000000000000 ',
    ' 1700000000000000000 7',
    '  1700000000000000000',
    '\t1700000000000000000',
    ' 0001700000000000000000',
  ),
);
const blank = fc.constantFrom(' ', ' ', ' ', ' ', '  ', '\t', '');
const line = fc.oneof(
  { weight: 12, arbitrary: fc.tuple(measurement, tags, blank, fc.array(field, { minLength: 1, maxLength: 4 }), time).map(([m, t, b, f, at]) => `${m}${t}${b}${f.join(',')}${at}`) },
  fc.constantFrom('', ' ', '# a comment', ' m,place=a value=1', `m,place=a ${Array.from({ length: 20 }, (_, i) => `f${i}=${i}`).join(',')} 1700000000000000000`),
  fc
    .string({ unit: fc.constantFrom(' ', ',', '=', '\\', '"', '\r', 'm', 'value', 'place', '1', '.', '-', 'e', 'i', '#', '水'), maxLength: 12 })
    .map((tail) => `m,place=a value=1${tail}`),
);
/** A few different lines in any order, so that most beginnings were there before. */
const text = fc
  .tuple(fc.array(line, { minLength: 1, maxLength: 5 }), fc.array(fc.tuple(fc.nat(), fc.constantFrom('\n', '\n', '\n', '\r\n', '\n\n', '\r'))), fc.boolean())
  .map(([lines, order, ends]) => {
    const whole = [...order.map(([i, end]) => `${lines[i % lines.length]}${end}`), ...lines.slice(0, 1)].join('');
    return ends ? `${whole}\n` : whole;
  });

describe('the short way', () => {
  it('admits, refuses and makes what the general parser would, in the same order, from text and from bytes', () => {
    fc.assert(
      fc.property(text, fc.constantFrom(...precisions), (body, precision) => {
        const expected = theLongWay(body, precision);
        expect(theShortWay(body, precision)).toEqual(expected);
        const bytes = Buffer.from(body);
        if (isAscii(bytes)) expect(theShortWay(bytes, precision)).toEqual(expected);
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    'm,place=a value=1 99999999999999999999999999',
    'm,place=a value=1 -1700000000000000000',
    'm,place=a value=1 1700000000000000000\r',
    'm,place=a value=999999999999999.9 1700000000000000000',
    'm,place=a value=0.1,level=-0i,value=3 1700000000000000000',
    'm,place=a level=0.3,value=-0 1700000000000000000',
    'm,place=a value=1,level="x" 1700000000000000000',
    'm,place=a value=1,nothing=2 5',
    'm,place=a  value=1 1700000000000000000',
    'm,place=ab value=1 1700000000000000000',
    'm\\ value=1 1700000000000000000',
    'm,place=a',
    'm,place=a ',
    'm,place=a value=1,',
    'm,place=a value=1 1700000000000000000,',
  ])('agrees where the beginning is known: %j', (odd) => {
    const body = `m,place=a value=1,level=2 1700000000000000000\nm\\ x,place=a value=7 1700000000000000000\n${odd}\nm,place=a value=4 1700000000000000000`;
    for (const precision of precisions) {
      const expected = theLongWay(body, precision);
      expect(theShortWay(body, precision)).toEqual(expected);
      expect(theShortWay(Buffer.from(body), precision)).toEqual(expected);
    }
  });

  it('reads a long plain body, larger than what is kept between bodies', () => {
    const lines = Array.from({ length: 30_000 }, (_, i) => `m,place=p_${i % 7},facet=f value=${i / 100},level=${i}i ${1_700_000_000_000 + i}000000`);
    const body = lines.join('\n');
    const { events, made } = theShortWay(Buffer.from(body), 'ns');
    expect(made).toHaveLength(14);
    expect(events).toHaveLength(60_000);
    expect(events[59_998]).toEqual({ admitted: { indicator: 'm', place: `p_${29_999 % 7}`, facet: 'f', observedAt: 1_700_000_029_999, value: 299.99 } });
    expect(theShortWay('m,place=a value=1\nm,place=a value=2', 'ns').events).toHaveLength(2);
  });

  it('follows a mapping, also where two fields of a line become one series', () => {
    const mapping = { measurements: { m_a: 'same', m_b: 'same' }, placeTag: 'host', facetTag: 'cpu' };
    const body = 'm,host=h,cpu=0 a=1,b=2 1700000000000000000\n'.repeat(3);
    const { events } = theShortWay(body, 'ns', mapping);
    expect(events.map((event) => ('admitted' in event ? [event.admitted.indicator, event.admitted.facet, event.admitted.value] : event))).toEqual(
      [1, 2, 1, 2, 1, 2].map((n) => ['same', '0', n]),
    );
  });

  it('makes no series for a line that is refused', () => {
    const { made, events } = theShortWay('m,place=a value=1 5000000000\nm,place=a value=1,other=x 5000000000\nm,place=a other=nothing 5000000000', 'ns');
    expect(made).toEqual(['["m","a",null]']);
    expect(events.map((event) => ('refused' in event ? event.line : 'admitted'))).toEqual(['admitted', 2, 3]);
  });
});
