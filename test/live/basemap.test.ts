/** The base map's tiles over HTTP: byte ranges of one file, for those who may see the city. */
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository, startTestServer, type TestServer } from '../support/server.ts';

const archive = path.join(repository, 'metrics-config/linjiang/basemap/linjiang.pmtiles');
const tiles = '/api/v1/basemap/tiles.pmtiles';
let test: TestServer;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'city-vitals-tiles-'));
  cpSync(path.join(repository, 'test/fixtures/riverside'), folder, { recursive: true });
  mkdirSync(path.join(folder, 'basemap'), { recursive: true });
  copyFileSync(archive, path.join(folder, 'basemap/ground.pmtiles'));
  const city = readFileSync(path.join(folder, 'city.yaml'), 'utf8').replace(/^basemap:\n(?:[ ]+.*\n)*/m, '');
  writeFileSync(
    path.join(folder, 'city.yaml'),
    `${city}\nbasemap:\n  attribution: { zh: 演示, en: Demonstration }\n  tiles: { file: basemap/ground.pmtiles, minZoom: 8, maxZoom: 14 }\n`,
  );
  test = await startTestServer({ city: folder });
});
afterAll(async () => {
  await test?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the tiles of a city', () => {
  it('are told with the city and answered range by range', async () => {
    const { json } = await test.call('GET', '/api/v1/city');
    expect(json.basemap.tiles).toEqual({ url: tiles, minZoom: 8, maxZoom: 14 });
    const head = await test.call('GET', tiles, { headers: { Range: 'bytes=0-126' } });
    expect([head.status, head.headers.get('content-range'), head.headers.get('content-type')]).toEqual([
      206,
      `bytes 0-126/${readFileSync(archive).length}`,
      'application/vnd.pmtiles',
    ]);
    expect(head.text.startsWith('PMTiles')).toBe(true);
    expect(head.headers.get('etag')).not.toBeNull();
  });

  it('are not for strangers', async () => {
    expect((await test.call('GET', tiles, { token: null })).status).toBe(401);
  });
});
