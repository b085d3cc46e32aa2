import { describe, expect, it } from 'vitest';
import type { RollupInput } from '../contract/index.ts';
import { judgeRows, widthOf } from './imports.ts';
import { createZone } from './zone.ts';

const NOW = Date.parse('2026-03-10T12:00:00+08:00');
const HOUR = 3_600_000;
const context = { widthMs: HOUR, zone: createZone('Asia/Shanghai'), now: NOW, earliest: Date.UTC(1990, 0, 1) };
const anInput = (part: Partial<RollupInput>): RollupInput => ({
  indicator: 'a',
  place: 'b',
  resolution: '1h',
  t: [NOW - 2 * HOUR],
  count: [2],
  sum: [3],
  min: [1],
  max: [2],
  ...part,
});

it('takes a row that agrees with itself; without a last value the mean stands for it', () => {
  expect(judgeRows(anInput({}), context)).toEqual({
    rows: { row: [0], t: [NOW - 2 * HOUR], count: [2], sum: [3], min: [1], max: [2], last: [1.5], bad: [0], suspect: [0] },
    refusals: [],
  });
});

it('takes a bucket in which nothing good was measured', () => {
  const { rows, refusals } = judgeRows(anInput({ count: [0], sum: [0], min: [null], max: [null], badCount: [4] }), context);
  expect(refusals).toEqual([]);
  expect(rows).toMatchObject({ count: [0], bad: [4], min: [Number.NaN] });
});

describe('refuses by code', () => {
  it.each<[string, Partial<RollupInput>, string, string]>([
    ['a bucket that is not over', { t: [NOW] }, 'too_recent', 't'],
    ['a start inside an hour', { t: [NOW - 2 * HOUR + 60_000] }, 'invalid_time', 't'],
    ['seconds for milliseconds', { t: [NOW / 1000] }, 'time_too_early', 't'],
    ['a day that begins at UTC midnight', { resolution: '1d', t: [Date.UTC(2026, 2, 8)] }, 'invalid_time', 't'],
    ['a broken count', { count: [1.5] }, 'wrong_type', 'count'],
    ['a least value above the greatest', { min: [5] }, 'invalid_request', 'min'],
    ['a mean outside least and greatest', { sum: [30] }, 'invalid_request', 'sum'],
    ['a last value outside', { last: [9] }, 'invalid_request', 'last'],
    ['a missing least value', { min: [null] }, 'not_finite', 'min'],
    ['more suspect readings than readings', { suspectCount: [3] }, 'wrong_type', 'suspectCount'],
  ])('%s', (_name, part, code, path) => {
    const { rows, refusals } = judgeRows(anInput(part), context);
    expect(rows.t).toEqual([]);
    expect(refusals).toMatchObject([{ row: 0, code, path }]);
  });

  it('the second of two rows for one bucket, and keeps the first', () => {
    const t = NOW - 2 * HOUR;
    const { rows, refusals } = judgeRows(anInput({ t: [t, t], count: [2, 2], sum: [3, 3], min: [1, 1], max: [2, 2] }), context);
    expect(rows.row).toEqual([0]);
    expect(refusals).toMatchObject([{ row: 1, code: 'conflict' }]);
  });
});

it('puts rows into order of time, and still finds one that came before', () => {
  const at = (hours: number): number => NOW - hours * HOUR;
  const { rows, refusals } = judgeRows(anInput({ t: [at(3), at(5), at(4), at(5)], count: [1, 1, 1, 1], sum: [3, 5, 4, 5], min: [3, 5, 4, 5], max: [3, 5, 4, 5] }), context);
  expect(rows).toMatchObject({ row: [1, 2, 0], t: [at(5), at(4), at(3)], sum: [5, 4, 3], last: [5, 4, 3] });
  expect(refusals).toMatchObject([{ row: 3, code: 'conflict' }]);
});

it('a width parts the next coarser bucket evenly', () => {
  expect(widthOf(anInput({ resolution: '1m', widthMs: 900_000 }))).toBe(900_000);
  expect(widthOf(anInput({ resolution: '1m', widthMs: 7 * 60_000 }))).toMatchObject({ code: 'invalid_request', path: 'widthMs' });
  expect(widthOf(anInput({ resolution: '1h', widthMs: 6 * HOUR }))).toBe(6 * HOUR);
  expect(widthOf(anInput({ resolution: '1d', widthMs: HOUR }))).toMatchObject({ code: 'invalid_request' });
});
