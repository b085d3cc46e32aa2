/**
 * What differs between engines, behind one small interface. On both the relations have the same names and columns: `reading`, and its
 * rollups `reading_1m`, `reading_1h`, `reading_1d`; everything else in the server is the same SQL on them.
 *
 * A rollup row may be behind its readings only while `dirty_hour` (or the part of the hand-over log not yet taken) names its hour:
 * who reads takes such hours from the readings. So an engine may refresh when it likes, and nothing is ever shown wrong.
 */
import type { Connection } from './pool.ts';

export type Engine = 'postgresql' | 'timescaledb';

/** Whole hours of one series, [from, to), epoch ms. */
export interface HourRange {
  series: number;
  from: number;
  to: number;
}

/** Series that are kept for the same time; what is older than an instant (epoch ms; null: nothing) is dropped. */
export interface RetentionClass {
  series: readonly number[];
  before: { reading: number | null; reading_1m: number | null; reading_1h: number | null; reading_1d: number | null };
}

export interface RetentionPlan {
  classes: readonly RetentionClass[];
  /** Copies what must be preserved of readings before `before` of `series` (null: of every series), ahead of their end. */
  preserve(connection: Connection, range: { series: readonly number[] | null; from: number | null; before: number }): Promise<void>;
}

export interface TimeSeries {
  readonly engine: Engine;
  /** How rows enter: COPY, or INSERT … SELECT FROM unnest where the connection cannot copy. */
  readonly entry: 'copy' | 'unnest';
  /** Makes room for readings at these times (epoch ms, any order). Cheap when there is. */
  ensure(times: ArrayLike<number>): Promise<void>;
  /** Brings the rollups of these hours, and of the days that hold them, in line with the readings. May be repeated; ranges of a series do not overlap. */
  refresh(hours: readonly HourRange[]): Promise<void>;
  /** Drops what is older than the plan says. */
  retain(plan: RetentionPlan): Promise<void>;
}

export interface TimeSeriesOptions {
  /** The city's zone: a day bucket is the city's day. */
  timeZone: string;
  /** Whether the city's days begin on whole hours of UTC, so that hours add up to days. */
  hasWholeHours: boolean;
  /** TimescaleDB: readings older than this many ms are compressed. */
  compressAfterMs: number;
  /** False where the connection cannot COPY (TimescaleDB in the tests' own process). */
  canCopy: boolean;
}
