/** Building sites: work by day brings alarms, dust and bare heads; rain works on pits; wind and typhoons stop the cranes. */
import { DAY, HOUR, MINUTE, type ModelTable } from '../simulator/model.ts';

/** Minutes of a day, for episodes that last days. */
const DAY_MINUTES = DAY / MINUTE;

export const constructionModels: ModelTable = {
  // Distinct cranes in five minutes: one alarm in two hours of work at a site.
  crane_overload_alarms: {
    base: 0.05,
    distribution: 'poisson',
    profile: 'office',
    holiday: 0.5,
    spread: 0.2,
    noise: { sd: 0.2, persistence: 3 * HOUR },
    couplings: [
      { driver: 'wind', effect: 'multiply', gain: 0.3, shape: 'above', from: 7, upTo: 6 },
      { driver: 'typhoon', effect: 'multiply', gain: -0.5 },
      { driver: 'away', effect: 'multiply', gain: -0.9 },
    ],
    episodes: [{ perYear: 3, minutes: [20, 60], add: [3, 8] }],
  },
  // Rain fills the ground behind the wall and reaches it some hours later.
  pit_displacement_rate: {
    base: 0.75,
    distribution: 'gauge',
    spread: 0.15,
    noise: { sd: 0.07, persistence: DAY },
    couplings: [
      { driver: 'rain24h', effect: 'add', gain: 0.1, shape: 'log', lagMs: 6 * HOUR },
      { driver: 'wetness', effect: 'add', gain: 0.03, shape: 'above', from: 85 },
      { driver: 'canal', effect: 'add', gain: 0.6, shape: 'above', from: 0.3 },
    ],
    episodes: [{ perYear: 0.8, minutes: [DAY_MINUTES, 4 * DAY_MINUTES], add: [1.4, 4.5] }],
    min: 0,
  },
  // Each pit is at its own stage of digging.
  pit_displacement_ratio: {
    base: 35,
    distribution: 'gauge',
    spread: 6,
    noise: { sd: 1, persistence: 10 * DAY, white: 0.02 },
    couplings: [{ driver: 'wetness', effect: 'add', gain: 0.25, shape: 'above', from: 80, lagMs: 12 * HOUR }],
    episodes: [{ perYear: 0.3, minutes: [3 * DAY_MINUTES, 10 * DAY_MINUTES], add: [18, 40] }],
    min: 0,
  },
  // Pours load the props: by day, and now and then too fast.
  high_formwork_ratio: {
    base: 28,
    distribution: 'gauge',
    profile: 'office',
    profileAdd: 4,
    spread: 3,
    noise: { sd: 1.2, persistence: 2 * HOUR, white: 0.1 },
    couplings: [{ driver: 'rain24h', effect: 'add', gain: 0.8, shape: 'log' }],
    episodes: [{ perYear: 2, minutes: [60, 180], add: [20, 45] }],
    min: 0,
  },
  site_dust_pm10: {
    base: 55,
    distribution: 'gauge',
    profile: 'office',
    profileAdd: 8,
    season: { amplitude: 0.15, peakDay: 20 },
    spread: 4,
    noise: { sd: 3, persistence: HOUR },
    couplings: [
      { driver: 'stagnation', effect: 'add', gain: 35, from: 0.35 },
      { driver: 'wind', effect: 'add', gain: 9, shape: 'above', from: 6, upTo: 6 },
      { driver: 'rain1h', effect: 'multiply', gain: -0.12, upTo: 5 },
      { driver: 'humidity', effect: 'add', gain: 0.4, shape: 'below', from: 60 },
    ],
    episodes: [{ perYear: 8, minutes: [20, 90], add: [50, 160] }],
    min: 5,
  },
  workers_no_helmet: {
    base: 0.35,
    distribution: 'poisson',
    profile: 'office',
    holiday: 0.4,
    spread: 0.15,
    noise: { sd: 0.15, persistence: 4 * HOUR },
    couplings: [
      { driver: 'heat', effect: 'multiply', gain: 0.05 },
      { driver: 'rain', effect: 'multiply', gain: -0.08, upTo: 8 },
      { driver: 'typhoon', effect: 'multiply', gain: -0.35 },
      { driver: 'away', effect: 'multiply', gain: -0.9 },
    ],
    episodes: [{ perYear: 5, minutes: [45, 120], add: [6, 16] }],
  },
  // Found in rounds of inspection, closed within days; a gale leaves more.
  site_open_hazards: {
    base: 1.9,
    distribution: 'stock',
    spread: 0.3,
    noise: { sd: 0.3, persistence: 4 * DAY, white: 0.02 },
    couplings: [{ driver: 'damage', effect: 'add', gain: 2, lagMs: 8 * HOUR }],
    episodes: [{ perYear: 0.6, minutes: [2 * DAY_MINUTES, 6 * DAY_MINUTES], add: [2.5, 6] }],
  },
  // Only from 22:00 to 6:00 is work a night violation: the second coupling takes it away once the streets wake.
  site_night_work: {
    base: 0.12,
    distribution: 'poisson',
    profile: 'night',
    holiday: 0.4,
    scale: 'population',
    spread: 0.15,
    noise: { sd: 0.15, persistence: 4 * HOUR },
    couplings: [
      { driver: 'rain', effect: 'multiply', gain: -0.1, upTo: 8 },
      { driver: 'traffic', effect: 'multiply', gain: -3, shape: 'above', from: 0.62 },
      { driver: 'typhoon', effect: 'multiply', gain: -0.35 },
      { driver: 'away', effect: 'multiply', gain: -0.9 },
    ],
    episodes: [{ perYear: 0.6, minutes: [120, 300], add: [4, 10] }],
  },
};
