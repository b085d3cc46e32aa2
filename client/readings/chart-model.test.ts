import { describe, expect, test } from 'vitest';
import type { HistorySeries, Indicator, RuleSummary } from '../../server/contract/index.ts';
import { chartModel } from './chart-model.ts';
import { chartOption, MARGIN, timeAt, xOf, yOf } from './chart-option.ts';
import { rangeOf } from './chart-window.ts';
import type { Row } from './series-rows.ts';

const HOUR = 3_600_000;
const NOW = 1000 * HOUR;
const indicator = { id: 'depth', unit: 'cm', kind: 'gauge', mapStyle: 'column', decimals: 1, intervalMs: 60_000 } as Indicator;
const rules = [
  {
    id: 'flood',
    kind: 'threshold',
    active: true,
    indicator: 'depth',
    direction: 'above',
    places: null,
    placeLimits: {},
    limits: [5, 10, 20, 35].map((value, i) => ({ level: (['blue', 'yellow', 'orange', 'red'] as const)[i], value, deadband: 1 })),
  },
] as RuleSummary[];
const aRow = (t: number, mean: number | null, more: Partial<Row> = {}): Row => ({
  t,
  mean,
  min: mean,
  max: mean,
  last: mean,
  count: 1,
  bad: mean === null ? 1 : 0,
  suspect: 0,
  ...more,
});

function model(rows: Row[], more: { history?: Partial<HistorySeries>; indicator?: Partial<Indicator>; from?: number; to?: number } = {}) {
  const history = { bucketMs: null, gapMs: 2 * HOUR, ...more.history } as HistorySeries;
  return chartModel({
    history,
    rows,
    indicator: { ...indicator, ...more.indicator },
    rules,
    places: ['a'],
    zone: 'UTC',
    now: NOW,
    range: { ...rangeOf({ kind: 'last', span: '24h' }, NOW), ...(more.from === undefined ? {} : { from: more.from }), ...(more.to === undefined ? {} : { to: more.to }) },
    size: { width: 800, height: 300 },
  });
}

