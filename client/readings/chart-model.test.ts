import { describe, expect, test } from 'vitest';
import type { HistorySeries, Indicator, RuleSummary } from '../../server/contract/index.ts';
import { chartModel } from './chart-model.ts';
import { chartOption, MARGIN, timeAt, xOf, yOf } from './chart-option.ts';
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

function model(rows: Row[], more: { history?: Partial<HistorySeries>; indicator?: Partial<Indicator> } = {}) {
  const history = { bucketMs: null, gapMs: 2 * HOUR, ...more.history } as HistorySeries;
  return chartModel({
    history,
    rows,
    indicator: { ...indicator, ...more.indicator },
    rules,
    places: ['a'],
    zone: 'UTC',
    now: NOW,
    spanMs: 24 * HOUR,
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
    expect(model([aRow(NOW - 10 * HOUR, 1)]).gaps).toEqual([{ from: NOW - 10 * HOUR, to: NOW }]);
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
