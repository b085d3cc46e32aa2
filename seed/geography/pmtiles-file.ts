/**
 * Writes a PMTiles archive (version 3): a header, one root directory, metadata, the tiles. Compressed in JavaScript (`fflate`) and
 * without a time, so that the same tiles are the same bytes on every machine. Tiles of equal content are stored once.
 */
import { gzipSync } from 'fflate';
import { zxyToTileId } from 'pmtiles';

export interface Tile {
  z: number;
  x: number;
  y: number;
  /** An uncompressed vector tile. */
  content: Uint8Array;
}

export interface ArchiveFacts {
  minZoom: number;
  maxZoom: number;
  /** West, south, east, north in degrees. */
  bounds: readonly [number, number, number, number];
  metadata: Record<string, unknown>;
}

const headerLength = 127;
/** A reader fetches this much first: header and root directory have to fit. */
const firstFetch = 16_384;
const gzipped = (bytes: Uint8Array): Uint8Array => gzipSync(bytes, { level: 9, mtime: 0 });

interface Entry {
  id: number;
  offset: number;
  length: number;
  run: number;
}

/** @throws when the directory outgrows what a reader fetches first; leaf directories would be needed then. */
export function pmtilesFile(tiles: readonly Tile[], facts: ArchiveFacts): Uint8Array {
  const { entries, data, contents } = stored(tiles);
  const directory = gzipped(directoryBytes(entries));
  if (headerLength + directory.length > firstFetch) throw new Error(`The root directory takes ${directory.length} bytes: too many tiles for one directory`);
  const metadata = gzipped(new TextEncoder().encode(JSON.stringify(facts.metadata)));
  const header = headerBytes(facts, {
    directory: directory.length,
    metadata: metadata.length,
    data: data.reduce((sum, { length }) => sum + length, 0),
    tiles: tiles.length,
    entries: entries.length,
    contents,
  });
  return Buffer.concat([header, directory, metadata, ...data]);
}

function stored(tiles: readonly Tile[]): { entries: Entry[]; data: Uint8Array[]; contents: number } {
  const places = new Map<string, { offset: number; length: number }>();
  const data: Uint8Array[] = [];
  const entries: Entry[] = [];
  let end = 0;
  const numbered = tiles.map((tile) => ({ id: zxyToTileId(tile.z, tile.x, tile.y), content: tile.content })).sort((a, b) => a.id - b.id);
  for (const { id, content } of numbered) {
    const key = Buffer.from(content).toString('latin1');
    let place = places.get(key);
    if (place === undefined) {
      const bytes = gzipped(content);
      place = { offset: end, length: bytes.length };
      places.set(key, place);
      data.push(bytes);
      end += bytes.length;
    }
    const last = entries.at(-1);
    if (last !== undefined && last.offset === place.offset && last.id + last.run === id) last.run += 1;
    else entries.push({ id, ...place, run: 1 });
  }
  return { entries, data, contents: places.size };
}

/** Columns of varints: ids as differences, runs, lengths, offsets (0 where a tile follows the one before). */
function directoryBytes(entries: readonly Entry[]): Uint8Array {
  const bytes: number[] = [];
  const put = (value: number): void => {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
    bytes.push(rest);
  };
  put(entries.length);
  for (const [i, { id }] of entries.entries()) put(id - (entries[i - 1]?.id ?? 0));
  for (const { run } of entries) put(run);
  for (const { length } of entries) put(length);
  for (const [i, { offset }] of entries.entries()) {
    const before = entries[i - 1];
    put(before !== undefined && offset === before.offset + before.length ? 0 : offset + 1);
  }
  return Uint8Array.from(bytes);
}

interface Sizes {
  directory: number;
  metadata: number;
  data: number;
  tiles: number;
  entries: number;
  contents: number;
}

function headerBytes({ minZoom, maxZoom, bounds }: ArchiveFacts, sizes: Sizes): Uint8Array {
  const bytes = Buffer.alloc(headerLength);
  bytes.write('PMTiles', 0, 'latin1');
  bytes[7] = 3;
  const metadataAt = headerLength + sizes.directory;
  const dataAt = metadataAt + sizes.metadata;
  const places = [headerLength, sizes.directory, metadataAt, sizes.metadata, dataAt, 0, dataAt, sizes.data, sizes.tiles, sizes.entries, sizes.contents];
  for (const [i, value] of places.entries()) bytes.writeBigUInt64LE(BigInt(value), 8 + i * 8);
  // Clustered; directories and tiles are gzip (2); vector tiles (1).
  for (const [i, value] of [1, 2, 2, 1, minZoom, maxZoom].entries()) bytes[96 + i] = value;
  const degrees = (value: number): number => Math.round(value * 1e7);
  for (const [i, value] of bounds.entries()) bytes.writeInt32LE(degrees(value), 102 + i * 4);
  bytes[118] = Math.round((minZoom + maxZoom) / 2);
  bytes.writeInt32LE(degrees((bounds[0] + bounds[2]) / 2), 119);
  bytes.writeInt32LE(degrees((bounds[1] + bounds[3]) / 2), 123);
  return bytes;
}
