/** Flood: how rain gauges, river, canals, reservoirs, tide, streets and pumps behave. Levels are told over each station's own warning level. */
import { atPlace, fromDriver, fromDrivers, roomOf, standingWater } from '../simulator/custom.ts';
import type { Driver } from '../simulator/drivers.ts';
import { type Chunk, type CustomModel, HOUR, MINUTE, type ModelTable, type SeriesContext } from '../simulator/model.ts';
import { between } from '../simulator/noise.ts';
import { sample } from '../simulator/sample.ts';
import { gaugeFacts } from '../simulator/towns.ts';

/** Every gauge catches a little more or less than its town on average, always the same. */
const CATCH: readonly [number, number] = [0.85, 1.15];

/** The flood wave travels down the Lin at 8 km/h, the tide up at 25. */
const WAVE_KMH = 8;
const TIDE_KMH = 25;
/** Over so many kilometres the tide loses two thirds of its height. */
const TIDE_REACH_KM = 18;

/** One driver of the series' town, or of the city, at a later time and with a weight. */
interface Part {
  driver: Driver;
  inTown: boolean;
  lagMs: number;
  gain: number;
}

/** A river or canal gauge's level over its warning level: a base and what river, canal and tide add to it. */
function gauge({ place, placeKey, number, of }: SeriesContext): { base: number; fresh: Part[]; tide: Part } {
  const own = between(placeKey, 6, [0.88, 1.12]);
  const { km, mouthKm } = gaugeFacts(place, { number, of });
  if (place.startsWith('canal')) {
    // Outlet gates keep the sea out; what leaks through is felt at the lower end alone.
    return {
      base: between(placeKey, 7, [-1.15, -0.95]),
      fresh: [{ driver: 'canal', inTown: true, lagMs: 0, gain: own }],
      tide: { driver: 'tide', inTown: false, lagMs: HOUR, gain: 0.03 },
    };
  }
  const reach = Math.exp((km - mouthKm) / TIDE_REACH_KM);
  return {
    base: between(placeKey, 7, [-1.28, -1.12]) - 1.05 * reach,
    fresh: [
      { driver: 'river', inTown: false, lagMs: (km / WAVE_KMH) * HOUR, gain: own * (1.1 - 0.006 * km) },
      { driver: 'canal', inTown: false, lagMs: 2 * HOUR, gain: 0.2 },
    ],
    tide: { driver: 'tide', inTown: false, lagMs: ((mouthKm - km) / TIDE_KMH) * HOUR, gain: reach },
  };
}

function addPart(out: Float64Array, chunk: Chunk, { series, part, sign = 1 }: { series: SeriesContext; part: Part; sign?: number }): void {
  const room = roomOf(0, chunk.count);
  if (!sample(room, chunk, { fields: series.fields, driver: part.driver, town: part.inTown ? series.town : -1, lagMs: part.lagMs })) return;
  for (let i = 0; i < chunk.count; i++) (out[i] as number) += sign * part.gain * (room[i] as number);
}

const level: CustomModel = (series) => {
  const { base, fresh, tide } = gauge(series);
  return (chunk, out) => {
    out.fill(base, 0, chunk.count);
    for (const part of [...fresh, tide]) addPart(out, chunk, { series, part });
  };
};

/** Rise within the last hour. The tide's own rise is taken out, as a duty officer would do: it comes twice a day. */
const riseRate: CustomModel = (series) => {
  const { fresh } = gauge(series);
  return (chunk, out) => {
    out.fill(0, 0, chunk.count);
    for (const part of fresh) {
      addPart(out, chunk, { series, part });
      addPart(out, chunk, { series, part: { ...part, lagMs: part.lagMs + HOUR }, sign: -1 });
    }
  };
};

const seaLevel: CustomModel = (series) => {
  const base = -2.12 - 0.06 * series.number;
  return fromDriver('tide', (tide) => base + tide, (series.number - 1) * 8 * MINUTE)({ ...series, town: -1 });
};

