/** Answers about the past: picks the stored form, fetches it for all series at once, shapes it into columns. */
import type { HistorySeries, Indicator, Series } from '../contract/index.ts';
import { isBad, VERDICT_BAD } from './quality.ts';
import { chooseResolution, gapMs, HOUR_MS } from './resolution.ts';
import type { RawColumns, RollupRow } from './store.ts';

export interface HistoryQuery {
  from: number;
  to: number;
  /** How many points a series may have before a coarser form is taken. */
  points: number;
}

export interface HistoryPorts {
  raw(query: { series: readonly number[]; from: number; to: number; limit: number }): Promise<RawColumns[]>;
  hourly(query: { series: readonly number[]; from: number; to: number }): Promise<RollupRow[]>;
}

export interface SeriesWithIndicator {
  series: Series;
  indicator: Indicator;
}

/** One answer for each series, in the order asked. A series that has more raw readings than `points` falls back to its rollup by itself. */
export async function readHistory(ports: HistoryPorts, wanted: readonly SeriesWithIndicator[], query: HistoryQuery): Promise<HistorySeries[]> {
  const wantsRaw = wanted.filter(({ indicator }) => chooseResolution(query, indicator.intervalMs, query.points) === 'raw');
  const raw = wantsRaw.length === 0 ? [] : await ports.raw({ series: wantsRaw.map(({ series }) => series.id), from: query.from, to: query.to, limit: query.points });
  const answers = new Map<number, HistorySeries>();
  const byId = new Map(wanted.map((one) => [one.series.id as number, one]));
  for (const columns of raw) {
    const one = byId.get(columns.series_id);
    if (one !== undefined && columns.t.length <= query.points) answers.set(columns.series_id, fromRaw(one, columns));
  }
  const rest = wanted.filter(({ series }) => !answers.has(series.id));
  if (rest.length > 0) {
    const rows = await ports.hourly({ series: rest.map(({ series }) => series.id), from: Math.floor(query.from / HOUR_MS) * HOUR_MS, to: query.to });
    for (const one of rest) answers.set(one.series.id, emptyAnswer(one, '1h'));
    for (const row of rows) pushRollup(answers.get(row.series_id), row);
  }
  return wanted.flatMap(({ series }) => answers.get(series.id) ?? []);
}

function emptyAnswer({ series, indicator }: SeriesWithIndicator, resolution: 'raw' | '1h'): HistorySeries {
  return {
    series: series.id,
    indicator: series.indicator,
    place: series.place,
    facet: series.facet,
    simulated: series.simulated,
    resolution,
    bucketMs: resolution === 'raw' ? null : HOUR_MS,
    gapMs: gapMs(resolution, indicator.intervalMs, indicator.staleAfterMs),
    t: [],
    min: [],
    max: [],
    mean: [],
    sum: [],
    count: [],
    last: [],
    badCount: [],
    suspectCount: [],
  };
}

function fromRaw(one: SeriesWithIndicator, columns: RawColumns): HistorySeries {
  const answer = emptyAnswer(one, 'raw');
  const values = columns.value.map((value, i) => (isBad(columns.quality[i] as number) ? null : value));
  return {
    ...answer,
    t: columns.t,
    min: values,
    max: values,
    mean: values,
    last: values,
    sum: values.map((value) => value ?? 0),
    count: values.map((value) => (value === null ? 0 : 1)),
    badCount: values.map((value) => (value === null ? 1 : 0)),
    suspectCount: columns.quality.map((quality) => ((quality & 3) === VERDICT_BAD - 1 ? 1 : 0)),
  };
}

function pushRollup(answer: HistorySeries | undefined, row: RollupRow): void {
  if (answer === undefined) return;
  answer.t.push(row.bucket);
  answer.min.push(row.min);
  answer.max.push(row.max);
  answer.mean.push(row.count === 0 ? null : row.sum / row.count);
  answer.sum.push(row.sum);
  answer.count.push(row.count);
  answer.last.push(row.last);
  answer.badCount.push(row.bad_count);
  answer.suspectCount.push(row.suspect_count);
}
