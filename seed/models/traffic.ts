/** Roads: jams follow people’s hours, rain and standing water; accidents and faults happen by themselves. */
import { HOUR, MINUTE, type ModelTable } from '../simulator/model.ts';

export const trafficModels: ModelTable = {
  // 1.3 to 1.4 at ordinary peaks; rain in the rush hour makes it blue, a flooded city orange.
  traffic_delay_index: {
    base: 1.06,
    distribution: 'gauge',
    min: 1,
    noise: { sd: 0.015, persistence: 30 * MINUTE },
    couplings: [{ driver: 'congestion', effect: 'add', gain: 1.15 }],
  },
  road_speed_ratio: {
    base: 92,
    distribution: 'share',
    min: 2,
    noise: { sd: 2, persistence: 25 * MINUTE },
    spread: 2.2,
    couplings: [{ driver: 'congestion', effect: 'add', gain: -72 }],
    // Accidents and broken-down cars.
    episodes: [{ perYear: 14, minutes: [20, 75], add: [-16, -44] }],
  },
  congested_km: {
    base: 0.42,
    distribution: 'gauge',
    min: 0,
    scale: 'population',
    profile: 'commute',
    noise: { sd: 0.03, persistence: 40 * MINUTE },
    couplings: [
      { driver: 'rain', effect: 'multiply', gain: 0.25, shape: 'log' },
      { driver: 'ponding', effect: 'multiply', gain: 0.12, upTo: 30 },
    ],
  },
  traffic_accidents: {
    base: 0.227,
    distribution: 'poisson',
    scale: 'population',
    profile: 'commute',
    spread: 0.15,
    couplings: [
      { driver: 'rain', effect: 'multiply', gain: 0.2, shape: 'log' },
      { driver: 'fog', effect: 'multiply', gain: 0.8 },
      { driver: 'typhoon', effect: 'multiply', gain: 0.2 },
    ],
  },
  traffic_fatalities: { base: 0.1, distribution: 'poisson' },
  tunnel_co: {
    base: 15,
    distribution: 'gauge',
    min: 0,
    profile: 'commute',
    profileStrength: 0.6,
    noise: { sd: 1.5, persistence: 20 * MINUTE },
    spread: 2,
    couplings: [{ driver: 'congestion', effect: 'add', gain: 9, shape: 'above', from: 0.3 }],
    episodes: [{ perYear: 8, minutes: [15, 45], add: [18, 55] }],
  },
  signal_offline: {
    base: 1.6,
    distribution: 'stock',
    noise: { sd: 0.5, persistence: 6 * HOUR },
    couplings: [
      { driver: 'powerCut', effect: 'add', gain: 3, shape: 'above', from: 0.1 },
      { driver: 'damage', effect: 'add', gain: 6 },
    ],
    episodes: [{ perYear: 20, minutes: [30, 180], add: [2, 5] }],
  },
  expressway_closures: {
    base: 0,
    distribution: 'stock',
    couplings: [
      { driver: 'fog', effect: 'add', gain: 14, shape: 'above', from: 0.66 },
      { driver: 'typhoon', effect: 'add', gain: 4, shape: 'above', from: 2 },
      { driver: 'ponding', effect: 'add', gain: 0.2, shape: 'above', from: 12 },
    ],
  },
  parking_occupancy: {
    base: 66,
    distribution: 'share',
    profile: 'parking',
    profileAdd: 30,
    holiday: 0.96,
    noise: { sd: 1.2, persistence: 3 * HOUR },
    spread: 2.5,
    couplings: [{ driver: 'away', effect: 'add', gain: -9 }],
    episodes: [{ perYear: 4, minutes: [60, 150], add: [7, 14] }],
  },
  truck_overload_rate: {
    base: 1,
    distribution: 'share',
    profile: 'night',
    profileStrength: 0.15,
    noise: { sd: 0.1, persistence: 6 * HOUR },
    spread: 0.06,
    episodes: [{ perYear: 6, minutes: [120, 360], add: [0.8, 1.6] }],
  },
  bridge_vibration: {
    base: 1.4,
    distribution: 'gauge',
    min: 0,
    noise: { sd: 0.2, persistence: 10 * MINUTE },
    spread: 0.15,
    couplings: [
      { driver: 'traffic', effect: 'add', gain: 0.5 },
      { driver: 'wind', effect: 'add', gain: 0.55, shape: 'above', from: 9 },
    ],
    episodes: [{ perYear: 5, minutes: [3, 12], add: [2, 4] }],
  },
  bridge_deflection_ratio: {
    base: 30,
    distribution: 'share',
    noise: { sd: 1.2, persistence: 30 * MINUTE },
    spread: 2.5,
    couplings: [
      { driver: 'traffic', effect: 'add', gain: 3.5 },
      { driver: 'temp', effect: 'add', gain: 0.12, from: 17 },
      { driver: 'wind', effect: 'add', gain: 0.8, shape: 'above', from: 10 },
    ],
    episodes: [{ perYear: 2, minutes: [5, 20], add: [10, 26] }],
  },
  ev_charger_fault_rate: {
    base: 3,
    distribution: 'share',
    noise: { sd: 0.25, persistence: 12 * HOUR },
    spread: 0.2,
    couplings: [
      { driver: 'thunder', effect: 'add', gain: 1.2 },
      { driver: 'powerCut', effect: 'add', gain: 0.9, shape: 'above', from: 0.3 },
      { driver: 'ponding', effect: 'add', gain: 0.12, upTo: 40 },
    ],
    episodes: [{ perYear: 3, minutes: [90, 300], add: [1.5, 4] }],
  },
};
