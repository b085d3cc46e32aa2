import { describe, expect, it } from 'vitest';
import { type Source, sourceSchema } from '../catalogue/source-schema.ts';
import { MAX_PAYLOAD_BYTES, originalOf, readMqttMessage } from './mqtt-payload.ts';
import type { Piece } from './piece.ts';

const receivedAt = Date.UTC(2026, 0, 31, 0, 0, 0);
const source = (...topics: unknown[]): Source =>
  sourceSchema.parse({
    id: 'broker',
    name: { zh: '源', en: 'Source' },
    kind: 'mqtt',
    url: 'mqtt://broker',
    lineProtocol: { measurements: { depth: 'flood_depth' }, placeTag: 'site' },
    topics,
  });
const read = (from: Source, topic: string, payload: string | Uint8Array, retained = false): Promise<Piece> =>
  readMqttMessage(from, originalOf(topic, typeof payload === 'string' ? new TextEncoder().encode(payload) : payload, retained), { receivedAt, timeZone: 'Asia/Shanghai' });
const refusalOf = async (piece: Promise<Piece>): Promise<unknown> => {
  const { readings, refusals } = await piece;
  expect(readings).toEqual([]);
  return refusals;
};

describe('a plain number', () => {
  const pumps = source(
    { topic: 'pumps/+/power', payload: 'number', indicator: 'pump_power', placeLevel: 2, places: { P1: 'pump_house' } },
    { topic: 'calls/noise', payload: 'number', indicator: 'hotline_calls', place: 'city', facet: 'noise' },
    { topic: 'any/#', payload: 'number', indicator: 'pump_power', placeLevel: 3 },
  );

  it.each([
    ['12.5', 12.5],
    [' -3\r\n', -3],
    ['+.5', 0.5],
    ['1e3', 1000],
    ['7.', 7],
    ['\uFEFF4', 4],
  ])('%j is read, with its arrival as its time and a level of the topic as its place', async (text, value) => {
    expect(await read(pumps, 'pumps/p7/power', text)).toMatchObject({ readings: [{ indicator: 'pump_power', place: 'p7', observedAt: receivedAt, value }], refusals: [] });
  });

  it('has its place from the table where the topic says another name, or a fixed one', async () => {
    expect((await read(pumps, 'pumps/P1/power', '1')).readings).toEqual([{ indicator: 'pump_power', place: 'pump_house', observedAt: receivedAt, value: 1 }]);
    expect((await read(pumps, 'calls/noise', '1')).readings).toEqual([{ indicator: 'hotline_calls', place: 'city', facet: 'noise', observedAt: receivedAt, value: 1 }]);
    expect((await read(pumps, 'pumps/toString/power', '1')).readings).toMatchObject([{ place: 'toString' }]);
  });

  it.each(['', ' ', 'NaN', 'Infinity', '1,5', '0x10', '1 2', 'on', '{"v":1}', '１'])('%j is none', async (text) => {
    expect(await refusalOf(read(pumps, 'pumps/p7/power', text))).toMatchObject([{ code: 'not_a_number', path: 'payload' }]);
  });

  it('must be finite, and its topic must have the level', async () => {
    expect(await refusalOf(read(pumps, 'pumps/p7/power', '1e999'))).toMatchObject([{ code: 'not_finite' }]);
    expect(await refusalOf(read(pumps, 'any/x', '1'))).toMatchObject([{ code: 'missing_field', path: 'place' }]);
  });
});

describe('line protocol', () => {
  const lines = source({ topic: 'lines', payload: 'line', precision: 's' });

  it('is mapped by the source; one bad line does not cost the others', async () => {
    const piece = await read(lines, 'lines', 'depth,site=quay_1 value=1,min=0.5 1769817600\ndepth value=2\nbad\nother,site=a value=3');
    expect(piece.readings).toMatchObject([
      { indicator: 'flood_depth', place: 'quay_1', observedAt: 1_769_817_600_000, value: 1 },
      { indicator: 'depth_min', place: 'quay_1', observedAt: 1_769_817_600_000, value: 0.5 },
      { indicator: 'other', place: 'a', observedAt: receivedAt, value: 3 },
    ]);
    expect(piece.refusals).toMatchObject([
      { code: 'missing_field', path: 'line 2' },
      { code: 'malformed_line', path: 'line 3' },
    ]);
  });
});

