/**
 * Answers about the past. For each series: which stored form can answer, at which width; then that form's rows, with the hours whose
 * rollup is behind made from readings, and with what was imported; then the marks of what was revised. Several series share each
 * question to the store, a few at a time, so that an answer can be sent while the next is read.
 */
import type { HistorySeries, Indicator, Resolution, Series } from '../contract/index.ts';
import { type Buckets, emptyBuckets, gather } from './buckets.ts';
import { type Fold, foldBuckets } from './fold.ts';
import { toAnswer } from './history-answer.ts';
import { mergeToHours } from './ranges.ts';
import { type BucketGrid, bucketGrid, DAY_MS, gapMs, type HistoryPlan, HOUR_MS, isCoarser, keepsMinutes, MINUTE_MS, planBuckets, planHistory, QUARTER_MS } from './resolution.ts';
import type { BucketColumns, Circumstances, Range, RawColumns, RollupRelation, SeriesRange } from './store-history.ts';
import type { Zone } from './zone.ts';

/** The questions of `store-history.ts`, bound to the store. */
export interface HistoryStore {
  raw(query: SeriesRange & { limit: number | null; withPreserved: boolean }): Promise<RawColumns[]>;
  rollup(relation: RollupRelation, query: SeriesRange): Promise<BucketColumns[]>;
  dirtyHours(query: SeriesRange): Promise<{ series_id: number; t: Float64Array }[]>;
  fromReadings(buckets: readonly (Range & { series: number })[], signal?: AbortSignal): Promise<BucketColumns[]>;
  imported(resolution: number, query: SeriesRange): Promise<(BucketColumns & { width_s: Float64Array })[]>;
  circumstances(query: SeriesRange & { lateFrom: number }): Promise<Circumstances[]>;
}

export interface HistoryPorts {
  store: HistoryStore;
  zone: Zone;
  /** The finest form in which readings of this indicator from `from` on are still there. */
  finestKept(indicator: Indicator, from: number): Resolution;
  /** Series that were found to have imports; the reader learns them here. Forgetting costs one question more. */
  withImports?: Set<number>;
}

export interface HistoryQuery {
  from: number;
  to: number;
  points: number;
  signal?: AbortSignal | undefined;
}

/** One line of the answer: a stored series, or a fold of those inside a place. */
export type Wanted =
  | { kind: 'series'; series: Series; indicator: Indicator }
  | { kind: 'fold'; place: string; facet: string | null; fold: Fold; coverage: number; parts: readonly Series[]; total: number; indicator: Indicator };

/** Series asked for together: the first of many lines leaves while the others are read. */
const TOGETHER = 10;

/** One answer for each line, in the order asked. A series that has more readings than `points` falls back to buckets by itself. */
export async function* readHistory(ports: HistoryPorts, wanted: readonly Wanted[], query: HistoryQuery): AsyncGenerator<HistorySeries> {
  let waiting: Extract<Wanted, { kind: 'series' }>[] = [];
  for (const one of wanted) {
    if (one.kind === 'series') {
      waiting.push(one);
      if (waiting.length < TOGETHER) continue;
    }
    yield* await readSeries(ports, waiting, query);
    waiting = [];
    if (one.kind === 'fold') yield await readFold(ports, one, query);
  }
  yield* await readSeries(ports, waiting, query);
}

type One = Extract<Wanted, { kind: 'series' }>;

async function readSeries(ports: HistoryPorts, wanted: readonly One[], query: HistoryQuery): Promise<HistorySeries[]> {
  if (wanted.length === 0) return [];
  const series = wanted.map(({ series }) => series.id);
  // Most series have no imports: they are read at once, while it is asked whether that was right.
  const mayHave = series.some((id) => ports.withImports?.has(id));
  const asked = circumstancesBySeries(ports, series, query);
  const [about, guess] = await Promise.all([asked, mayHave ? null : readColumns(ports, { wanted, about: new Map() }, query)]);
  for (const one of about.values()) if (one.has_imports) ports.withImports?.add(one.series_id);
  const isRight = guess !== null && series.every((id) => about.get(id)?.has_imports !== true);
  const columns = isRight ? guess : await readColumns(ports, { wanted, about }, query);
  return wanted.flatMap(({ series: one, indicator }) => {
    const read = columns.get(one.id);
    if (read === undefined) return [];
    const grid = read.shape.bucketMs === null ? null : bucketGrid(read.shape.bucketMs, ports.zone);
    const { t } = 'raw' in read.content ? read.content.raw : read.content.columns;
    return toAnswer({ ...one, series: one.id }, read.shape, { ...read.content, revised: revisedOf(t, { grid, about: about.get(one.id), indicator }) });
  });
}

