/** Lakes follow the summer, wetlands the canals, slopes the soil and the rain, and carbon the electric load. */
import { type CustomModel, DAY, HOUR, MINUTE, type ModelTable } from '../simulator/model.ts';
import { unit } from '../simulator/noise.ts';

const DAY_MINUTES = DAY / MINUTE;

/** How fast a slope at rest moves, mm a day. */
const CREEP = 0.3;

/** Full soil makes a slope creep, a great rain on top makes it run; but one slope is many times as ready as another. */
const slope: CustomModel = ({ fields, town, placeKey }) => {
  const readiness = 0.1 + 1.5 * unit(placeKey, 5) ** 2;
  return ({ from, stepMs, count }, out) => {
    for (let i = 0; i < count; i++) {
      const at = from + i * stepMs;
      const soil = Math.max(0, fields.at('wetness', town, at - HOUR) - 85);
      const day = Math.max(0, fields.at('rain24h', town, at - 2 * HOUR) - 70);
      const halfDay = Math.max(0, fields.at('rain12h', town, at - HOUR) - 90);
      out[i] = CREEP + readiness * (0.05 * soil + 0.05 * day + 0.09 * halfDay);
    }
  };
};

export const ecologyModels: ModelTable = {
  // A heat wave of a week makes a bloom; rain flushes it.
  blue_algae_density: {
    base: 220,
    distribution: 'gauge',
    season: { amplitude: 0.85, peakDay: 225 },
    spread: 30,
    noise: { sd: 30, persistence: 4 * DAY },
    couplings: [
      { driver: 'heat', effect: 'multiply', gain: 0.2, lagMs: DAY },
      { driver: 'rain24h', effect: 'multiply', gain: -0.01, upTo: 50 },
    ],
    min: 1,
  },
  wetland_level: {
    base: 0.02,
    distribution: 'gauge',
    spread: 0.025,
    noise: { sd: 0.012, persistence: DAY, white: 0.05 },
    couplings: [
      { driver: 'canal', effect: 'add', gain: 0.35, lagMs: 6 * HOUR },
      { driver: 'heat', effect: 'add', gain: -0.008, lagMs: DAY },
    ],
    episodes: [{ perYear: 1.5, minutes: [720, 3 * DAY_MINUTES], add: [-0.35, -0.2] }],
  },
  // Against the day's share of the year's target: the load at noon decides, and works that stop on holidays lower it.
  carbon_intensity_day: {
    base: 0.98,
    distribution: 'gauge',
    holiday: 0.985,
    spread: 0.003,
    noise: { sd: 0.005, persistence: 2 * DAY },
    couplings: [{ driver: 'powerLoad', effect: 'add', gain: 0.08, from: 1.15 }],
    min: 0,
  },
  energy_use_firms_over: {
    base: 1.9,
    distribution: 'stock',
    spread: 0.3,
    noise: { sd: 0.3, persistence: 8 * DAY, white: 0.05 },
    couplings: [{ driver: 'powerLoad', effect: 'add', gain: 7, shape: 'above', from: 1.45 }],
    episodes: [{ perYear: 0.4, minutes: [2 * DAY_MINUTES, 8 * DAY_MINUTES], add: [3.5, 7] }],
  },
  sand_mining_hits: {
    base: 0.0012,
    distribution: 'poisson',
    profile: 'night',
    spread: 0.2,
    couplings: [
      { driver: 'river', effect: 'multiply', gain: -0.4, upTo: 2 },
      { driver: 'typhoon', effect: 'multiply', gain: -0.3 },
    ],
    episodes: [{ perYear: 0.8, minutes: [60, 180], add: [1.2, 5] }],
  },
  land_subsidence_rate: {
    base: 4,
    distribution: 'gauge',
    spread: 1,
    noise: { sd: 0.15, persistence: 20 * DAY, white: 0.1 },
    episodes: [{ perYear: 0.15, minutes: [10 * DAY_MINUTES, 25 * DAY_MINUTES], add: [7, 20] }],
  },
  landslide_displacement: {
    base: CREEP,
    distribution: 'gauge',
    spread: 0.06,
    noise: { sd: 0.04, persistence: 6 * HOUR },
    episodes: [{ perYear: 0.25, minutes: [360, DAY_MINUTES], add: [2, 4.5] }],
    min: 0,
    custom: slope,
  },
  tree_fall_reports: {
    base: 0.003,
    distribution: 'poisson',
    scale: 'population',
    spread: 0.1,
    couplings: [
      { driver: 'damage', effect: 'add', gain: 10, lagMs: 20 * MINUTE },
      { driver: 'thunder', effect: 'add', gain: 0.15, shape: 'above', from: 0.3, lagMs: 20 * MINUTE },
      { driver: 'cold', effect: 'add', gain: 0.01, shape: 'above', from: 9 },
    ],
  },
};
