/**
 * What any store of readings must answer, in the plainest way: every reading in a map, every bucket made by looking at all of them. Its
 * days and weeks come from luxon, not from the code that is tested.
 */
import { DateTime } from 'luxon';

export interface Sent {
  series: number;
  observedAt: number;
  value: number;
  quality: number;
}

export interface Bucket {
  t: number;
  count: number;
  sum: number;
  min: number | null;
  max: number | null;
  last: number | null;
  bad: number;
  suspect: number;
}

interface Change {
  observedAt: number;
  receivedAt: number;
}

interface Kept {
  readings: Map<number, Sent>;
  changes: Change[];
  begun: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const BAD = 2;
const SUSPECT = 1;

/** Widths that are looked at: what is stored for each, and the bucket that holds an instant. */
export type Width = '1m' | '10m' | '1h' | '6h' | '1d' | '7d';
export const widths: Readonly<Record<Width, { ms: number; resolution: '1m' | '1h' | '1d' }>> = {
  '1m': { ms: MINUTE_MS, resolution: '1m' },
  '10m': { ms: 10 * MINUTE_MS, resolution: '1m' },
  '1h': { ms: HOUR_MS, resolution: '1h' },
  '6h': { ms: 6 * HOUR_MS, resolution: '1h' },
  '1d': { ms: 24 * HOUR_MS, resolution: '1d' },
  '7d': { ms: 7 * 24 * HOUR_MS, resolution: '1d' },
};

const known = new Map<string, { start: number; end: number }>();

/** The city's day or week that holds an instant. Asked of luxon once for each quarter of an hour, of which no zone's day begins inside one. */
function localUnit(unit: 'day' | 'week', at: number, timeZone: string): { start: number; end: number } {
  const key = `${unit} ${timeZone} ${Math.floor(at / (15 * MINUTE_MS))}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const start = DateTime.fromMillis(at, { zone: timeZone }).startOf(unit);
  const made = { start: start.toMillis(), end: start.plus({ [unit]: 1 }).toMillis() };
  known.set(key, made);
  return made;
}

function bucketOf(width: Width, at: number, timeZone: string): { start: number; end: number } {
  const { ms } = widths[width];
  if (width === '7d') return localUnit('week', at, timeZone);
  if (width === '1d') return localUnit('day', at, timeZone);
  if (width === '6h') {
    // Several hours count from the city's midnight, except where that is not on a whole hour of UTC.
    const day = localUnit('day', at, timeZone);
    if (day.start % HOUR_MS === 0) {
      const start = day.start + Math.floor((at - day.start) / ms) * ms;
      return { start, end: Math.min(start + ms, day.end) };
    }
  }
  const start = Math.floor(at / ms) * ms;
  return { start, end: start + ms };
}

export function createModel(timeZone: string) {
  const all = new Map<number, Kept>();

  const bucket = (t: number, within: readonly Sent[]): Bucket => {
    const used = within.filter(({ quality }) => (quality & 3) !== BAD).sort((a, b) => a.observedAt - b.observedAt);
    const values = used.map(({ value }) => value);
    return {
      t,
      count: used.length,
      sum: values.reduce((sum, value) => sum + value, 0),
      min: values.length === 0 ? null : Math.min(...values),
      max: values.length === 0 ? null : Math.max(...values),
      last: values.at(-1) ?? null,
      bad: within.length - used.length,
      suspect: within.filter(({ quality }) => (quality & 3) === SUSPECT).length,
    };
  };

  return {
    /** Takes a batch in the order sent; answers what the store must answer. */
    write(batch: readonly Sent[], receivedAt: number): { accepted: number; duplicates: number; revised: number } {
      const outcome = { accepted: 0, duplicates: 0, revised: 0 };
      const newest = new Map<string, Sent>();
      for (const sent of batch) {
        const key = `${sent.series} ${sent.observedAt}`;
        const previous = newest.get(key);
        if (previous !== undefined) outcome[previous.value === sent.value && previous.quality === sent.quality ? 'duplicates' : 'revised']++;
        newest.set(key, sent);
      }
      for (const sent of newest.values()) {
        const kept = all.get(sent.series) ?? { readings: new Map<number, Sent>(), changes: [], begun: receivedAt };
        all.set(sent.series, kept);
        const old = kept.readings.get(sent.observedAt);
        if (old !== undefined && old.value === sent.value && old.quality === sent.quality) {
          outcome.duplicates++;
          continue;
        }
        outcome[old === undefined ? 'accepted' : 'revised']++;
        kept.readings.set(sent.observedAt, sent);
        kept.changes.push({ observedAt: sent.observedAt, receivedAt });
      }
      return outcome;
    },
    has: (series: number): boolean => all.has(series),
    readings(series: number, from: number, to: number): Sent[] {
      return [...(all.get(series)?.readings.values() ?? [])].filter(({ observedAt }) => observedAt >= from && observedAt < to).sort((a, b) => a.observedAt - b.observedAt);
    },
    /** Buckets of every stored minute, hour or day that starts in [from's bucket, to). */
    buckets(series: number, width: Width, { from, to }: { from: number; to: number }): Bucket[] {
      const first = bucketOf(width, from, timeZone).start;
      const groups = new Map<number, Sent[]>();
      for (const sent of all.get(series)?.readings.values() ?? []) {
        const stored = bucketOf(widths[width].resolution, sent.observedAt, timeZone).start;
        if (stored < first || stored >= to) continue;
        const { start } = bucketOf(width, sent.observedAt, timeZone);
        groups.set(start, [...(groups.get(start) ?? []), sent]);
      }
      return [...groups].sort(([a], [b]) => a - b).map(([t, within]) => bucket(t, within));
    },
    /** Starts of buckets into which something came or changed after they, and the time their readings are waited for, were over. */
    revised(series: number, width: Width, { starts, staleMs }: { starts: readonly number[]; staleMs: number }): number[] {
      const kept = all.get(series);
      return starts.filter((start) => {
        const { end } = bucketOf(width, start, timeZone);
        const completeAt = Math.max(end, kept?.begun ?? 0) + staleMs;
        return kept?.changes.some((change) => change.observedAt >= start && change.observedAt < end && change.receivedAt > completeAt);
      });
    },
  };
}

export type Model = ReturnType<typeof createModel>;