describe('JSON', () => {
  const reading = { indicator: 'flood_depth', place: 'a', observedAt: '2026-01-31T08:00:00+08:00', value: 1 };
  const plain = source({ topic: 'plain', payload: 'json' });
  const mapped = (mapping: string): Source => source({ topic: 'a/+/c', payload: 'json', mapping });

  it.each([
    ['one reading', reading, [reading]],
    ['a list', [reading, 7], [reading, 7]],
    ['an object with a list', { readings: [reading] }, [reading]],
  ])('is taken as %s of our own shape', async (_name, payload, readings) => {
    expect(await read(plain, 'plain', JSON.stringify(payload))).toMatchObject({ readings, refusals: [] });
  });

  it.each([
    ['{', 'malformed_json', 'payload'],
    ['', 'malformed_json', 'payload'],
    ['12', 'wrong_type', 'payload'],
    ['null', 'wrong_type', 'payload'],
    ['{"readings": {}}', 'wrong_type', 'readings'],
  ])('%j is refused', async (text, code, path) => {
    expect(await refusalOf(read(plain, 'plain', text))).toMatchObject([{ code, path }]);
  });

  it('is mapped by an expression that knows the topic, the arrival and the zone of the city', async () => {
    const mapping = `values.{
      "indicator": $topic[0] & "_" & $topic[2], "place": $topicText, "value": $number(v),
      "observedAt": at ? $localTime(at, "dd.MM.yyyy HH:mm") : $receivedAt, "arrival": $millis() }`;
    const piece = await read(mapped(mapping), 'a/b/c', '{"values": [{"v": "1.5", "at": "31.01.2026 08:00"}, {"v": 2}]}');
    expect(piece.refusals).toEqual([]);
    expect(piece.readings).toEqual([
      { indicator: 'a_c', place: 'a/b/c', value: 1.5, observedAt: Date.UTC(2026, 0, 31, 0), arrival: receivedAt },
      { indicator: 'a_c', place: 'a/b/c', value: 2, observedAt: receivedAt, arrival: receivedAt },
    ]);
  });

  it.each([
    ['2026-01-31 08:00:00', Date.UTC(2026, 0, 31, 0)],
    ['2026-01-31T08:00:00', Date.UTC(2026, 0, 31, 0)],
    ['2026-01-31T08:00:00+09:00', Date.UTC(2026, 0, 30, 23)],
    ['2026年1月31日 8时', Date.UTC(2026, 0, 31, 0)],
    ['2026-01-30 24:00', Date.UTC(2026, 0, 30, 16)],
  ])('$localTime reads %s without a format', async (text, at) => {
    expect((await read(mapped('{"observedAt": $localTime(at)}'), 'a/b/c', JSON.stringify({ at: text }))).readings).toEqual([{ observedAt: at }]);
  });

  it('what the mapping makes is one reading, a list, or (on purpose) nothing', async () => {
    expect((await read(mapped('{"value": v}'), 'a/b/c', '{"v": 1}')).readings).toEqual([{ value: 1 }]);
    expect(await read(mapped('ok ? {"value": v} : []'), 'a/b/c', '{"v": 1, "ok": false}')).toMatchObject({ readings: [], refusals: [] });
    expect(await refusalOf(read(mapped('valeus.{"value": v}'), 'a/b/c', '{"values": [{"v": 1}]}'))).toMatchObject([{ code: 'missing_field', path: 'mapping' }]);
    expect(await refusalOf(read(mapped('v'), 'a/b/c', '{"v": 1}'))).toMatchObject([{ code: 'wrong_type', path: 'mapping' }]);
    expect((await read(mapped('$.{"value": v}'), 'a/b/c', '[{"v": 1}, {"v": 2}]')).readings).toEqual([{ value: 1 }, { value: 2 }]);
  });

  it('a mapping that fails costs its message and says why', async () => {
    expect(await refusalOf(read(mapped('{"value": $number(v)}'), 'a/b/c', '{"v": "x"}'))).toMatchObject([
      { code: 'wrong_type', path: 'mapping', message: expect.stringContaining('D3030') },
    ]);
    expect(await refusalOf(read(mapped('{"observedAt": $localTime(v)}'), 'a/b/c', '{"v": "soon"}'))).toMatchObject([{ code: 'invalid_time', path: 'observedAt' }]);
  });

  it.each([
    ['calls itself for ever', '( $f := function($n){ $f($n + 1) + 1 }; {"value": $f(0)} )'],
    ['loops for ever', '( $f := function($n){ $f($n + 1) }; {"value": $f(0)} )'],
    ['makes too much', '[1..9999999].{"value": $}'],
    ['searches for ever', '{"value": $contains(text, /^(a+)+$/)}'],
  ])('a mapping that %s costs its message and a second at most', async (_name, mapping) => {
    const startedAt = performance.now();
    expect(await refusalOf(read(mapped(mapping), 'a/b/c', JSON.stringify({ text: `${'a'.repeat(60)}!` })))).toMatchObject([{ code: 'wrong_type', path: 'mapping' }]);
    expect(performance.now() - startedAt).toBeLessThan(8000);
    expect((await read(mapped('{"value": $contains(text, /^a+!$/) ? 1 : 0}'), 'a/b/c', JSON.stringify({ text: `${'a'.repeat(60)}!` }))).readings).toEqual([{ value: 1 }]);
  });
});

