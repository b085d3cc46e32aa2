/**
 * The bulk door's judge: aggregates of another system, row by row, before they are stored. Pure. A bucket that is not over, does not
 * begin where buckets begin, or contradicts itself is refused by code; the others are kept.
 */
import type { ErrorCode, RollupInput } from '../contract/index.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './resolution.ts';
import type { Zone } from './zone.ts';

/** Rows in order of time, each bucket once. */
export interface ImportColumns {
  /** Position of each row in the input's columns. */
  row: number[];
  t: number[];
  count: number[];
  sum: number[];
  min: number[];
  max: number[];
  last: number[];
  bad: number[];
  suspect: number[];
}

export interface RowRefusal {
  row: number | null;
  code: ErrorCode;
  path: string;
  message: string;
}

const nominal = { '1m': MINUTE_MS, '1h': HOUR_MS, '1d': DAY_MS } as const;

/** The width each row stands for, or why it cannot be: it must part the next coarser bucket evenly. */
export function widthOf({ resolution, widthMs }: RollupInput): number | RowRefusal {
  const own = nominal[resolution];
  if (widthMs === undefined || widthMs === own) return own;
  const whole = resolution === '1m' ? HOUR_MS : resolution === '1h' ? DAY_MS : own;
  if (widthMs % own === 0 && whole % widthMs === 0) return widthMs;
  return { row: null, code: 'invalid_request', path: 'widthMs', message: `At ${resolution} the width must be a multiple of ${own} that divides ${whole}.` };
}

export interface ImportContext {
  widthMs: number;
  zone: Zone;
  now: number;
  /** Nothing begins before this, epoch ms. */
  earliest: number;
}

/** Hot: a long past comes as millions of rows. */
export function judgeRows(input: RollupInput, context: ImportContext): { rows: ImportColumns; refusals: RowRefusal[] } {
  const rows = emptyColumns();
  const refusals: RowRefusal[] = [];
  const { t, count, sum, min, max, last, badCount, suspectCount } = input;
  // Rows mostly come in order; only where one does not must it be known which came before.
  let newest = Number.NEGATIVE_INFINITY;
  let seen: Set<number> | null = null;
  for (let i = 0; i < t.length; i++) {
    const at = t[i] as number;
    const refusal = judgeRow(input, i, context);
    if (refusal !== null) {
      refusals.push({ row: i, ...refusal });
      continue;
    }
    if (at <= newest) {
      seen ??= new Set(rows.t);
      if (seen.has(at)) {
        refusals.push({ row: i, ...refuse('conflict', 't', 'This bucket came before in the same columns.') });
        continue;
      }
    }
    seen?.add(at);
    newest = Math.max(newest, at);
    const n = count[i] as number;
    const total = n === 0 ? 0 : (sum[i] as number);
    rows.row.push(i);
    rows.t.push(at);
    rows.count.push(n);
    rows.sum.push(total);
    rows.min.push(n === 0 ? Number.NaN : (min[i] as number));
    rows.max.push(n === 0 ? Number.NaN : (max[i] as number));
    rows.last.push(n === 0 ? Number.NaN : (last?.[i] ?? total / n));
    rows.bad.push(badCount?.[i] ?? 0);
    rows.suspect.push(suspectCount?.[i] ?? 0);
  }
  return { rows: seen === null ? rows : inOrder(rows), refusals };
}

function emptyColumns(): ImportColumns {
  return { row: [], t: [], count: [], sum: [], min: [], max: [], last: [], bad: [], suspect: [] };
}

function inOrder(rows: ImportColumns): ImportColumns {
  const order = rows.t.map((_, i) => i).sort((a, b) => (rows.t[a] as number) - (rows.t[b] as number));
  const sorted = emptyColumns();
  for (const key of Object.keys(sorted) as (keyof ImportColumns)[]) sorted[key] = order.map((i) => rows[key][i] as number);
  return sorted;
}

type Verdict = { code: ErrorCode; path: string; message: string };
const refuse = (code: ErrorCode, path: string, message: string): Verdict => ({ code, path, message });
const isCount = (value: number | undefined): boolean => value !== undefined && Number.isInteger(value) && value >= 0 && value <= 2_147_483_647;

function judgeRow(input: RollupInput, i: number, { widthMs, zone, now, earliest }: ImportContext): Verdict | null {
  const t = input.t[i] as number;
  if (!Number.isInteger(t)) return refuse('invalid_time', 't', 'The start of a bucket is epoch milliseconds.');
  if (t < earliest) return refuse('time_too_early', 't', `The time is before 1990; is it in milliseconds? (${t})`);
  const start = input.resolution === '1d' ? zone.dayStart(t) : Math.floor(t / nominal[input.resolution]) * nominal[input.resolution];
  if (start !== t) return refuse('invalid_time', 't', `No ${input.resolution} bucket of the city begins then; the one that holds it begins at ${start}.`);
  const end = input.resolution === '1d' ? zone.nextDay(t) : t + widthMs;
  if (end > now) return refuse('too_recent', 't', 'The bucket is not over yet: send its readings to /api/v1/readings.');
  const count = input.count[i];
  if (!isCount(count)) return refuse('wrong_type', 'count', 'The count must be a whole number, 0 or more.');
  if (!isCount(input.badCount?.[i] ?? 0)) return refuse('wrong_type', 'badCount', 'The count of bad readings must be a whole number, 0 or more.');
  const suspect = input.suspectCount?.[i] ?? 0;
  if (!isCount(suspect) || suspect > (count as number)) return refuse('wrong_type', 'suspectCount', 'The count of suspect readings must be a whole number, at most the count.');
  return count === 0 ? null : judgeValues(input, i, count as number);
}

/** Sums of many floats differ in their last digits by the order of adding. */
const TOLERANCE = 1e-9;

function judgeValues(input: RollupInput, i: number, count: number): Verdict | null {
  const [sum, min, max] = [input.sum[i], input.min[i], input.max[i]];
  if (!Number.isFinite(sum)) return refuse('not_finite', 'sum', 'The sum must be a finite number.');
  if (typeof min !== 'number' || !Number.isFinite(min)) return refuse('not_finite', 'min', 'The least value must be a finite number when the count is not 0.');
  if (typeof max !== 'number' || !Number.isFinite(max)) return refuse('not_finite', 'max', 'The greatest value must be a finite number when the count is not 0.');
  if (min > max) return refuse('invalid_request', 'min', 'The least value is above the greatest.');
  const mean = (sum as number) / count;
  const slack = TOLERANCE * Math.max(Math.abs(min), Math.abs(max), 1);
  if (mean < min - slack || mean > max + slack) return refuse('invalid_request', 'sum', 'The mean (sum ÷ count) lies outside min and max.');
  const last = input.last?.[i];
  if (last !== undefined && last !== null && !(last >= min && last <= max)) return refuse('invalid_request', 'last', 'The last value lies outside min and max.');
  return null;
}
