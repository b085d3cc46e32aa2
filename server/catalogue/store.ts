/** Every version of the catalogue that ever ruled this store, with its text: an alert points to the one it was judged by. */
import { instant, type Queryable } from '../db/pool.ts';
import type { Catalogue } from './catalogue.ts';

/** The version's number in the store; made when it is new. */
export async function recordCatalogueVersion(connection: Queryable, catalogue: Catalogue, now: number): Promise<number> {
  await connection.query('insert into catalogue_version (hash, files, loaded_at) values ($1, $2, $3) on conflict do nothing', [
    catalogue.version,
    JSON.stringify(catalogue.files),
    instant(now),
  ]);
  const { rows } = await connection.query<{ id: number }>('select id from catalogue_version where hash = $1', [catalogue.version]);
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('The catalogue version was recorded and is not there.');
  return id;
}