interface Read {
  shape: HistoryPlan & { gapMs: number };
  content: { raw: RawColumns } | { columns: Buckets };
}

/** What is stored of each series, in the form and width that its circumstances allow. */
async function readColumns(ports: HistoryPorts, of: { wanted: readonly One[]; about: About }, query: HistoryQuery): Promise<Map<number, Read>> {
  const { wanted, about } = of;
  const finest = new Map(wanted.map(({ series, indicator }) => [series.id as number, finestForm(ports, { about: about.get(series.id), indicator }, query)]));
  const reads = await readRaw(ports, { wanted, finest, query });
  const groups = new Map<string, { plan: HistoryPlan & { bucketMs: number }; indicator: Indicator; members: One[] }>();
  for (const one of wanted) {
    if (reads.has(one.series.id)) continue;
    const form = finest.get(one.series.id) ?? 'raw';
    // What was too long to be shown as readings comes in minutes at the finest.
    const plan = withBuckets(planBuckets(query, one.indicator.intervalMs, form === 'raw' ? '1m' : form));
    const key = `${one.indicator.id} ${plan.bucketMs}`;
    const group = groups.get(key) ?? { plan, indicator: one.indicator, members: [] };
    groups.set(key, group);
    group.members.push(one);
  }
  for (const { plan, indicator, members } of groups.values()) {
    const buckets = await readBuckets(ports, { plan, series: members.map(({ series }) => series.id), indicator, about }, query);
    for (const { series } of members) {
      const { columns, stepMs } = buckets.get(series.id) ?? { columns: emptyBuckets(), stepMs: 0 };
      const shape = { ...plan, gapMs: gapMs(plan.bucketMs, Math.max(indicator.intervalMs, stepMs), indicator.staleAfterMs) };
      reads.set(series.id, { shape, content: { columns } });
    }
  }
  return reads;
}

function withBuckets(plan: HistoryPlan): HistoryPlan & { bucketMs: number } {
  return { ...plan, bucketMs: plan.bucketMs ?? HOUR_MS };
}

const importedForms: readonly Resolution[] = ['raw', '1m', '1h', '1d'];

type About = ReadonlyMap<number, Circumstances>;

async function circumstancesBySeries({ store }: HistoryPorts, series: readonly number[], query: HistoryQuery): Promise<About> {
  // The widest bucket may begin this long before the range does.
  const rows = await store.circumstances({ ...query, series, lateFrom: query.from - 364 * DAY_MS });
  return new Map(rows.map((row) => [row.series_id, row]));
}

/** The finest form that has the whole range of a series: not finer than what is kept, nor than what was imported into it. */
function finestForm(ports: HistoryPorts, { about, indicator }: { about: Circumstances | undefined; indicator: Indicator }, query: HistoryQuery): Resolution {
  const kept = ports.finestKept(indicator, query.from);
  const sent = importedForms[about?.coarsest ?? 0] as Resolution;
  return isCoarser(sent, kept) ? sent : kept;
}

