/** Fire and rescue: a few calls an hour, more in wind, storms and fireworks; hydrants follow the pressure of the mains. */
import { DAY, HOUR, type ModelTable } from '../simulator/model.ts';

export const fireModels: ModelTable = {
  fire_alarms: {
    base: 2,
    distribution: 'poisson',
    profile: 'emergency',
    holiday: 1.08,
    season: { amplitude: 0.12, peakDay: 20 },
    noise: { sd: 0.08, persistence: 6 * HOUR },
    couplings: [
      { driver: 'distress', effect: 'multiply', gain: 0.9 },
      { driver: 'damage', effect: 'multiply', gain: 1.5 },
      { driver: 'festival', effect: 'multiply', gain: 0.9 },
      { driver: 'gasLeak', effect: 'multiply', gain: 0.8 },
    ],
  },
  fire_active_incidents: {
    base: 0.8,
    distribution: 'stock',
    profile: 'emergency',
    profileStrength: 0.6,
    noise: { sd: 0.4, persistence: 0.7 * HOUR, white: 0.02 },
    couplings: [
      { driver: 'distress', effect: 'add', gain: 2.2 },
      { driver: 'damage', effect: 'add', gain: 2 },
      { driver: 'festival', effect: 'add', gain: 1.2 },
    ],
    episodes: [{ perYear: 45, minutes: [40, 160], add: [2, 4.6], shape: 'jolt' }],
  },
  fire_arrival_min: {
    base: 5.2,
    distribution: 'gauge',
    spread: 0.15,
    noise: { sd: 0.12, persistence: 8 * HOUR },
    min: 2,
    couplings: [
      { driver: 'congestion', effect: 'add', gain: 1.1, from: 0.1, shape: 'above' },
      { driver: 'distress', effect: 'add', gain: 0.9 },
      { driver: 'ponding', effect: 'add', gain: 0.04, upTo: 60 },
    ],
    episodes: [{ perYear: 1.6, minutes: [120, 420], add: [1.5, 5] }],
  },
  fire_hydrant_pressure: {
    base: 0.235,
    distribution: 'gauge',
    spread: 0.006,
    noise: { sd: 0.004, persistence: 2 * HOUR },
    min: 0,
    couplings: [
      { driver: 'waterDemand', effect: 'add', gain: -0.014, from: 1 },
      { driver: 'waterCut', effect: 'add', gain: -0.011, upTo: 20 },
    ],
    episodes: [{ perYear: 4, minutes: [40, 200], add: [-0.06, -0.13] }],
  },
  fire_smoke_alarms: {
    base: 0.136,
    distribution: 'poisson',
    profile: 'kitchens',
    profileStrength: 0.7,
    scale: 'population',
    noise: { sd: 0.1, persistence: 6 * HOUR },
    couplings: [
      { driver: 'festival', effect: 'multiply', gain: 0.8 },
      { driver: 'thunder', effect: 'multiply', gain: 0.8 },
      { driver: 'powerCut', effect: 'multiply', gain: 0.3, upTo: 12 },
    ],
    episodes: [{ perYear: 3, minutes: [12, 40], add: [5, 14], shape: 'jolt' }],
  },
  fire_false_alarm_rate: {
    base: 71,
    distribution: 'share',
    spread: 1.3,
    noise: { sd: 0.8, persistence: 8 * DAY },
    episodes: [{ perYear: 0.5, minutes: [2880, 8640], add: [8, 19] }],
  },
  fire_ebike_charging_alarms: {
    base: 0.05,
    distribution: 'poisson',
    profile: 'evening',
    scale: 'population',
    season: { amplitude: 0.2, peakDay: 205 },
    couplings: [
      { driver: 'heat', effect: 'multiply', gain: 0.08 },
      { driver: 'ponding', effect: 'multiply', gain: 0.1, upTo: 50 },
    ],
    episodes: [{ perYear: 1.5, minutes: [20, 60], add: [3, 9] }],
  },
  fire_vehicles_available: {
    base: 86,
    distribution: 'share',
    noise: { sd: 1.2, persistence: 8 * HOUR },
    max: 97,
    couplings: [
      { driver: 'distress', effect: 'add', gain: -9 },
      { driver: 'damage', effect: 'add', gain: -5 },
    ],
    episodes: [{ perYear: 7, minutes: [90, 360], add: [-18, -36] }],
  },
};
