/**
 * Answers about the past. For each series: which stored form can answer, at which width; then that form's rows, with the hours whose
 * rollup is behind made from readings, and with what was imported; then the marks of what was revised. Several series share each
 * question to the store, a few at a time, so that an answer can be sent while the next is read.
 */
import type { HistorySeries, Indicator, Resolution, Series } from '../contract/index.ts';
import { type Buckets, emptyBuckets } from './buckets.ts';
import { type Fold, foldBuckets } from './fold.ts';
import { toAnswer } from './history-answer.ts';
import { type BucketPlan, type Found, readBuckets } from './history-buckets.ts';
import type { About, HistoryPorts, HistoryQuery } from './history-ports.ts';
import { preservedPlan, readPreserved } from './history-preserved.ts';
import { type BucketGrid, bucketGrid, DAY_MS, gapMs, type HistoryPlan, HOUR_MS, isCoarser, planBuckets, planHistory } from './resolution.ts';
import type { Circumstances, RawColumns } from './store-history.ts';

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
  // Most series have nothing but their readings: they are read at once, while it is asked whether that was right.
  const mayHave = series.some((id) => ports.withImports?.has(id));
  const asked = circumstancesBySeries(ports, series, query);
  const [about, guess] = await Promise.all([asked, mayHave ? null : readColumns(ports, { wanted, about: new Map() }, query)]);
  for (const one of about.values()) if (one.has_imports) ports.withImports?.add(one.series_id);
  const isRight = guess !== null && wanted.every((one) => !hasMore(ports, { about: about.get(one.series.id), indicator: one.indicator }, query));
  const columns = isRight ? guess : await readColumns(ports, { wanted, about }, query);
  return wanted.flatMap(({ series: one, indicator }) => {
    const read = columns.get(one.id);
    if (read === undefined) return [];
    const grid = read.shape.bucketMs === null ? null : bucketGrid(read.shape.bucketMs, ports.zone);
    const { t } = 'raw' in read.content ? read.content.raw : read.content.columns;
    return toAnswer({ ...one, series: one.id }, read.shape, { ...read.content, revised: revisedOf(t, { grid, about: about.get(one.id), indicator }) });
  });
}

/** Whether there is more of a series than readings and their rollups: imports, or what outlived retention. */
function hasMore(ports: HistoryPorts, { about, indicator }: { about: Circumstances | undefined; indicator: Indicator }, query: HistoryQuery): boolean {
  if (about === undefined) return false;
  return about.has_imports || (about.preserved_from.length > 0 && ports.finestKept(indicator, query.from) !== 'raw');
}

interface Read {
  shape: HistoryPlan & { gapMs: number };
  content: { raw: RawColumns } | { columns: Buckets };
}

/** What is stored of each series, in the form and width that its circumstances allow. */
async function readColumns(ports: HistoryPorts, of: { wanted: readonly One[]; about: About }, query: HistoryQuery): Promise<Map<number, Read>> {
  const { wanted, about } = of;
  const finest = new Map(wanted.map(({ series, indicator }) => [series.id as number, finestForm(ports, { about: about.get(series.id), indicator }, query)]));
  const reads = await readRaw(ports, { wanted, finest, about, query });
  const groups = new Map<string, Group>();
  for (const one of wanted) {
    if (reads.has(one.series.id)) continue;
    const form = finest.get(one.series.id) ?? 'raw';
    // What was too long to be shown as readings comes in minutes at the finest.
    const plan = withBuckets(planBuckets(query, one.indicator.intervalMs, form === 'raw' ? '1m' : form));
    const finer = finerPlan(plan, { about: about.get(one.series.id), indicator: one.indicator }, query);
    const key = `${one.indicator.id} ${plan.bucketMs} ${finer?.bucketMs}`;
    const group = groups.get(key) ?? { plan, finer, indicator: one.indicator, members: [] };
    groups.set(key, group);
    group.members.push(one);
  }
  for (const group of groups.values()) {
    const { indicator, members } = group;
    const { found, preserved } = await readBoth(ports, { ...group, series: members.map(({ series }) => series.id), about }, query);
    for (const { series } of members) {
      const finer = group.finer === null ? undefined : preserved.get(series.id);
      const plan = finer === undefined || group.finer === null ? group.plan : group.finer;
      const { columns, stepMs } = finer ?? found.get(series.id) ?? { columns: emptyBuckets(), stepMs: 0 };
      const shape = { ...plan, gapMs: gapMs(plan.bucketMs, Math.max(indicator.intervalMs, stepMs), indicator.staleAfterMs) };
      reads.set(series.id, { shape, content: { columns } });
    }
  }
  return reads;
}

/** Series of one indicator that are read alike. `finer`: how the preserved minutes of the range would be shown, should they all be there. */
interface Group {
  plan: BucketPlan;
  finer: BucketPlan | null;
  indicator: Indicator;
  members: One[];
}

async function readBoth(
  ports: HistoryPorts,
  asked: { plan: BucketPlan; finer: BucketPlan | null; series: readonly number[]; indicator: Indicator; about: About },
  query: HistoryQuery,
): Promise<{ found: Found; preserved: Found }> {
  const { plan, finer, indicator } = asked;
  const found = await readBuckets(ports, asked, query);
  const preserved = finer === null ? new Map() : await readPreserved(ports, { ...asked, plan: finer, coarser: { plan, found }, slackMs: slackOf(indicator) }, query);
  return { found, preserved };
}

