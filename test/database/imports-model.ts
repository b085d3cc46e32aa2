/** What imports must come to, in the plainest way: a map of buckets for each resolution, summed up anew from all that is there. */
import { DateTime } from 'luxon';
import type { Bucket } from './time-series-model.ts';

export interface ImportedBucket extends Bucket {
  widthS: number;
  given: boolean;
}

export type Form = '1m' | '1h' | '1d';
const forms: readonly Form[] = ['1m', '1h', '1d'];
const HOUR_MS = 3_600_000;

export function createImportsModel(timeZone: string) {
  const all: Record<Form, Map<number, ImportedBucket>> = { '1m': new Map(), '1h': new Map(), '1d': new Map() };
  const startOf: Record<Form, (t: number) => number> = {
    '1m': (t) => t,
    '1h': (t) => Math.floor(t / HOUR_MS) * HOUR_MS,
    '1d': (t) => DateTime.fromMillis(t, { zone: timeZone }).startOf('day').toMillis(),
  };

  const sumUp = (form: '1h' | '1d'): void => {
    const finer = [...all[form === '1h' ? '1m' : '1h'].values()].sort((a, b) => a.t - b.t);
    for (const start of new Set(finer.map(({ t }) => startOf[form](t)))) {
      if (all[form].get(start)?.given) continue;
      const parts = finer.filter(({ t }) => startOf[form](t) === start);
      const filled = parts.filter(({ count }) => count > 0);
      const total = (of: (bucket: Bucket) => number): number => parts.reduce((sum, bucket) => sum + of(bucket), 0);
      all[form].set(start, {
        t: start,
        widthS: form === '1h' ? 3600 : 86_400,
        given: false,
        count: total(({ count }) => count),
        sum: total(({ sum }) => sum),
        min: filled.length === 0 ? null : Math.min(...filled.map(({ min }) => min as number)),
        max: filled.length === 0 ? null : Math.max(...filled.map(({ max }) => max as number)),
        last: filled.at(-1)?.last ?? null,
        bad: total(({ bad }) => bad),
        suspect: total(({ suspect }) => suspect),
      });
    }
  };

  return {
    /** `hasReadings`: whether a bucket that begins at `t` has. Answers what the store must answer. */
    take(form: Form, buckets: readonly ImportedBucket[], hasReadings: (t: number) => boolean) {
      const outcome = { accepted: 0, duplicates: 0, revised: 0, withReadings: [] as number[] };
      for (const [i, bucket] of buckets.entries()) {
        if (hasReadings(bucket.t)) {
          outcome.withReadings.push(i);
          continue;
        }
        const old = all[form].get(bucket.t);
        outcome[old === undefined ? 'accepted' : JSON.stringify(old) === JSON.stringify(bucket) ? 'duplicates' : 'revised']++;
        all[form].set(bucket.t, bucket);
      }
      sumUp('1h');
      sumUp('1d');
      return outcome;
    },
    buckets: (form: Form, { from, to }: { from: number; to: number }): ImportedBucket[] => [...all[form].values()].filter(({ t }) => t >= from && t < to).sort((a, b) => a.t - b.t),
    /** Number of the coarsest form of which a given bucket begins in the range; 0: none. */
    coarsest: ({ from, to }: { from: number; to: number }): number =>
      forms.reduce((found, form, i) => ([...all[form].values()].some(({ t, given }) => given && t >= from && t < to) ? i + 1 : found), 0),
  };
}