export const floodModels: ModelTable = {
  rain_1h: { base: 0, distribution: 'gauge', min: 0, custom: atPlace('rain1h', CATCH) },
  rain_3h: { base: 0, distribution: 'gauge', min: 0, custom: atPlace('rain3h', CATCH) },
  rain_6h: { base: 0, distribution: 'gauge', min: 0, custom: atPlace('rain6h', CATCH) },
  rain_12h: { base: 0, distribution: 'gauge', min: 0, custom: atPlace('rain12h', CATCH) },
  river_level_over_warning: { base: -1.2, distribution: 'gauge', noise: { sd: 0.012, persistence: 2 * HOUR }, spread: 0, custom: level },
  river_level_rise_rate: { base: 0, distribution: 'gauge', noise: { sd: 0.008, persistence: 20 * MINUTE }, spread: 0, custom: riseRate },
  // Slower than anything else here: it stands for weeks of rain.
  reservoir_level_over_limit: {
    base: -0.8,
    distribution: 'gauge',
    noise: { sd: 0.01, persistence: 24 * HOUR },
    spread: 0.06,
    custom: fromDrivers(['wetness', 'rain24h'], ([wet = 0, rain = 0]) => -0.85 + 0.012 * (wet - 52) + 0.0032 * rain),
  },
  reservoir_seepage: {
    base: 2,
    distribution: 'gauge',
    noise: { sd: 0.04, persistence: 12 * HOUR },
    spread: 0.25,
    couplings: [{ driver: 'wetness', effect: 'add', gain: 0.006, from: 55, lagMs: 12 * HOUR }],
  },
  tide_level_over_warning: { base: -2.1, distribution: 'gauge', noise: { sd: 0.02, persistence: HOUR }, spread: 0, custom: seaLevel },
  soil_saturation: { base: 60, distribution: 'share', noise: { sd: 0.5, persistence: 12 * HOUR }, spread: 2, custom: fromDriver('wetness', (wet) => 0.96 * wet) },
  flash_flood_risk_index: {
    base: 5,
    distribution: 'share',
    noise: { sd: 0.6, persistence: 2 * HOUR },
    spread: 0.8,
    custom: fromDrivers(['rain1h', 'rain3h', 'wetness'], ([hour = 0, three = 0, wet = 0]) => 4 + 1.05 * hour + 0.3 * three + 0.25 * Math.max(0, wet - 72)),
  },
  // Nobody on ordinary days; lists are drawn up from the third stage of a typhoon warning and in towns under water.
  people_to_evacuate: {
    base: 0,
    distribution: 'stock',
    scale: 'none',
    couplings: [
      { driver: 'typhoon', effect: 'add', gain: 110, shape: 'above', from: 2 },
      { driver: 'ponding', effect: 'add', gain: 4, shape: 'above', from: 30, lagMs: 20 * MINUTE },
    ],
  },
  pond_depth: {
    base: 0,
    distribution: 'gauge',
    min: 0,
    custom: standingWater({ capacity: [15, 33], gather: [1.4, 12], halfHours: [0.12, 0.45] }),
    // A burst hydrant, a blocked gully being flushed.
    episodes: [{ perYear: 0.3, minutes: [15, 50], add: [2, 10], shape: 'jolt' }],
  },
  underpass_depth: {
    base: 0,
    distribution: 'gauge',
    min: 0,
    custom: standingWater({ capacity: [24, 46], gather: [2.4, 7], halfHours: [0.3, 0.9] }),
    episodes: [{ perYear: 0.6, minutes: [10, 30], add: [2, 4] }],
  },
  // Pumps start with the first runoff and run until canals are down.
  pump_station_running_ratio: {
    base: 5,
    distribution: 'share',
    noise: { sd: 1.2, persistence: 40 * MINUTE },
    spread: 1,
    custom: fromDrivers(['canal', 'runoff'], ([canal = 0, runoff = 0]) => 4.5 + 92 * (1 - Math.exp(-1.5 * canal - 0.035 * runoff))),
  },
  gate_fault_count: {
    base: 0.1,
    distribution: 'stock',
    noise: { sd: 0.09, persistence: 6 * HOUR },
    couplings: [
      { driver: 'powerCut', effect: 'add', gain: 0.35, shape: 'above', from: 0.6 },
      { driver: 'typhoon', effect: 'add', gain: 0.4 },
    ],
    episodes: [{ perYear: 30, minutes: [60, 300], add: [0.9, 1.8], shape: 'step' }],
  },
  manhole_level: {
    base: 20,
    distribution: 'share',
    noise: { sd: 2, persistence: 2 * HOUR },
    spread: 3.5,
    couplings: [
      { driver: 'runoff', effect: 'add', gain: 2.7, lagMs: 6 * MINUTE },
      { driver: 'canal', effect: 'add', gain: 14 },
    ],
  },
};