/** The series whose readings answer: few enough, with nothing coarser imported; of a range whose readings are mostly gone, preserved ones may be left. */
async function readRaw(ports: HistoryPorts, work: { wanted: readonly One[]; finest: ReadonlyMap<number, Resolution>; query: HistoryQuery }): Promise<Map<number, Read>> {
  const { wanted, finest, query } = work;
  const reads = new Map<number, Read>();
  const candidates = wanted.filter(({ series, indicator }) => {
    const form = finest.get(series.id);
    return (form === 'raw' || form === ports.finestKept(indicator, query.from)) && planHistory(query, indicator.intervalMs, 'raw').resolution === 'raw';
  });
  if (candidates.length === 0) return reads;
  const isOld = candidates.some(({ indicator }) => ports.finestKept(indicator, query.from) !== 'raw');
  const raw = await ports.store.raw({ ...query, series: candidates.map(({ series }) => series.id), limit: query.points, withPreserved: isOld });
  const byId = new Map(raw.map((columns) => [columns.series_id, columns]));
  for (const { series, indicator } of candidates) {
    const columns = byId.get(series.id);
    if (columns === undefined || columns.t.length > query.points) continue;
    if (finest.get(series.id) !== 'raw' && !reaches(columns.t, query, indicator)) continue;
    reads.set(series.id, { shape: { resolution: 'raw', bucketMs: null, gapMs: gapMs(null, indicator.intervalMs, indicator.staleAfterMs) }, content: { raw: columns } });
  }
  return reads;
}

/** Preserved readings answer only for a window that they fill from end to end. */
function reaches(t: Float64Array, { from, to }: HistoryQuery, { staleAfterMs }: Indicator): boolean {
  const first = t[0];
  const last = t.at(-1);
  return first !== undefined && last !== undefined && first - from <= 2 * staleAfterMs && to - last <= 2 * staleAfterMs;
}

/** Stored buckets and imports of each series in the plan's grid; `stepMs`: the widest step that an import had. */
async function readBuckets(
  ports: HistoryPorts,
  what: { plan: HistoryPlan & { bucketMs: number }; series: readonly number[]; indicator: Indicator; about: About },
  query: HistoryQuery,
): Promise<Map<number, { columns: Buckets; stepMs: number }>> {
  const { store, zone } = ports;
  const { plan, series } = what;
  const grid = bucketGrid(plan.bucketMs, zone);
  const range = { from: grid.start(query.from), to: query.to, series, signal: query.signal };
  const gatherings = new Map(series.map((id) => [id, { gathering: gather(grid), stepMs: 0 }]));
  const at = (id: number) => (gatherings.get(id) as { gathering: ReturnType<typeof gather> }).gathering;

  if (plan.resolution === '1m' && !keepsMinutes(what.indicator.intervalMs)) {
    const kept = await store.raw({ ...range, limit: null, withPreserved: ports.finestKept(what.indicator, range.from) !== 'raw' });
    for (const columns of kept) at(columns.series_id).readings(columns);
  } else {
    const dirty = await store.dirtyHours(range);
    await fill(ports, { plan, range, dirty, at });
  }
  const withImports = series.filter((id) => what.about.get(id)?.has_imports);
  const imports = withImports.length === 0 ? [] : await store.imported(importedForms.indexOf(plan.resolution), { ...range, series: withImports });
  for (const columns of imports) {
    at(columns.series_id).buckets(columns);
    const one = gatherings.get(columns.series_id);
    if (one !== undefined) one.stepMs = columns.width_s.reduce((most, width) => Math.max(most, width * 1000), 0);
  }
  return new Map([...gatherings].map(([id, { gathering, stepMs }]) => [id, { columns: gathering.finish(), stepMs }]));
}

/** The relation that a plan reads, and the grid of its rows. Quarters of a day answer for what is made of them. */
function relationOf({ resolution, bucketMs }: HistoryPlan & { bucketMs: number }, zone: Zone): { relation: RollupRelation; rows: BucketGrid } {
  if (resolution === '1m') return { relation: 'reading_1m', rows: bucketGrid(MINUTE_MS, zone) };
  if (resolution === '1d') return { relation: 'reading_1d', rows: bucketGrid(DAY_MS, zone) };
  const isQuarters = zone.hasWholeHours && bucketMs % QUARTER_MS === 0;
  return isQuarters ? { relation: 'reading_6h', rows: bucketGrid(QUARTER_MS, zone) } : { relation: 'reading_1h', rows: bucketGrid(HOUR_MS, zone) };
}