describe('the chart’s picture', () => {
  test('an instant and its pixel are each other’s way back, and the values’ axis grows upwards', () => {
    const { frame } = model([aRow(NOW - HOUR, 12)]);
    expect(timeAt(xOf(NOW - 3 * HOUR, frame), frame)).toBeCloseTo(NOW - 3 * HOUR, -2);
    expect(xOf(frame.from, frame)).toBe(MARGIN.left);
    expect(yOf(frame.scale.max, frame)).toBe(MARGIN.top);
    expect(yOf(10, frame)).toBeLessThan(yOf(5, frame));
  });

  test('what lies before the window is left out, and does not stretch the axis', () => {
    const { rows, summary } = model([aRow(NOW - 40 * HOUR, 900), aRow(NOW - HOUR, 12)]);
    expect(rows).toHaveLength(1);
    expect(summary?.max).toBe(12);
  });

  test('the peak inside a bucket is in the picture, not only its mean', () => {
    const { frame } = model([aRow(NOW - HOUR, 12, { max: 77 })], { history: { bucketMs: HOUR } });
    expect(frame.scale.max).toBeGreaterThanOrEqual(77);
  });

  test('labels of limits outside stand at the top, the highest first', () => {
    const labels = model([aRow(NOW - HOUR, 0)]).labels.filter((label) => label.outside === 'above');
    const byHeight = [...labels].sort((a, b) => (a.y ?? 0) - (b.y ?? 0)).map((label) => label.limit.value);
    expect(byHeight).toEqual([35, 20]);
  });

  test('a series that ended long ago has an open gap up to now', () => {
    expect(model([aRow(NOW - 10 * HOUR, 1)], { from: NOW - 10 * HOUR }).gaps).toEqual([{ from: NOW - 10 * HOUR, to: NOW }]);
  });

  test('history that begins inside the picture has a gap before it: nothing is known of that time', () => {
    expect(model([aRow(NOW - 3 * HOUR, 1), aRow(NOW - HOUR, 2)], { from: NOW - 24 * HOUR }).gaps).toEqual([{ from: NOW - 24 * HOUR, to: NOW - 3 * HOUR }]);
  });

  test('a picture of the past ends where it ends: what is open in it is open to there, not to now', () => {
    const past = model([aRow(NOW - 30 * HOUR, 1)], { from: NOW - 31 * HOUR, to: NOW - 20 * HOUR });
    expect(past.gaps).toEqual([{ from: NOW - 30 * HOUR, to: NOW - 20 * HOUR }]);
    expect([past.frame.from, past.frame.to]).toEqual([NOW - 31 * HOUR, NOW - 20 * HOUR]);
  });

  test('a gap inside the picture is a gap, and the line breaks there', () => {
    const { gaps, line } = model([aRow(NOW - 9 * HOUR, 1), aRow(NOW - 8 * HOUR, 2), aRow(NOW - 3 * HOUR, 3), aRow(NOW - HOUR, 4)], { from: NOW - 9 * HOUR });
    expect(gaps).toEqual([{ from: NOW - 8 * HOUR, to: NOW - 3 * HOUR }]);
    expect(line.map((row) => row.mean)).toEqual([1, 2, null, 3, 4]);
  });

  test('a gap of rollups runs from the middle of one bucket to that of the next, where the line ends and starts', () => {
    const { gaps, line, shiftMs } = model([aRow(NOW - 9 * HOUR, 1), aRow(NOW - 3 * HOUR, 3), aRow(NOW - HOUR, 4)], { from: NOW - 9 * HOUR, history: { bucketMs: HOUR } });
    expect(shiftMs).toBe(HOUR / 2);
    expect(gaps).toEqual([{ from: NOW - 8.5 * HOUR, to: NOW - 2.5 * HOUR }]);
    expect([line[0]?.t, line[2]?.t]).toEqual([gaps[0]?.from, gaps[0]?.to]);
  });

  test('a gap of counts begins at the end of the last counted interval', () => {
    const built = model([aRow(NOW - 9 * HOUR, 1), aRow(NOW - 3 * HOUR, 3), aRow(NOW - HOUR, 4)], { from: NOW - 9 * HOUR, indicator: { kind: 'interval_count', intervalMs: HOUR } });
    expect(built.gaps).toEqual([{ from: NOW - 8 * HOUR, to: NOW - 3 * HOUR }]);
    expect([built.isStepped, built.shiftMs]).toEqual([true, 0]);
  });

  test('only rollups have an envelope, and it keeps both extremes', () => {
    const rows = [aRow(NOW - 2 * HOUR, 12, { min: 3, max: 40 })];
    const rollup = model(rows, { history: { bucketMs: HOUR } });
    expect([rollup.hasEnvelope, model(rows).hasEnvelope]).toEqual([true, false]);
    expect(rollup.line[0]).toEqual({ t: NOW - 1.5 * HOUR, mean: 12, min: 3, max: 40 });
  });

  test('a bucket that began before the window and reaches into it is kept', () => {
    expect(model([aRow(NOW - 24.5 * HOUR, 7)], { history: { bucketMs: HOUR } }).rows).toHaveLength(1);
    expect(model([aRow(NOW - 24.5 * HOUR, 7)]).rows).toHaveLength(0);
  });

  test('suspect readings are marked and drawn, bad ones marked and counted, never drawn', () => {
    const built = model([aRow(NOW - 3 * HOUR, 12, { suspect: 1 }), aRow(NOW - 2 * HOUR, null), aRow(NOW - HOUR, 14)]);
    expect(built.suspect.map((row) => row.t)).toEqual([NOW - 3 * HOUR]);
    expect(built.bad.map((row) => row.t)).toEqual([NOW - 2 * HOUR]);
    expect(built.line.map((row) => row.mean)).toEqual([12, null, 14]);
    expect(built.summary).toMatchObject({ min: 12, max: 14, last: 14, bad: 1, suspect: 1 });
  });

  test('a bucket of which only a part is bad is drawn and marked', () => {
    const built = model([aRow(NOW - 2 * HOUR, 12, { count: 3, bad: 2 })], { history: { bucketMs: HOUR } });
    expect([built.bad.length, built.line[0]?.mean]).toEqual([1, 12]);
  });

  test('readings alone between gaps are dots; steps need none, they have a width', () => {
    const rows = [aRow(NOW - 9 * HOUR, 1), aRow(NOW - HOUR, 4)];
    expect(model(rows).lonely.map((row) => row.t)).toEqual([NOW - 9 * HOUR, NOW - HOUR]);
    const stepped = model(rows, { indicator: { kind: 'interval_count', intervalMs: HOUR } });
    expect(stepped.lonely).toEqual([]);
    expect(stepped.line.filter((row) => row.mean === 1).map((row) => row.t)).toEqual([NOW - 9 * HOUR, NOW - 8 * HOUR]);
  });

  test('each limit has one label, inside the picture or named at its edge', () => {
    const { labels, limits } = model([aRow(NOW - HOUR, 0)]);
    expect(labels.map((label) => [label.limit.value, label.outside])).toEqual([
      [5, null],
      [10, null],
      [35, 'above'],
      [20, 'above'],
    ]);
    expect(limits.map((limit) => limit.value)).toEqual([5, 10]);
  });

  test('the axis writes as many decimals as its ticks need', () => {
    const temperature = { unit: 'celsius', mapStyle: 'dot', id: 'temperature' } as Partial<Indicator>;
    expect(model([aRow(NOW - HOUR, 20.1), aRow(NOW - 2 * HOUR, 20.6)], { indicator: temperature }).axisDecimals).toBe(1);
    expect(model([aRow(NOW - HOUR, 5), aRow(NOW - 2 * HOUR, 90)], { indicator: temperature }).axisDecimals).toBe(0);
  });

  test('the newest value is written inside the picture, above a falling line', () => {
    const { newestTop, frame } = model([aRow(NOW - 1.2 * HOUR, 60), aRow(NOW - 0.2 * HOUR, 50)]);
    expect(newestTop).toBeGreaterThanOrEqual(0);
    expect(newestTop).toBeLessThan(yOf(60, frame));
  });

  test('without readings there is a frame and no figure', () => {
    const empty = model([]);
    expect(empty.summary).toBeNull();
    expect(empty.newestTop).toBeNull();
    expect(empty.frame.scale.max).toBeGreaterThan(empty.frame.scale.min);
  });

  test('counts of intervals are steps, rollups have an envelope, limits are dashed lines', () => {
    const seriesOf = (built: ReturnType<typeof model>) => {
      const colours = { level: {} } as Parameters<typeof chartOption>[0]['colours'];
      return chartOption({ ...built, colours, formatTick: String, formatValue: String })['series'] as { id: string; step?: string | false; lineStyle?: { type?: number[] } }[];
    };
    const stepped = seriesOf(model([aRow(NOW - HOUR, 3)], { indicator: { kind: 'interval_count' } }));
    expect(stepped.find((one) => one.id === 'mean')?.step).toBe('end');
    expect(stepped.some((one) => one.id === 'span')).toBe(false);
    const rollup = seriesOf(model([aRow(NOW - HOUR, 30)], { history: { bucketMs: HOUR } }));
    expect(rollup.some((one) => one.id === 'span')).toBe(true);
    expect(rollup.filter((one) => one.id.startsWith('limit')).map((one) => one.lineStyle?.type)).toEqual(new Array(4).fill([5, 4]));
  });
});
