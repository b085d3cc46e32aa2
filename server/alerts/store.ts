/** Alerts in the store: the state of each in one row, read and written whole, always in the transaction of its journal entries. */
import type { Connection, Queryable } from '../db/pool.ts';
import { instant } from '../db/pool.ts';
import { type AlertState, isOpen, viewOf } from './state.ts';
import { nextDueAt } from './step.ts';

export type { Connection, Database } from '../db/pool.ts';
export type { TouchedRange } from '../db/touched.ts';

export interface AlertRecord {
  id: number;
  rule: string;
  series: number;
  state: AlertState;
  journalId: number;
}

interface AlertRow {
  id: number;
  rule_id: string;
  series_id: number;
  state: AlertState;
  journal_id: number;
}

const COLUMNS = 'id, rule_id, series_id, state, journal_id';
const toRecord = (row: AlertRow): AlertRecord => ({ id: row.id, rule: row.rule_id, series: row.series_id, state: row.state, journalId: row.journal_id });

/** Alerts of these series that have not ended, locked in the order of their ids, so that two writers never wait for each other in a ring. */
export async function lockAlertsOfSeries(connection: Connection, series: readonly number[]): Promise<AlertRecord[]> {
  const { rows } = await connection.query<AlertRow>(`select ${COLUMNS} from alert where ended_at is null and series_id = any ($1::int[]) order by id for update`, [series]);
  return rows.map(toRecord);
}

/** Alerts that time alone may have changed by `now`, locked. */
export async function lockDueAlerts(connection: Connection, now: number, limit: number): Promise<AlertRecord[]> {
  const { rows } = await connection.query<AlertRow>(
    `select ${COLUMNS} from alert where id in (select id from alert where ended_at is null and due_at <= $1 order by due_at limit $2) order by id for update`,
    [instant(now), limit],
  );
  return rows.map(toRecord);
}

/** Every alert that has not ended, locked: for a change of the catalogue. */
export async function lockLivingAlerts(connection: Connection): Promise<AlertRecord[]> {
  const { rows } = await connection.query<AlertRow>(`select ${COLUMNS} from alert where ended_at is null order by id for update`);
  return rows.map(toRecord);
}

export async function lockAlert(connection: Connection, id: string): Promise<AlertRecord | null> {
  const { rows } = await connection.query<AlertRow>(`select ${COLUMNS} from alert where id = $1 for update`, [id]);
  return rows[0] === undefined ? null : toRecord(rows[0]);
}

export async function insertAlert(connection: Connection, alert: { rule: string; series: number; state: AlertState; catalogueVersion: number; now: number }): Promise<AlertRecord> {
  const { rows } = await connection.query<AlertRow>(
    `insert into alert (rule_id, catalogue_version_id, series_id, condition, state, opened_at, journal_id) values ($1, $2, $3, $4, $5, $6, 0) returning ${COLUMNS}`,
    [alert.rule, alert.catalogueVersion, alert.series, alert.state.condition, JSON.stringify(alert.state), instant(alert.now)],
  );
  return toRecord(rows[0] as AlertRow);
}

/** Writes state and journal id of each; `catalogueVersion` is what it was judged by now. */
export async function saveAlerts(connection: Connection, records: readonly AlertRecord[], catalogueVersion: number): Promise<void> {
  if (records.length === 0) return;
  const views = records.map((record) => viewOf(record.state));
  const dueAt = records.map((record) => nextDueAt(record.state));
  const endedAt = records.map((record) => record.state.ended?.at ?? null);
  await connection.query(
    `update alert a set condition = u.condition, level = u.level, state = u.state, due_at = u.due_at, ended_at = u.ended_at, journal_id = greatest(a.journal_id, u.journal_id), catalogue_version_id = $8
     from unnest($1::bigint[], $2::text[], $3::text[], $4::jsonb[], $5::timestamptz[], $6::timestamptz[], $7::bigint[]) as u (id, condition, level, state, due_at, ended_at, journal_id)
     where a.id = u.id`,
    [
      records.map((record) => record.id),
      records.map((record) => record.state.condition),
      views.map((view) => view.level),
      records.map((record) => JSON.stringify(record.state)),
      dueAt.map((ms) => (ms === null ? null : instant(ms))),
      endedAt.map((ms) => (ms === null ? null : instant(ms))),
      records.map((record) => record.journalId),
      catalogueVersion,
    ],
  );
}

/** What a person must still see: firing, pending, or resolved and not acknowledged. */
export async function openAlerts(database: Queryable): Promise<AlertRecord[]> {
  const { rows } = await database.query<AlertRow>(`select ${COLUMNS} from alert where ended_at is null and condition <> 'inactive' order by id`);
  return rows.map(toRecord).filter((record) => isOpen(record.state));
}

/** The newest alerts that have ended after having fired. */
export async function endedAlerts(database: Queryable, limit: number): Promise<AlertRecord[]> {
  const { rows } = await database.query<AlertRow>(`select ${COLUMNS} from alert where ended_at is not null and level is not null order by ended_at desc, id desc limit $1`, [
    limit,
  ]);
  return rows.map(toRecord);
}

export async function alertById(database: Queryable, id: string): Promise<AlertRecord | null> {
  const { rows } = await database.query<AlertRow>(`select ${COLUMNS} from alert where id = $1`, [id]);
  return rows[0] === undefined ? null : toRecord(rows[0]);
}

/** Up to when each series has been judged (epoch ms). */
export async function evaluatedThrough(connection: Connection, series: readonly number[]): Promise<Map<number, number>> {
  const { rows } = await connection.query<{ series_id: number; evaluated_through: number }>(
    'select series_id, evaluated_through from evaluation where series_id = any ($1::int[])',
    [series],
  );
  return new Map(rows.map((row) => [row.series_id, row.evaluated_through]));
}

export async function setEvaluatedThrough(connection: Connection, through: ReadonlyMap<number, number>): Promise<void> {
  if (through.size === 0) return;
  await connection.query(
    `insert into evaluation (series_id, evaluated_through) select * from unnest($1::int[], $2::timestamptz[])
     on conflict (series_id) do update set evaluated_through = greatest(evaluation.evaluated_through, excluded.evaluated_through)`,
    [[...through.keys()], [...through.values()].map(instant)],
  );
}

interface ReadingRow {
  series_id: number;
  observed_at: number;
  value: number;
  quality: number;
}

/** Readings of the touched spans as they are now stored, in the order of time within each series. */
export async function readingsToJudge(connection: Connection, spans: readonly { series: number; from: number; to: number }[]): Promise<ReadingRow[]> {
  const { rows } = await connection.query<ReadingRow>(
    `select r.series_id, r.observed_at, r.value, r.quality from unnest($1::int[], $2::timestamptz[], $3::timestamptz[]) as u (series_id, from_at, to_at)
     join reading r on r.series_id = u.series_id and r.observed_at >= u.from_at and r.observed_at <= u.to_at order by r.series_id, r.observed_at`,
    [spans.map((span) => span.series), spans.map((span) => instant(span.from)), spans.map((span) => instant(span.to))],
  );
  return rows;
}
