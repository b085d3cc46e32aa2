/** Ships: out in fair weather, home before a typhoon; a few always where they should not be. */
import { HOUR, type ModelTable } from '../simulator/model.ts';

export const portModels: ModelTable = {
  vessels_at_sea: {
    base: 160,
    distribution: 'stock',
    profile: 'travel',
    profileStrength: 0.12,
    noise: { sd: 5, persistence: 5 * HOUR },
    spread: 35,
    couplings: [
      { driver: 'wind', effect: 'multiply', gain: -0.08, shape: 'above', from: 8, upTo: 10 },
      { driver: 'fog', effect: 'multiply', gain: -0.4 },
      { driver: 'typhoon', effect: 'multiply', gain: -0.24 },
    ],
  },
  vessels_not_sheltered: {
    base: 0,
    distribution: 'stock',
    couplings: [{ driver: 'typhoon', effect: 'add', gain: 9, shape: 'above', from: 0.8, upTo: 1.6 }],
  },
  vessel_ais_lost: {
    base: 1.6,
    distribution: 'stock',
    noise: { sd: 0.55, persistence: 3 * HOUR },
    spread: 0.3,
    couplings: [{ driver: 'wind', effect: 'add', gain: 0.4, shape: 'above', from: 9 }],
    episodes: [{ perYear: 22, minutes: [30, 150], add: [2, 6] }],
  },
  vessel_yaw_bridge: {
    base: 0.0004,
    distribution: 'poisson',
    couplings: [
      { driver: 'fog', effect: 'multiply', gain: 4 },
      { driver: 'wind', effect: 'add', gain: 0.0015, shape: 'above', from: 12 },
    ],
  },
  lock_queue: {
    base: 40,
    distribution: 'stock',
    profile: 'travel',
    profileStrength: 0.15,
    noise: { sd: 4, persistence: 6 * HOUR },
    spread: 4,
    couplings: [
      { driver: 'fog', effect: 'add', gain: 45, lagMs: HOUR },
      { driver: 'typhoon', effect: 'add', gain: 55, shape: 'above', from: 1 },
    ],
    episodes: [{ perYear: 10, minutes: [120, 400], add: [20, 60] }],
  },
  port_throughput: {
    base: 6,
    distribution: 'gauge',
    min: 0,
    holiday: 0.93,
    growth: 0.03,
    noise: { sd: 0.22, persistence: 24 * HOUR },
    spread: 0.4,
    couplings: [
      { driver: 'typhoon', effect: 'multiply', gain: -0.23 },
      { driver: 'fog', effect: 'multiply', gain: -0.15 },
    ],
  },
  fishing_ban_violations: { base: 0.004, distribution: 'poisson', profile: 'night' },
};
