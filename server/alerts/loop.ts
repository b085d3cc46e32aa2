/**
 * The alerts' room put together: follows the hand-over log and the clock, and publishes what changed after it is committed.
 * Evaluation and acknowledgement are transactions of their own; row locks put them in order.
 */
import type { Actor, Alert } from '../contract/index.ts';
import { AppError } from '../contract/index.ts';
import { type Follower, startFollower } from '../follower.ts';
import { acknowledgeAlert, applyCatalogue, evaluateDue, evaluateTouched, type Situation } from './evaluator.ts';
import { presentAlert } from './present.ts';
import { type AlertRecord, alertById, type Connection, type Database, endedAlerts, openAlerts, type TouchedRange } from './store.ts';

export interface AlertService {
  follower: Follower;
  open(): Promise<Alert[]>;
  ended(limit: number): Promise<Alert[]>;
  one(id: string): Promise<Alert | null>;
  acknowledge(id: string, actor: Actor, comment: string | null): Promise<void>;
  /** Call after a new catalogue rules. */
  catalogueChanged(): Promise<void>;
}

export interface AlertServiceDeps {
  database: Database;
  /** Catalogue, series and clock as they are now; asked once for each evaluation. */
  situation(): Situation;
  consume(work: (connection: Connection, ranges: TouchedRange[]) => Promise<void>): Promise<{ taken: number; caughtUp: boolean }>;
  publish(alerts: readonly Alert[]): void;
  setTimer(ms: number, callback: () => void): { cancel(): void };
  evaluated(seconds: number, rows: number): void;
  failed(error: unknown): void;
}

/** Hold times and staleness are judged at least this often. */
const TICK_MS = 1000;

export async function openAlertService(deps: AlertServiceDeps): Promise<AlertService> {
  const { database } = deps;
  const present = (records: readonly AlertRecord[]): Alert[] => {
    const { registry, catalogue } = deps.situation();
    return records.flatMap((record) => {
      const series = registry.get(record.series);
      return series === undefined ? [] : presentAlert(record, series, catalogue);
    });
  };
  const publish = (records: readonly AlertRecord[]): void => {
    if (records.length > 0) deps.publish(present(records));
  };
  const catalogueChanged = async (): Promise<void> => {
    publish(await database.transaction((connection) => applyCatalogue(connection, deps.situation())));
  };

  const followLog = async (): Promise<boolean> => {
    const startedAt = performance.now();
    let changed: AlertRecord[] = [];
    const { taken, caughtUp } = await deps.consume(async (connection, ranges) => {
      changed = await evaluateTouched(connection, ranges, deps.situation());
    });
    if (taken > 0) deps.evaluated((performance.now() - startedAt) / 1000, taken);
    publish(changed);
    return !caughtUp;
  };
  const followClock = async (): Promise<boolean> => {
    const { changed, more } = await database.transaction((connection) => evaluateDue(connection, deps.situation()));
    publish(changed);
    return more;
  };

  // Readings first, then time: a reading that is already stored may say that the breach is over.
  const work = async (): Promise<boolean> => {
    try {
      if (await followLog()) return true;
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'conflict')) throw error;
      return true;
    }
    return followClock();
  };

  await catalogueChanged();
  return {
    follower: startFollower({ work, setTimer: deps.setTimer, everyMs: TICK_MS, failed: deps.failed }),
    open: async () => present(await openAlerts(database)),
    ended: async (limit) => present(await endedAlerts(database, limit)),
    async one(id) {
      const record = await alertById(database, id);
      return record === null ? null : (present([record])[0] ?? null);
    },
    async acknowledge(id, actor, comment) {
      publish(await database.transaction((connection) => acknowledgeAlert(connection, { id, actor, comment }, deps.situation())));
    },
    catalogueChanged,
  };
}