function finerPlan(plan: BucketPlan, of: { about: Circumstances | undefined; indicator: Indicator }, query: HistoryQuery): BucketPlan | null {
  return preservedPlan({ ...of, plan, sent: sentForm(of.about), slackMs: slackOf(of.indicator) }, query);
}

function withBuckets(plan: HistoryPlan): HistoryPlan & { bucketMs: number } {
  return { ...plan, bucketMs: plan.bucketMs ?? HOUR_MS };
}

async function circumstancesBySeries({ store }: HistoryPorts, series: readonly number[], query: HistoryQuery): Promise<About> {
  // The widest bucket may begin this long before the range does.
  const rows = await store.circumstances({ ...query, series, lateFrom: query.from - 364 * DAY_MS });
  return new Map(rows.map((row) => [row.series_id, row]));
}

/** The finest form that has the whole range of a series: not finer than what is kept, nor than what was imported into it. */
function finestForm(ports: HistoryPorts, { about, indicator }: { about: Circumstances | undefined; indicator: Indicator }, query: HistoryQuery): Resolution {
  const kept = ports.finestKept(indicator, query.from);
  const sent = sentForm(about);
  return isCoarser(sent, kept) ? sent : kept;
}

const importedForms: readonly Resolution[] = ['raw', '1m', '1h', '1d'];

function sentForm(about: Circumstances | undefined): Resolution {
  return importedForms[about?.coarsest ?? 0] as Resolution;
}

/** The series whose readings answer: few enough, with nothing coarser imported; of a range whose readings are mostly gone, preserved ones may be left. */
async function readRaw(
  ports: HistoryPorts,
  work: { wanted: readonly One[]; finest: ReadonlyMap<number, Resolution>; about: About; query: HistoryQuery },
): Promise<Map<number, Read>> {
  const { wanted, finest, about, query } = work;
  const reads = new Map<number, Read>();
  const candidates = wanted.filter(({ series, indicator }) => {
    const form = finest.get(series.id);
    const isLeft = form === 'raw' || (form === ports.finestKept(indicator, query.from) && sentForm(about.get(series.id)) === 'raw');
    return isLeft && planHistory(query, indicator.intervalMs, 'raw').resolution === 'raw';
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

/** How far from the ends of a range its first and last reading may lie, if it is to be whole. */
const slackOf = ({ staleAfterMs }: Indicator): number => 2 * staleAfterMs;

/** Preserved readings answer only for a window that they fill from end to end. */
function reaches(t: Float64Array, { from, to }: HistoryQuery, indicator: Indicator): boolean {
  const first = t[0];
  const last = t.at(-1);
  return first !== undefined && last !== undefined && first - from <= slackOf(indicator) && to - last <= slackOf(indicator);
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
  const { indicator, parts } = wanted;
  const about = await circumstancesBySeries(
    ports,
    parts.map(({ id }) => id),
    query,
  );
  const formOf = (id: number): Resolution => finestForm(ports, { about: about.get(id), indicator }, query);
  const coarsest = parts.map(({ id }) => formOf(id)).reduce((a, b) => (isCoarser(b, a) ? b : a), '1m' as Resolution);
  const plan = withBuckets(planBuckets(query, indicator.intervalMs, coarsest));
  const finers = parts.map(({ id }) => finerPlan(plan, { about: about.get(id), indicator }, query));
  // Parts are folded in one form: the preserved one only where every part has it.
  const finer = finers.reduce((a, b) => (a === null || b === null ? null : b.bucketMs > a.bucketMs ? b : a), finers[0] ?? null);
  const all: Record<'found' | 'preserved', Found> = { found: new Map(), preserved: new Map() };
  for (let i = 0; i < parts.length; i += PARTS_TOGETHER) {
    const series = parts.slice(i, i + PARTS_TOGETHER).map(({ id }) => id as number);
    const read = await readBoth(ports, { plan, finer, series, indicator, about }, query);
    for (const form of ['found', 'preserved'] as const) for (const [id, part] of read[form]) all[form].set(id, part);
  }
  const isFiner = finer !== null && parts.every(({ id }) => all.preserved.has(id));
  return foldOf(wanted, { plan: isFiner ? finer : plan, found: isFiner ? all.preserved : all.found, about, zone: ports.zone });
}

function foldOf(wanted: Extract<Wanted, { kind: 'fold' }>, read: { plan: BucketPlan; found: Found; about: About; zone: HistoryPorts['zone'] }): HistorySeries {
  const { indicator, parts, place, facet, fold, total, coverage } = wanted;
  const { plan, found, about, zone } = read;
  const grid = bucketGrid(plan.bucketMs, zone);
  const revised = new Set<number>();
  for (const [id, { columns }] of found) for (const t of revisedOf(columns.t, { grid, about: about.get(id), indicator })) revised.add(t);
  const stepMs = Math.max(0, ...[...found.values()].map((part) => part.stepMs));
  const folded = foldBuckets(
    [...found.values()].map(({ columns }): Buckets => columns),
    { fold, total, coverage },
  );
  const shape = { ...plan, gapMs: gapMs(plan.bucketMs, Math.max(indicator.intervalMs, stepMs), indicator.staleAfterMs) };
  const name = { series: null, indicator: indicator.id, place, facet, simulated: parts.some((part) => part.simulated) };
  return toAnswer(name, shape, { folded, fold, total, revised: [...revised].sort((a, b) => a - b) });
}
