/** The demonstration's clock, scenarios and progress in the store. */
import type { PlayedScenario } from '../contract/index.ts';
import { type Connection, instant, type Queryable } from '../db/pool.ts';
import { type ClockRecord, trueTime } from './clock.ts';

export type { Connection, Database } from '../db/pool.ts';

/** The clock as it was left; true time where nothing was ever played. */
export async function readClock(database: Queryable): Promise<ClockRecord> {
  const { rows } = await database.query<{ real_at: number; city_at: number; speed: number; fast_until: number | null }>(
    'select real_at, city_at, speed, fast_until from simulation',
  );
  const row = rows[0];
  return row === undefined ? trueTime : { realAt: row.real_at, cityAt: row.city_at, speed: row.speed, fastUntil: row.fast_until };
}

export async function writeClock(connection: Connection, { realAt, cityAt, speed, fastUntil }: ClockRecord): Promise<void> {
  await connection.query(
    `insert into simulation (real_at, city_at, speed, fast_until) values ($1, $2, $3, $4)
     on conflict (singleton) do update set real_at = excluded.real_at, city_at = excluded.city_at, speed = excluded.speed, fast_until = excluded.fast_until`,
    [instant(realAt), instant(cityAt), speed, fastUntil === null ? null : instant(fastUntil)],
  );
}

interface ScenarioRow {
  id: number;
  scenario: string;
  name_zh: string;
  name_en: string;
  starts_at: number;
  ends_at: number;
  stopped_at: number | null;
}

/** Every scenario that was ever played, in the order they were asked for. */
export async function scenarios(database: Queryable): Promise<PlayedScenario[]> {
  const { rows } = await database.query<ScenarioRow>('select id, scenario, name_zh, name_en, starts_at, ends_at, stopped_at from simulation_scenario order by id');
  return rows.map((row) => ({
    id: row.id,
    scenario: row.scenario,
    name: { zh: row.name_zh, en: row.name_en },
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    stoppedAt: row.stopped_at,
  }));
}

export async function addScenario(
  connection: Connection,
  { scenario, name, startsAt, endsAt, by, now }: Pick<PlayedScenario, 'scenario' | 'name' | 'startsAt' | 'endsAt'> & { by: object; now: number },
): Promise<number> {
  const { rows } = await connection.query<{ id: number }>(
    'insert into simulation_scenario (scenario, name_zh, name_en, starts_at, ends_at, created_at, created_by) values ($1, $2, $3, $4, $5, $6, $7) returning id',
    [scenario, name.zh, name.en, instant(startsAt), instant(endsAt), instant(now), JSON.stringify(by)],
  );
  return rows[0]?.id ?? 0;
}

/** Stops a scenario that is not over at `at`; false when there is none to stop. */
export async function stopScenario(connection: Connection, id: number, at: number): Promise<boolean> {
  const { rowCount } = await connection.query(
    'update simulation_scenario set stopped_at = $2 where id = $1 and stopped_at is null and ends_at > $2::timestamptz and starts_at <= $2::timestamptz',
    [id, instant(at)],
  );
  return rowCount === 1;
}

/** What the simulator kept of its back-fill; empty at first. */
export async function readProgress(database: Queryable): Promise<Record<string, unknown>> {
  const { rows } = await database.query<{ progress: Record<string, unknown> }>('select progress from simulation');
  return rows[0]?.progress ?? {};
}

/** `clock`: written where there is no row yet. */
export async function writeProgress(database: Queryable, progress: Record<string, unknown>, clock: ClockRecord): Promise<void> {
  await database.query(
    `insert into simulation (real_at, city_at, speed, fast_until, progress) values ($2, $3, 1, null, $1)
     on conflict (singleton) do update set progress = excluded.progress`,
    [JSON.stringify(progress), instant(clock.realAt), instant(clock.cityAt)],
  );
}