/** Rollup rows, and the dirty part of the range from readings. */
async function fill(
  { store, zone }: HistoryPorts,
  work: { plan: HistoryPlan & { bucketMs: number }; range: SeriesRange; dirty: readonly { series_id: number; t: Float64Array }[]; at(id: number): ReturnType<typeof gather> },
): Promise<void> {
  const { plan, range, dirty, at } = work;
  const { relation, rows } = relationOf(plan, zone);
  const behind = new Map<number, Set<number>>();
  if (plan.resolution === '1m') {
    // A dirty hour's minutes come from its readings; its stored minutes are left out one by one.
    for (const { series_id, t } of dirty) behind.set(series_id, new Set(Array.from(t).flatMap((hour) => Array.from({ length: 60 }, (_, minute) => hour + minute * MINUTE_MS))));
    for (const { series, from, to } of mergeToHours(dirty.flatMap(({ series_id, t }) => Array.from(t, (hour) => ({ series: series_id, firstAt: hour, lastAt: hour })))))
      for (const columns of await store.raw({ ...range, series: [series], from, to, limit: null, withPreserved: false })) at(series).readings(columns);
  } else {
    // Where days do not begin on whole hours of UTC, an hour may belong to two of them.
    for (const { series_id, t } of dirty) behind.set(series_id, new Set(Array.from(t).flatMap((hour) => [rows.start(hour), rows.start(hour + HOUR_MS - 1)])));
    const spans = [...behind].flatMap(([series, starts]) => [...starts].map((from) => ({ series, from, to: rows.end(from) })));
    for (const columns of await store.fromReadings(spans, range.signal)) at(columns.series_id).buckets(columns);
  }
  for (const columns of await store.rollup(relation, range)) at(columns.series_id).buckets(columns, behind.get(columns.series_id));
}

/** Which buckets changed after they could be read as complete: their end, and the time by which their readings are expected, had passed. */
function revisedOf(t: ArrayLike<number>, of: { grid: BucketGrid | null; about: Circumstances | undefined; indicator: Indicator }): number[] {
  const { grid, about: late, indicator } = of;
  if (late === undefined || late.first.length === 0) return [];
  const revised: number[] = [];
  for (let i = 0; i < t.length; i++) {
    const start = t[i] as number;
    const end = grid === null ? start + 1 : grid.end(start);
    const completeAt = Math.max(end, late.begun ?? 0) + indicator.staleAfterMs;
    for (let k = 0; k < late.first.length; k++) {
      if ((late.first[k] as number) < end && (late.last[k] as number) >= start && (late.received[k] as number) > completeAt) {
        revised.push(start);
        break;
      }
    }
  }
  return revised;
}

/** Parts read at once: with a year of hours each some tens of megabytes. */
const PARTS_TOGETHER = 100;

async function readFold(ports: HistoryPorts, wanted: Extract<Wanted, { kind: 'fold' }>, query: HistoryQuery): Promise<HistorySeries> {
  const { indicator, parts, place, facet, fold, total, coverage } = wanted;
  const about = await circumstancesBySeries(
    ports,
    parts.map(({ id }) => id),
    query,
  );
  const coarsest = parts.map(({ id }) => finestForm(ports, { about: about.get(id), indicator }, query)).reduce((a, b) => (isCoarser(b, a) ? b : a), '1m' as Resolution);
  const plan = withBuckets(planBuckets(query, indicator.intervalMs, coarsest));
  const grid = bucketGrid(plan.bucketMs, ports.zone);
  const columns: Buckets[] = [];
  const revised = new Set<number>();
  let stepMs = 0;
  for (let i = 0; i < parts.length; i += PARTS_TOGETHER) {
    const ids = parts.slice(i, i + PARTS_TOGETHER).map(({ id }) => id as number);
    for (const [id, part] of await readBuckets(ports, { plan, series: ids, indicator, about }, query)) {
      columns.push(part.columns);
      stepMs = Math.max(stepMs, part.stepMs);
      for (const t of revisedOf(part.columns.t, { grid, about: about.get(id), indicator })) revised.add(t);
    }
  }
  const folded = foldBuckets(columns, { fold, total, coverage });
  const shape = { ...plan, gapMs: gapMs(plan.bucketMs, Math.max(indicator.intervalMs, stepMs), indicator.staleAfterMs) };
  const name = { series: null, indicator: indicator.id, place, facet, simulated: parts.some((part) => part.simulated) };
  return toAnswer(name, shape, { folded, fold, total, revised: [...revised].sort((a, b) => a - b) });
}
