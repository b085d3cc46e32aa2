/** All stations of the district: each type at its sites, numbered, in the town that holds it. */
import { type TownArea, written } from './partition.ts';
import { distance, type Point } from './plane.ts';
import * as city from './sites-city.ts';
import * as flood from './sites-flood.ts';
import * as traffic from './sites-traffic.ts';
import { type Site, type Survey, surveyOf } from './siting.ts';
import { stationTypes } from './station-types.ts';
import type { Name } from './toponyms.ts';

export interface PlacedStation {
  id: string;
  name: Name;
  kind: 'station' | 'facility';
  /** The id of the town that holds it. */
  parent: string;
  point: Point;
  indicators: readonly string[];
  limits: readonly string[];
}

const sitesOf: Readonly<Record<string, (survey: Survey) => Site[]>> = {
  rain: flood.rainSites,
  river: flood.riverSites,
  canal: flood.canalSites,
  reservoir: flood.reservoirSites,
  tide: flood.tideSites,
  catchment: flood.catchmentSites,
  pond: traffic.pondSites,
  underpass: traffic.underpassSites,
  pump: flood.pumpSites,
  manhole: traffic.manholeSites,
  weather: city.weatherSites,
  air: city.airSites,
  voc: city.vocSites,
  wq: flood.waterQualitySites,
  noise: traffic.noiseSites,
  radiation: city.radiationSites,
  road: traffic.roadSites,
  tunnel: traffic.tunnelSites,
  bridge: traffic.bridgeSites,
  metro: traffic.metroSites,
  hub: traffic.hubSites,
  airport: traffic.airportSites,
  substation: city.substationSites,
  gas: city.gasSites,
  water: traffic.pressureSites,
  waterplant: city.waterplantSites,
  sewage: city.sewageSites,
  hydrant: traffic.hydrantSites,
  hospital: city.hospitalSites,
  venue: city.venueSites,
  site: city.siteSites,
  school: city.schoolSites,
  elder: city.elderSites,
  hall: city.hallSites,
  gate: city.gateSites,
  pest: city.pestSites,
  farm: city.farmSites,
  waterway: flood.waterwaySites,
  lock: flood.lockSites,
  port: city.portSites,
  wetland: flood.wetlandSites,
  lake: flood.lakeSites,
  subsidence: city.subsidenceSites,
  slope: city.slopeSites,
  incinerator: city.incineratorSites,
};

/** @throws when a type has another number of sites than its table says, or a site lies outside every town. */
export function placeStations(areas: readonly TownArea[]): PlacedStation[] {
  const survey = surveyOf(areas);
  const taken: Point[] = [];
  return stationTypes.flatMap(({ prefix, count, kind, expects }) => {
    const sites = sitesOf[prefix]?.(survey) ?? [];
    if (sites.length !== count) throw new Error(`${prefix} has ${sites.length} sites for ${count} stations`);
    return sites.map(({ name, limits = [], ...site }, i) => {
      const point = freeSpot(site.point, { taken, survey });
      const town = survey.townOf(point);
      taken.push(point);
      if (town === undefined) throw new Error(`${prefix} ${i + 1} (${name.zh}) lies outside the district: ${point.join(', ')}`);
      return { id: `${prefix}_${String(i + 1).padStart(2, '0')}`, name, kind, parent: town.id, point, indicators: expects(i + 1), limits };
    });
  });
}

/** Two marks on one spot could not be told apart. */
const roomKm = 0.03;

/** The point as it is written, or the nearest one that nobody stands on and that lies in the same town. */
function freeSpot(wanted: Point, { taken, survey }: { taken: readonly Point[]; survey: Survey }): Point {
  const first = written(wanted);
  const isFree = (point: Point): boolean => taken.every((other) => distance(other, point) >= roomKm) && survey.townOf(point) === survey.townOf(first);
  for (let turn = 0; turn < 200; turn++) {
    const reach = turn === 0 ? 0 : 0.02 + turn * 0.002;
    const tried = written([wanted[0] + reach * Math.cos(turn * 2.4), wanted[1] + reach * Math.sin(turn * 2.4)]);
    if (isFree(tried)) return tried;
  }
  throw new Error(`No free spot near ${wanted.join(', ')}`);
}
