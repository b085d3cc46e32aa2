/** Indicators and series in the store. What leaves the YAML is retired here, never deleted: its history still has a name. */
import type { Catalogue } from '../catalogue/catalogue.ts';
import { facetSchema, indicatorIdSchema, placeIdSchema, type Series, seriesIdSchema, sourceIdSchema } from '../contract/index.ts';
import { type Database, instant, type Queryable } from '../db/pool.ts';
import type { SeriesKey } from './registry.ts';

export async function syncIndicators(connection: Queryable, catalogue: Catalogue, now: number): Promise<void> {
  const definitions = [...catalogue.indicators.values()];
  await connection.query(
    `insert into indicator (id, definition) select * from unnest($1::text[], $2::jsonb[])
     on conflict (id) do update set definition = excluded.definition, retired_at = null where indicator.definition is distinct from excluded.definition or indicator.retired_at is not null`,
    [definitions.map((d) => d.id), definitions.map((d) => JSON.stringify(d))],
  );
  await connection.query('update indicator set retired_at = $2 where retired_at is null and id <> all ($1::text[])', [definitions.map((d) => d.id), instant(now)]);
}

interface SeriesRow {
  id: number;
  indicator_id: string;
  place_id: string;
  facet: string | null;
  simulated: boolean;
  source_id: string | null;
}

function toSeries(row: SeriesRow): Series {
  return {
    id: seriesIdSchema.parse(row.id),
    indicator: indicatorIdSchema.parse(row.indicator_id),
    place: placeIdSchema.parse(row.place_id),
    facet: row.facet === null ? null : facetSchema.parse(row.facet),
    simulated: row.simulated,
    source: row.source_id === null ? null : sourceIdSchema.parse(row.source_id),
  };
}

export async function allSeries(database: Database): Promise<Series[]> {
  const { rows } = await database.query<SeriesRow>('select id, indicator_id, place_id, facet, simulated, source_id from series order by id');
  return rows.map(toSeries);
}

/** Finds or makes the series of `keys`; answers in the order of `keys`. Their indicators and places must exist. */
export async function ensureSeries(connection: Queryable, keys: readonly SeriesKey[], context: { now: number; simulated: boolean; sourceId: string | null }): Promise<Series[]> {
  const parameters = [keys.map((k) => k.indicator), keys.map((k) => k.place), keys.map((k) => k.facet)];
  await connection.query(
    `insert into series (indicator_id, place_id, facet, simulated, source_id, created_at)
     select distinct k.indicator_id, k.place_id, k.facet, $4::boolean, $5, $6::timestamptz from unnest($1::text[], $2::text[], $3::text[]) as k (indicator_id, place_id, facet)
     where not exists (select from series s where s.indicator_id = k.indicator_id and s.place_id = k.place_id and s.facet is not distinct from k.facet)
     on conflict do nothing`,
    [...parameters, context.simulated, context.sourceId, instant(context.now)],
  );
  const { rows } = await connection.query<SeriesRow>(
    `select s.id, s.indicator_id, s.place_id, s.facet, s.simulated, s.source_id
     from unnest($1::text[], $2::text[], $3::text[]) with ordinality as k (indicator_id, place_id, facet, n)
     join series s on s.indicator_id = k.indicator_id and s.place_id = k.place_id and s.facet is not distinct from k.facet order by k.n`,
    parameters,
  );
  return rows.map(toSeries);
}

/** Notes who writes a series now. Simulated is never taken back: what was once played stays labelled. */
export async function markSource(database: Database, ids: readonly number[], source: { id: string | null; simulated: boolean }): Promise<void> {
  await database.query('update series set source_id = $2, simulated = simulated or $3 where id = any ($1::int[])', [ids, source.id, source.simulated]);
}
