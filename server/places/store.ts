/** Places in the store. What leaves the YAML is retired, never deleted. */
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Place, placeIdSchema, placeKindSchema } from '../contract/index.ts';
import { type Database, instant, type Queryable } from '../db/pool.ts';

export async function syncPlaces(connection: Queryable, catalogue: Catalogue, now: number): Promise<void> {
  const places = [...catalogue.places.values()];
  await connection.query(
    `insert into place (id, kind, parent_id, name_zh, name_en, longitude, latitude, note_zh, note_en)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::float8[], $7::float8[], $8::text[], $9::text[])
     on conflict (id) do update set kind = excluded.kind, parent_id = excluded.parent_id, name_zh = excluded.name_zh, name_en = excluded.name_en,
       longitude = excluded.longitude, latitude = excluded.latitude, note_zh = excluded.note_zh, note_en = excluded.note_en, retired_at = null`,
    [
      places.map((p) => p.id),
      places.map((p) => p.kind),
      places.map((p) => p.parent),
      places.map((p) => p.name.zh),
      places.map((p) => p.name.en),
      places.map((p) => p.location?.longitude ?? null),
      places.map((p) => p.location?.latitude ?? null),
      places.map((p) => p.note?.zh ?? null),
      places.map((p) => p.note?.en ?? null),
    ],
  );
  await connection.query('update place set retired_at = $2 where retired_at is null and id <> all ($1::text[])', [places.map((p) => p.id), instant(now)]);
}

interface PlaceRow {
  id: string;
  kind: string;
  parent_id: string | null;
  name_zh: string;
  name_en: string;
  longitude: number | null;
  latitude: number | null;
  note_zh: string | null;
  note_en: string | null;
}

/** Places that are no longer in the YAML but have a past. */
export async function retiredPlaces(database: Database): Promise<Place[]> {
  const { rows } = await database.query<PlaceRow>(
    'select id, kind, parent_id, name_zh, name_en, longitude, latitude, note_zh, note_en from place where retired_at is not null order by id',
  );
  return rows.map((row) => ({
    id: placeIdSchema.parse(row.id),
    kind: placeKindSchema.parse(row.kind),
    name: { zh: row.name_zh, en: row.name_en },
    parent: row.parent_id === null ? null : placeIdSchema.parse(row.parent_id),
    location: row.longitude === null || row.latitude === null ? null : { longitude: row.longitude, latitude: row.latitude },
    note: row.note_zh === null || row.note_en === null ? null : { zh: row.note_zh, en: row.note_en },
    retired: true,
  }));
}