describe('a retained message', () => {
  const kept = source(
    { topic: 'number', payload: 'number', indicator: 'i', place: 'p' },
    { topic: 'line', payload: 'line' },
    { topic: 'json', payload: 'json', mapping: '{"value": v, "observedAt": at ? at : $receivedAt}' },
  );

  it.each([
    ['number', '1'],
    ['line', 'depth,site=a value=1'],
    ['json', '{"v": 1}'],
  ])('without a time of its own makes no reading and is not refused: %s', async (topic, payload) => {
    expect(await read(kept, topic, payload, true)).toMatchObject({ readings: [], refusals: [] });
    expect((await read(kept, topic, payload)).readings).toHaveLength(1);
  });

  it('is read where it tells its time, and refused where it cannot be read', async () => {
    expect((await read(kept, 'line', 'depth,site=a value=1 1769817600000000000', true)).readings).toMatchObject([{ observedAt: 1_769_817_600_000 }]);
    expect((await read(kept, 'json', '{"v": 1, "at": 1769817600000}', true)).readings).toEqual([{ value: 1, observedAt: 1_769_817_600_000 }]);
    expect(await refusalOf(read(kept, 'number', 'x', true))).toMatchObject([{ code: 'not_a_number' }]);
  });
});

describe('any message', () => {
  it('is read by the first entry whose topic takes it, and refused when none does', async () => {
    const two = source({ topic: 'a/+', payload: 'number', indicator: 'first', place: 'p' }, { topic: '$share/g/a/#', payload: 'number', indicator: 'second', place: 'p' });
    expect((await read(two, 'a/b', '1')).readings).toMatchObject([{ indicator: 'first' }]);
    expect((await read(two, 'a/b/c', '1')).readings).toMatchObject([{ indicator: 'second' }]);
    expect(await refusalOf(read(two, 'b', '1'))).toMatchObject([{ code: 'source_mismatch', path: 'topic' }]);
  });

  it('that is no text is kept as base64; one that is too large is refused', async () => {
    const plain = source({ topic: '#', payload: 'json' });
    const piece = await read(plain, 'a', new Uint8Array([0xff, 0xfe, 0]));
    expect(piece).toMatchObject({ refusals: [{ code: 'unsupported_encoding' }], original: { text: '//4A', detail: { topic: 'a', encoding: 'base64' } } });
    expect(await refusalOf(read(plain, 'a', ' '.repeat(MAX_PAYLOAD_BYTES + 1)))).toMatchObject([{ code: 'body_too_large' }]);
  });

  it('is refused when its source is of another kind now', async () => {
    const push = sourceSchema.parse({ id: 'broker', name: { zh: '源', en: 'Source' }, kind: 'push' });
    expect(await refusalOf(read(push, 'a', '1'))).toMatchObject([{ code: 'source_mismatch' }]);
  });
});
