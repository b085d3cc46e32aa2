/**
 * Preserved windows in buckets: where retention has left hours or days of a time, its minutes may still be there, and then they answer.
 * They do so only for a range that lies in preserved windows, and only when they hold all that the coarser form holds: a window that was
 * asked for too late has lost a part, which must not look like a time in which nothing was measured.
 */
import type { Indicator, Resolution } from '../contract/index.ts';
import type { Buckets } from './buckets.ts';
import { type Asked, type BucketPlan, type Found, readPreservedBuckets } from './history-buckets.ts';
import type { HistoryPorts, HistoryQuery } from './history-ports.ts';
import { bucketGrid, isCoarser, planBuckets } from './resolution.ts';
import type { Circumstances } from './store-history.ts';

/** The finer plan by which a preserved range may be answered instead of `plan`; null: there is none. `sent`: the coarsest form that was imported into it. */
export function preservedPlan(
  of: { plan: BucketPlan; sent: Resolution; indicator: Indicator; about: Circumstances | undefined; slackMs: number },
  query: HistoryQuery,
): BucketPlan | null {
  const { plan, sent, indicator, about, slackMs } = of;
  if (about === undefined || !isPreserved(about, { from: query.from + slackMs, to: query.to - slackMs })) return null;
  const finer = planBuckets(query, indicator.intervalMs, isCoarser(sent, '1m') ? sent : '1m');
  return finer.bucketMs !== null && isCoarser(plan.resolution, finer.resolution) ? { ...finer, bucketMs: finer.bucketMs } : null;
}

/** Whether one window after the other, without a hole, covers the range. Windows come by their begin. */
function isPreserved({ preserved_from: from, preserved_to: to }: Circumstances, range: { from: number; to: number }): boolean {
  let covered: number | null = null;
  for (let i = 0; i < from.length; i++) {
    if ((from[i] as number) > (covered ?? range.from)) return false;
    covered = Math.max(covered ?? Number.NEGATIVE_INFINITY, to[i] as number);
    if (covered >= range.to) return true;
  }
  return false;
}

/** Of these series, those whose preserved buckets hold all that their coarser ones do. */
export async function readPreserved(ports: HistoryPorts, asked: Asked & { coarser: { plan: BucketPlan; found: Found }; slackMs: number }, query: HistoryQuery): Promise<Found> {
  const { coarser, slackMs } = asked;
  const found = await readPreservedBuckets(ports, asked, query);
  const { end } = bucketGrid(coarser.plan.bucketMs, ports.zone);
  for (const [id, { columns, stepMs }] of found) {
    const coarse = coarser.found.get(id)?.columns;
    const isWhole = coarse !== undefined && holdsAll(columns, coarse, { ...query, end, slackMs: Math.max(slackMs, stepMs, asked.plan.bucketMs) });
    if (!isWhole) found.delete(id);
  }
  return found;
}

/** Compared bucket by bucket where a coarser one lies within the range; where none does, the finer ones must reach from end to end. */
function holdsAll(fine: Buckets, coarse: Buckets, range: { from: number; to: number; end(start: number): number; slackMs: number }): boolean {
  if (coarse.t.length === 0) return true;
  let k = 0;
  let compared = 0;
  for (let i = 0; i < coarse.t.length; i++) {
    const start = coarse.t[i] as number;
    const end = range.end(start);
    if (start < range.from || end > range.to) continue;
    compared++;
    while (k < fine.t.length && (fine.t[k] as number) < start) k++;
    let held = 0;
    for (; k < fine.t.length && (fine.t[k] as number) < end; k++) held += (fine.count[k] as number) + (fine.bad[k] as number);
    if (held < (coarse.count[i] as number) + (coarse.bad[i] as number)) return false;
  }
  if (compared > 0) return true;
  const [first, last] = [fine.t[0], fine.t.at(-1)];
  return first !== undefined && last !== undefined && first - range.from <= range.slackMs && range.to - last <= range.slackMs;
}
