/** Power. Load goes with the driver that knows heat, cold and the hour; outages with storms; the rest of the grid follows these two. */
import { HOUR, MINUTE, type ModelTable } from '../simulator/model.ts';

export const powerModels: ModelTable = {
  power_load: {
    base: 3200,
    distribution: 'gauge',
    growth: 0.035,
    spread: 0,
    noise: { sd: 26, persistence: 90 * MINUTE, white: 0.08 },
    couplings: [
      { driver: 'powerLoad', effect: 'multiply', gain: 1, from: 1 },
      { driver: 'powerCut', effect: 'multiply', gain: -0.01 },
    ],
  },
  // 84 % on a July afternoon, above 90 in a heat wave.
  power_load_ratio: {
    base: 62,
    distribution: 'gauge',
    spread: 0,
    noise: { sd: 0.45, persistence: 90 * MINUTE, white: 0.08 },
    couplings: [
      { driver: 'powerLoad', effect: 'multiply', gain: 0.97, from: 1 },
      { driver: 'powerCut', effect: 'multiply', gain: -0.01 },
    ],
    episodes: [{ perYear: 6, minutes: [30, 180], add: [2, 6] }],
  },
  // Opens only beyond what a heat wave usually asks.
  power_gap_ratio: {
    base: 0,
    distribution: 'gauge',
    spread: 0,
    couplings: [{ driver: 'powerLoad', effect: 'add', gain: 62, shape: 'above', from: 1.54 }],
    min: 0,
  },
  // 1 % of an average town's homes are some 470 households. Small faults every day, seen by nobody but those concerned.
  power_outage_households: {
    base: 20,
    distribution: 'stock',
    scale: 'population',
    spread: 3,
    noise: { sd: 4, persistence: 3 * HOUR, white: 0 },
    couplings: [
      { driver: 'powerCut', effect: 'multiply', gain: 23.5 },
      { driver: 'heat', effect: 'multiply', gain: 0.15 },
    ],
    episodes: [
      { perYear: 40, minutes: [30, 120], add: [25, 110], shape: 'jolt' },
      { perYear: 6, minutes: [25, 140], add: [220, 900], shape: 'jolt' },
      { perYear: 0.8, minutes: [40, 150], add: [1100, 2600], shape: 'jolt' },
    ],
  },
  substation_load_rate: {
    base: 50,
    distribution: 'gauge',
    growth: 0.02,
    spread: 2.4,
    noise: { sd: 0.9, persistence: HOUR },
    couplings: [
      { driver: 'powerLoad', effect: 'multiply', gain: 0.9, from: 1 },
      { driver: 'powerCut', effect: 'multiply', gain: -0.02 },
    ],
    // A neighbour out of service hands its load over.
    episodes: [{ perYear: 2, minutes: [90, 420], add: [14, 30], shape: 'step' }],
    min: 0,
  },
  grid_frequency_dev: {
    base: 0,
    distribution: 'gauge',
    spread: 0,
    noise: { sd: 0.0095, persistence: 12 * MINUTE, white: 0.5 },
    couplings: [{ driver: 'powerCut', effect: 'add', gain: 0.008, shape: 'above', from: 1.5 }],
    episodes: [
      { perYear: 24, minutes: [4, 12], add: [-0.09, -0.045], shape: 'jolt' },
      { perYear: 12, minutes: [4, 10], add: [0.045, 0.08], shape: 'jolt' },
    ],
  },
  // Low at heavy load, high when the sun feeds back at noon.
  voltage_dev: {
    base: 1,
    distribution: 'gauge',
    spread: 0.5,
    noise: { sd: 0.35, persistence: 40 * MINUTE, white: 0.3 },
    couplings: [
      { driver: 'powerLoad', effect: 'add', gain: -3, from: 1 },
      { driver: 'sun', effect: 'add', gain: 0.5 },
      { driver: 'powerCut', effect: 'add', gain: -0.4, shape: 'above', from: 0.3 },
      { driver: 'thunder', effect: 'add', gain: -1.2 },
    ],
    episodes: [
      { perYear: 4, minutes: [15, 45], add: [-7.5, -5] },
      { perYear: 1, minutes: [15, 40], add: [3.5, 6] },
    ],
  },
  // A storm's many faults wait for the same crews.
  outage_restore_min: {
    base: 42,
    distribution: 'gauge',
    spread: 1.8,
    noise: { sd: 1.8, persistence: 8 * HOUR },
    couplings: [
      { driver: 'powerCut', effect: 'multiply', gain: 0.35, shape: 'above', from: 0.15, lagMs: 2 * HOUR },
      { driver: 'damage', effect: 'multiply', gain: 0.4, lagMs: 2 * HOUR },
      { driver: 'rain6h', effect: 'multiply', gain: 0.004 },
    ],
    episodes: [{ perYear: 6, minutes: [240, 720], add: [14, 45] }],
    min: 5,
  },
  // Forecasts miss thunderstorms and low cloud.
  pv_output_ratio: {
    base: 96,
    distribution: 'gauge',
    spread: 0,
    noise: { sd: 2.4, persistence: 3 * HOUR },
    couplings: [
      { driver: 'rain', effect: 'add', gain: -2.2, upTo: 12 },
      { driver: 'thunder', effect: 'add', gain: -22 },
      { driver: 'fog', effect: 'add', gain: -14 },
    ],
    episodes: [{ perYear: 40, minutes: [60, 200], add: [-34, -12] }],
    min: 0,
    max: 130,
  },
  streetlight_fault_rate: {
    base: 1,
    distribution: 'share',
    spread: 0.12,
    noise: { sd: 0.07, persistence: 18 * HOUR, white: 0.05 },
    couplings: [
      { driver: 'rain24h', effect: 'multiply', gain: 0.006 },
      { driver: 'damage', effect: 'multiply', gain: 2.2 },
      { driver: 'powerCut', effect: 'multiply', gain: 0.5, shape: 'above', from: 0.2 },
    ],
    episodes: [{ perYear: 4, minutes: [240, 960], add: [0.9, 2.4] }],
  },
};
