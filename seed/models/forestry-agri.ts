/** Woods and fields: dryness makes fire danger, rain ends it; soils follow the wetness of their town; insects follow the summer. */
import { DAY, HOUR, type ModelTable } from '../simulator/model.ts';

export const forestryAgriModels: ModelTable = {
  forest_fire_risk: {
    base: 1.75,
    distribution: 'gauge',
    season: { amplitude: 0.1, peakDay: 60 },
    spread: 0.06,
    noise: { sd: 0.06, persistence: 2 * DAY, white: 0.05 },
    min: 1,
    max: 5,
    couplings: [
      { driver: 'wetness', effect: 'add', gain: 0.045, shape: 'below', from: 55 },
      { driver: 'humidity', effect: 'add', gain: 0.018, shape: 'below', from: 58 },
      { driver: 'wind', effect: 'add', gain: 0.14, shape: 'above', from: 6, upTo: 8 },
      { driver: 'heat', effect: 'add', gain: 0.03 },
      { driver: 'rain24h', effect: 'add', gain: -0.12, upTo: 8 },
    ],
  },
  forest_hotspots: {
    base: 0.00005,
    distribution: 'poisson',
    season: { amplitude: 0.7, peakDay: 75 },
    couplings: [{ driver: 'holiday', effect: 'multiply', gain: 3 }],
    episodes: [{ perYear: 0.6, minutes: [25, 90], add: [0.8, 2.4] }],
  },
  forest_gate_unscanned: {
    base: 0.4,
    distribution: 'poisson',
    profile: 'leisure',
    holiday: 1.5,
    spread: 0.2,
    noise: { sd: 0.15, persistence: 6 * HOUR },
    couplings: [
      { driver: 'rain', effect: 'multiply', gain: -0.15, upTo: 6 },
      { driver: 'typhoon', effect: 'multiply', gain: -0.25 },
    ],
    episodes: [{ perYear: 5, minutes: [60, 180], add: [6, 18] }],
  },
  pest_trap_count: {
    base: 20,
    distribution: 'poisson',
    season: { amplitude: 0.75, peakDay: 215 },
    spread: 0.2,
    noise: { sd: 0.12, persistence: 8 * DAY },
    episodes: [{ perYear: 0.8, minutes: [4320, 11520], times: [1.8, 4] }],
  },
  soil_moisture_crop: {
    base: 73,
    distribution: 'share',
    spread: 1,
    noise: { sd: 0.5, persistence: 2 * DAY, white: 0.05 },
    couplings: [
      { driver: 'wetness', effect: 'add', gain: 0.5, from: 60 },
      { driver: 'heat', effect: 'add', gain: -0.6 },
    ],
    max: 100,
  },
  pork_price: { base: 7.1, distribution: 'gauge', season: { amplitude: 0.02, peakDay: 350 }, noise: { sd: 0.12, persistence: 60 * DAY, white: 0.02 } },
  animal_epidemic_reports: { base: 0.0015, distribution: 'poisson', season: { amplitude: 0.5, peakDay: 30 }, episodes: [{ perYear: 0.15, minutes: [2880, 7200], add: [1, 3] }] },
  straw_burning: {
    base: 0.0006,
    distribution: 'poisson',
    season: { amplitude: 0.85, peakDay: 310 },
    couplings: [{ driver: 'rain24h', effect: 'multiply', gain: -0.2, upTo: 5 }],
    episodes: [{ perYear: 7, minutes: [40, 140], add: [2, 5] }],
  },
};
