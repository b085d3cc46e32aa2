/** The basemap as it is committed, read as a map reads it. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';
import { PMTiles, type RangeResponse, type Source } from 'pmtiles';
import { beforeAll, expect, test } from 'vitest';
import { labelsText } from './labels.ts';
import { layersOf } from './layers.ts';
import { streetLines } from './street-lines.ts';
import { archiveOf } from './tiles.ts';

const folder = resolve(import.meta.dirname, '../../metrics-config/linjiang/basemap');
let archive: Buffer;
let map: PMTiles;
beforeAll(async () => {
  archive = await readFile(`${folder}/linjiang.pmtiles`);
  const source: Source = {
    getKey: () => 'linjiang',
    getBytes: (offset, length): Promise<RangeResponse> => Promise.resolve({ data: new Uint8Array(archive.subarray(offset, offset + length)).buffer }),
  };
  map = new PMTiles(source);
});

test('the archive and the labels are what the seed number makes, byte for byte', { timeout: 120_000 }, async () => {
  const streets = streetLines();
  expect(Buffer.compare(archiveOf(layersOf(streets)), archive)).toBe(0);
  expect(labelsText(streets)).toBe(await readFile(`${folder}/labels.geojson`, 'utf8'));
});

test('the archive weighs at most 2 MB and holds zooms 8 to 14', async () => {
  expect(archive.length).toBeLessThanOrEqual(2 * 1024 * 1024);
  const header = await map.getHeader();
  expect([header.specVersion, header.minZoom, header.maxZoom, header.clustered]).toEqual([3, 8, 14, true]);
  expect(await map.getMetadata()).toMatchObject({ attribution: expect.stringContaining('非真实地图') });
});

/** Features by layer in the tile that holds a spot. */
async function layersAt(longitude: number, latitude: number, z: number): Promise<Record<string, number>> {
  const side = 2 ** z;
  const x = Math.floor(((longitude + 180) / 360) * side);
  const y = Math.floor(((1 - Math.asinh(Math.tan((latitude * Math.PI) / 180)) / Math.PI) / 2) * side);
  const bytes = (await map.getZxy(z, x, y))?.data;
  if (bytes === undefined) return {};
  const { layers } = new VectorTile(new PbfReader(new Uint8Array(bytes)));
  return Object.fromEntries(Object.entries(layers).map(([name, layer]) => [name, layer.length]));
}

test('the old town has streets, canals, rails and, from zoom 13 on, houses', async () => {
  const far = await layersAt(120.28, 30.23, 9);
  expect(Object.keys(far)).toEqual(expect.arrayContaining(['water', 'green', 'relief', 'urban', 'road', 'rail', 'place', 'waterway']));
  expect(far['building']).toBeUndefined();
  const near = await layersAt(120.265, 30.23, 13);
  expect(near['building']).toBeGreaterThan(100);
  expect(near['road']).toBeGreaterThan(20);
  expect(Object.keys(near)).toEqual(expect.arrayContaining(['metro', 'waterway']));
});

test('the open sea is water alone', async () => {
  expect(await layersAt(120.75, 30.2, 12)).toEqual({ water: 1 });
});

test('tiles are compressed without a time, so that they are the same tomorrow', () => {
  const directoryAt = Number(archive.readBigUInt64LE(8));
  expect(archive.readUInt32LE(directoryAt + 4)).toBe(0);
  expect(gunzipSync(archive.subarray(directoryAt, directoryAt + Number(archive.readBigUInt64LE(16)))).length).toBeGreaterThan(1000);
});
