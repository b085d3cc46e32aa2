/**
 * The catalogue in force, and its reflection in the store: places and indicators are brought up to date, series that are expected are
 * made, the version is recorded. A new catalogue rules only after all that is committed.
 */
import type { Catalogue, Problem } from '../catalogue/catalogue.ts';
import { recordCatalogueVersion } from '../catalogue/store.ts';
import type { CatalogueState } from '../contract/index.ts';
import type { Database } from '../db/pool.ts';
import type { SeriesRegistry } from '../indicators/registry.ts';
import { ensureSeries, syncIndicators } from '../indicators/store.ts';
import { syncPlaces } from '../places/store.ts';

export interface CityState {
  readonly catalogue: Catalogue;
  /** The store's number of it. */
  readonly version: number;
  adopt(catalogue: Catalogue, now: number): Promise<void>;
  refuse(problems: readonly Problem[]): void;
  /** For the page: the version in force, and what is wrong with the newest edit. */
  state(): CatalogueState;
}

export async function openCityState(database: Database, registry: SeriesRegistry, first: { catalogue: Catalogue; now: number }): Promise<CityState> {
  let problems: Problem[] = [];
  let current = { catalogue: first.catalogue, version: 0, loadedAt: first.now };

  const adopt = async (catalogue: Catalogue, now: number): Promise<void> => {
    const { version, series } = await database.transaction(async (connection) => {
      // Two servers that start together bring the same rows up to date: one after the other.
      await connection.query("select pg_advisory_xact_lock(hashtext('catalogue'))");
      await syncPlaces(connection, catalogue, now);
      await syncIndicators(connection, catalogue, now);
      return {
        version: await recordCatalogueVersion(connection, catalogue, now),
        series: await ensureSeries(connection, catalogue.expectedSeries, { now, simulated: false, sourceId: null }),
      };
    });
    for (const one of series) registry.put(one);
    current = { catalogue, version, loadedAt: now };
    problems = [];
  };
  await adopt(first.catalogue, first.now);

  return {
    get catalogue() {
      return current.catalogue;
    },
    get version() {
      return current.version;
    },
    adopt,
    refuse(found) {
      problems = [...found];
    },
    state: () => ({ version: current.catalogue.version, loadedAt: current.loadedAt, problems }),
  };
}
