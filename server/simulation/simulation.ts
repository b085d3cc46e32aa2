/**
 * The demonstration's clock and what is played on it. A scenario is a command to the one running simulator, which asks for this state and
 * sends what follows from it; nothing here writes a reading.
 */
import { type Actor, AppError, type PlayBody, type Simulation } from '../contract/index.ts';
import { type ClockRecord, cityTime, runFast, speedAt } from './clock.ts';
import { addScenario, type Connection, type Database, readProgress, scenarios, stopScenario, writeClock, writeProgress } from './store.ts';

export interface SimulationService {
  state(): Promise<Simulation>;
  /** @throws AppError `conflict` while another one is played now; `invalid_request` for a speed in the past or a start ahead. */
  play(body: PlayBody, actor: Actor): Promise<number>;
  /** Ends one that is being played; the clock goes back to true speed. @throws AppError `not_found`. */
  stop(id: number, actor: Actor): Promise<void>;
  progress(): Promise<Record<string, unknown>>;
  keepProgress(progress: Record<string, unknown>): Promise<void>;
}

export interface SimulationDeps {
  database: Database;
  /** The true time, epoch ms. */
  realNow(): number;
  /** The clock that the whole server reads. */
  clock: { record(): ClockRecord; set(record: ClockRecord): void };
  journal(connection: Connection, entry: { kind: string; actor: Actor; detail: Record<string, unknown> }): Promise<void>;
  publish(state: Simulation): void;
}

/** A start this little behind now was meant as now: the command took its time. */
const NOW_MS = 60_000;

export function createSimulation(deps: SimulationDeps): SimulationService {
  const { database, clock, realNow } = deps;
  const now = (): number => cityTime(clock.record(), realNow());

  const state = async (): Promise<Simulation> => {
    const real = realNow();
    const serverTime = cityTime(clock.record(), real);
    return { serverTime, speed: speedAt(clock.record(), real), aheadMs: serverTime - real, scenarios: await scenarios(database) };
  };
  const changed = async (): Promise<void> => deps.publish(await state());
  /** Writes the record and only then lets the server live by it. */
  const setClock = async (connection: Connection, next: { speed: number; until: number }): Promise<() => void> => {
    const record = runFast(clock.record(), { real: realNow(), ...next });
    await writeClock(connection, record);
    return () => clock.set(record);
  };

  return {
    state,
    async play({ scenario, name, durationMs, startsAt, speed }, actor) {
      const at = now();
      if (startsAt !== undefined && startsAt > at + NOW_MS) throw new AppError('invalid_request', 'A scenario cannot begin ahead of the clock.', { path: 'startsAt' });
      const begins = startsAt === undefined || startsAt > at - NOW_MS ? at : startsAt;
      const isNow = begins === at;
      if (!isNow && speed !== 1) throw new AppError('invalid_request', 'What is put into the past has no speed.', { path: 'speed' });
      const { id, apply } = await database.transaction(async (connection) => {
        // One row is the lock: two commands at the same time must see each other.
        await connection.query('lock table simulation_scenario in share row exclusive mode');
        const running = (await scenarios(connection)).find((one) => one.stoppedAt === null && one.endsAt > at && one.startsAt <= at);
        if (running !== undefined && begins + durationMs > at) throw new AppError('conflict', `"${running.scenario}" is being played: stop it first, or wait for its end.`);
        const endsAt = begins + durationMs;
        const made = await addScenario(connection, { scenario, name, startsAt: begins, endsAt, by: actor, now: at });
        const set = isNow ? await setClock(connection, { speed, until: endsAt }) : () => {};
        await deps.journal(connection, { kind: 'scenario_played', actor, detail: { id: made, scenario, startsAt: begins, endsAt, speed } });
        return { id: made, apply: set };
      });
      apply();
      await changed();
      return id;
    },
    async stop(id, actor) {
      const apply = await database.transaction(async (connection) => {
        if (!(await stopScenario(connection, id, now()))) throw new AppError('not_found', 'No such scenario is being played.');
        const set = await setClock(connection, { speed: 1, until: now() });
        await deps.journal(connection, { kind: 'scenario_stopped', actor, detail: { id } });
        return set;
      });
      apply();
      await changed();
    },
    progress: () => readProgress(database),
    keepProgress: (progress) => writeProgress(database, progress, { ...clock.record(), realAt: realNow(), cityAt: now() }),
  };
}
