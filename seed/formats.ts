/**
 * How each publisher writes its rows, and what they mean here: one entry for each recording in `recordings/`. Pure. A format maps
 * columns to indicators and places and nothing more: units stay as published, blank cells are no readings, and odd values are
 * passed on for the door to judge.
 */
import type { Quality, QualityReason } from '../server/contract/index.ts';
import type { Recorded } from './recorded.ts';
import { parseWall, zoneClock } from './wall-time.ts';

export type Row = Readonly<Record<string, string>>;

interface Format {
  /** The zone of the recorded clock. */
  zone: string;
  intervalMs: number;
  time: { column: string; form: 'wall' | 'utc' };
  place: (row: Row) => string;
  facet?: (row: Row) => string | null;
  /** Column → indicator; a function where the row decides. */
  values: (row: Row) => readonly (readonly [column: string, indicator: string])[];
  quality?: (row: Row) => { quality?: Quality; qualityReason?: QualityReason };
}

const HOUR_MS = 3_600_000;

/** Place ids are the publisher's own, written as ids: `BX-louis-niñé-bl-0pmu80` is `bx_louis_nine_bl_0pmu80`. */
export function placeId(published: string): string {
  return published
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
}

const floodnet: Format = {
  zone: 'America/New_York',
  intervalMs: 0,
  time: { column: 'observed_at_local', form: 'wall' },
  place: (row) => placeId(row['sensor_id'] ?? ''),
  values: () => [['depth_in', 'street_flood_depth']],
};

/** USGS qualifiers: A is approved, P provisional, e estimated; a value may carry several. */
function usgsQuality(row: Row): { quality?: Quality; qualityReason?: QualityReason } {
  const marks = row['qualifier'] ?? '';
  if (marks.includes('e')) return { quality: 'suspect', qualityReason: 'estimated' };
  return marks.includes('P') ? { qualityReason: 'provisional' } : {};
}

const usgs: Format = {
  zone: 'America/New_York',
  intervalMs: 0,
  time: { column: 'observed_at_utc', form: 'utc' },
  place: (row) => `usgs_${row['site'] ?? ''}`,
  values: () => [['stage_ft', 'stream_stage']],
  quality: usgsQuality,
};

const seattle: Format = {
  zone: 'America/Los_Angeles',
  intervalMs: HOUR_MS,
  time: { column: 'hour_local', form: 'wall' },
  place: () => 'seattle',
  values: () => [['calls', 'emergency_dispatches']],
};

const beijing: Format = {
  zone: 'Asia/Shanghai',
  intervalMs: HOUR_MS,
  time: { column: 'hour_local', form: 'wall' },
  place: (row) => `beijing_${placeId(row['station'] ?? '')}`,
  values: () => [
    ['pm25', 'pm25'],
    ['pm10', 'pm10'],
    ['so2', 'so2'],
    ['no2', 'no2'],
    ['co', 'co'],
    ['o3', 'o3'],
    ['temp_c', 'air_temperature'],
    ['rain_mm', 'rain'],
    ['wind_ms', 'wind_speed'],
  ],
};

const i94: Format = {
  zone: 'America/Chicago',
  intervalMs: HOUR_MS,
  time: { column: 'date_time', form: 'wall' },
  place: () => 'i94_atr_301',
  values: () => [
    ['traffic_volume', 'road_traffic'],
    ['temp', 'road_air_temperature'],
    ['rain_1h', 'road_rain'],
    ['snow_1h', 'road_snow'],
    ['clouds_all', 'road_cloud_cover'],
  ],
};

const dcBike: Format = {
  zone: 'America/New_York',
  intervalMs: HOUR_MS,
  time: { column: 'hour_local', form: 'wall' },
  place: () => 'washington_dc',
  values: () => [
    ['rides', 'bike_rides'],
    ['casual', 'bike_rides_casual'],
    ['registered', 'bike_rides_registered'],
  ],
};

const bogota: Format = {
  zone: 'America/Bogota',
  intervalMs: HOUR_MS,
  time: { column: 'hour_local', form: 'wall' },
  place: () => 'bogota',
  facet: (row) => (row['incident_group'] === 'total' ? null : (row['incident_group'] ?? null)),
  values: (row) => [['calls', row['incident_group'] === 'total' ? 'medical_incidents_total' : 'medical_incidents']],
};

const formats: Readonly<Record<string, Format>> = {
  floodnet_2023_09: floodnet,
  usgs_plumtree_2018_08: usgs,
  usgs_deadrun_sligo_2019_05: usgs,
  seattle_calls_2021_06: seattle,
  beijing_air_2016_12: beijing,
  i94_2016_07: i94,
  dc_bike_2012_10: dcBike,
  bogota_medical_2025_11: bogota,
};

export const knownRecordings: readonly string[] = Object.keys(formats);

/** Maps the rows of one recording; null when no format is known for it. */
export function rowMapper(recording: string): { intervalMs: number; map: (row: Row) => Recorded[] } | null {
  const format = formats[recording];
  if (format === undefined) return null;
  const clock = zoneClock(format.zone);
  const wallOf = (text: string): number | null => {
    if (format.time.form === 'wall') return parseWall(text);
    const utc = parseWall(text.replace(/Z$/, ''));
    return utc === null ? null : clock.wallOf(utc);
  };
  return {
    intervalMs: format.intervalMs,
    map(row) {
      const wall = wallOf(row[format.time.column] ?? '');
      if (wall === null) return [];
      const common = { wall, place: format.place(row), facet: format.facet?.(row) ?? null, ...format.quality?.(row) };
      return format.values(row).flatMap(([column, indicator]) => {
        const cell = (row[column] ?? '').trim();
        const value = Number(cell);
        return cell === '' || !Number.isFinite(value) ? [] : [{ ...common, indicator, value }];
      });
    },
  };
}
