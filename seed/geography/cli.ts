/**
 * `npm run geography`: makes the demonstration city's land anew from its one seed number. The same command writes the same bytes on
 * every machine; what it writes is committed.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { factsOf } from './facts.ts';
import { labelsText } from './labels.ts';
import { layersOf } from './layers.ts';
import { divideTowns } from './partition.ts';
import { placeStations } from './stations.ts';
import { streetLines } from './street-lines.ts';
import { archiveOf } from './tiles.ts';
import { factsText, regionsText, stationsText } from './write-places.ts';

const repository = resolve(import.meta.dirname, '../..');
const folder = 'metrics-config/linjiang';

async function write(file: string, content: string | Uint8Array): Promise<void> {
  const path = join(repository, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  console.log(`${file}: ${(content.length / 1024).toFixed(0)} KB`);
}

const areas = divideTowns();
const stations = placeStations(areas);
const streets = streetLines();
await write(`${folder}/places/regions.geojson`, regionsText(areas, 'linjiang'));
await write(`${folder}/places/stations.csv`, stationsText(stations));
await write('seed/geography/facts.json', factsText(factsOf(areas, stations)));
await write(`${folder}/basemap/linjiang.pmtiles`, archiveOf(layersOf(streets)));
await write(`${folder}/basemap/labels.geojson`, labelsText(streets));
