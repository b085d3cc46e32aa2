/** Air in still weather, rivers after rain, streets by day, and the small accidents of firms. */
import { DAY, HOUR, MINUTE, type ModelTable } from '../simulator/model.ts';
import { airIndex, airOf } from './air.ts';

const DAY_MINUTES = DAY / MINUTE;

export const environmentModels: ModelTable = {
  // The base of what is made by `air.ts` is the usual of the year; the value itself comes from there.
  aqi: { base: 60, distribution: 'gauge', spread: 0, custom: airIndex },
  pm25: { base: 30, distribution: 'gauge', spread: 0, custom: airOf('pm25') },
  pm10: { base: 55, distribution: 'gauge', spread: 0, custom: airOf('pm10') },
  o3_1h: { base: 80, distribution: 'gauge', spread: 0, custom: airOf('o3') },
  no2_1h: { base: 32, distribution: 'gauge', spread: 0, custom: airOf('no2') },
  voc_tvoc: {
    base: 0.2,
    distribution: 'gauge',
    profile: 'industry',
    profileStrength: 0.6,
    spread: 0.03,
    noise: { sd: 0.022, persistence: HOUR },
    couplings: [
      { driver: 'stagnation', effect: 'multiply', gain: 0.7, from: 0.35 },
      { driver: 'heat', effect: 'multiply', gain: 0.03 },
      { driver: 'rain', effect: 'multiply', gain: -0.05, upTo: 6 },
    ],
    episodes: [{ perYear: 5, minutes: [30, 120], add: [0.5, 1.6] }],
    min: 0.02,
  },
  odor_complaints: {
    base: 0.12,
    distribution: 'poisson',
    profile: 'evening',
    scale: 'population',
    spread: 0.15,
    noise: { sd: 0.15, persistence: 4 * HOUR },
    couplings: [
      { driver: 'stagnation', effect: 'multiply', gain: 0.9, from: 0.35 },
      { driver: 'heat', effect: 'multiply', gain: 0.06 },
      { driver: 'gasLeak', effect: 'add', gain: 14, lagMs: 10 * MINUTE },
    ],
    episodes: [{ perYear: 1.8, minutes: [60, 240], add: [3, 9] }],
  },
  // Cold water holds more oxygen, light makes it, the first flush of rain eats it.
  water_quality_do: {
    base: 8,
    distribution: 'gauge',
    season: { amplitude: 0.12, peakDay: 20 },
    spread: 0.22,
    noise: { sd: 0.13, persistence: 12 * HOUR },
    couplings: [
      { driver: 'sun', effect: 'add', gain: 0.6, lagMs: 2 * HOUR },
      { driver: 'heat', effect: 'add', gain: -0.06 },
      { driver: 'rain24h', effect: 'add', gain: -0.3, shape: 'log', lagMs: 8 * HOUR },
    ],
    episodes: [{ perYear: 0.6, minutes: [720, 2 * DAY_MINUTES], add: [-3.5, -2] }],
    min: 0.2,
  },
  water_quality_nh3n: {
    base: 0.4,
    distribution: 'gauge',
    season: { amplitude: 0.15, peakDay: 20 },
    spread: 0.07,
    noise: { sd: 0.035, persistence: DAY },
    couplings: [{ driver: 'rain24h', effect: 'add', gain: 0.06, shape: 'log', lagMs: 8 * HOUR }],
    episodes: [{ perYear: 0.8, minutes: [720, 2 * DAY_MINUTES], add: [0.6, 1.4] }],
    min: 0.02,
  },
  water_quality_tp: {
    base: 0.1,
    distribution: 'gauge',
    spread: 0.014,
    noise: { sd: 0.007, persistence: DAY },
    couplings: [{ driver: 'rain24h', effect: 'add', gain: 0.016, shape: 'log', lagMs: 8 * HOUR }],
    episodes: [{ perYear: 0.6, minutes: [720, 2 * DAY_MINUTES], add: [0.1, 0.25] }],
    min: 0.01,
  },
  water_quality_codmn: {
    base: 3.5,
    distribution: 'gauge',
    season: { amplitude: 0.06, peakDay: 200 },
    spread: 0.3,
    noise: { sd: 0.18, persistence: DAY },
    couplings: [{ driver: 'rain24h', effect: 'add', gain: 0.33, shape: 'log', lagMs: 8 * HOUR }],
    episodes: [{ perYear: 0.5, minutes: [720, 2 * DAY_MINUTES], add: [2.5, 6] }],
    min: 0.5,
  },
  // Rain and gales are left out as the method of measuring asks; so only traffic, feasts and somebody's machine remain.
  noise_leq: {
    base: 49.5,
    distribution: 'gauge',
    profile: 'commute',
    profileAdd: 6,
    spread: 0.7,
    noise: { sd: 0.75, persistence: 40 * MINUTE },
    couplings: [{ driver: 'festival', effect: 'add', gain: 6 }],
    episodes: [{ perYear: 5, minutes: [40, 150], add: [9, 18] }],
    min: 30,
  },
  // Furnaces that restart after a loss of power exceed their limits for an hour or two.
  emission_exceed_firms: {
    base: 0.1,
    distribution: 'stock',
    spread: 0.02,
    noise: { sd: 0.06, persistence: 6 * HOUR },
    couplings: [{ driver: 'powerCut', effect: 'add', gain: 0.4, shape: 'above', from: 0.6, lagMs: HOUR }],
    episodes: [{ perYear: 5, minutes: [60, 240], add: [0.9, 2.4] }],
  },
  // Rain brings radon's daughters down; they are gone within two hours.
  radiation_dose: {
    base: 88,
    distribution: 'gauge',
    spread: 6,
    noise: { sd: 1.2, persistence: 3 * HOUR, white: 0.4 },
    couplings: [{ driver: 'rain1h', effect: 'add', gain: 6, shape: 'log', lagMs: 10 * MINUTE }],
    min: 40,
  },
  hazardous_waste_overdue: {
    base: 1.8,
    distribution: 'stock',
    spread: 0.35,
    noise: { sd: 0.3, persistence: 20 * DAY, white: 0.02 },
    episodes: [{ perYear: 0.3, minutes: [3 * DAY_MINUTES, 10 * DAY_MINUTES], add: [3.5, 7] }],
  },
};
