/** The store knows whose it is: a city's id and zone are written when it is made, and a start with others is refused. */
import { OperatorError } from '../contract/index.ts';
import { type Database, instant } from './pool.ts';
import type { Engine } from './time-series.ts';

/**
 * Claims the store for a city; answers when the store was made (epoch ms).
 * @throws Error that says what to do, when the store belongs to another city or was made with another time zone.
 */
export async function claimStore(database: Database, city: { id: string; timeZone: string; engine: Engine; now: number }): Promise<{ createdAt: number }> {
  await database.query('insert into store (city_id, time_zone, engine, created_at) values ($1, $2, $3, $4) on conflict do nothing', [
    city.id,
    city.timeZone,
    city.engine,
    instant(city.now),
  ]);
  const { rows } = await database.query<{ city_id: string; time_zone: string; created_at: number }>('select city_id, time_zone, created_at from store');
  const store = rows[0];
  if (store === undefined) throw new OperatorError('The store has lost the record of its city. Restore a backup.');
  if (store.city_id !== city.id)
    throw new OperatorError(`This store belongs to the city "${store.city_id}", not to "${city.id}". Set DATA_DIR or DATABASE_URL to a store of its own for each city.`);
  if (store.time_zone !== city.timeZone) {
    throw new OperatorError(
      `This store was made with the time zone ${store.time_zone}; city.yaml now says ${city.timeZone}. Stored days cannot move: set the zone back, or begin a new store.`,
    );
  }
  return { createdAt: store.created_at };
}
