/** Food delivery: two waves a day, more when it rains and hardly any in a typhoon; riders fall when roads are wet. */
import { DAY, HOUR, type ModelTable } from '../simulator/model.ts';

export const deliveryModels: ModelTable = {
  delivery_orders: {
    base: 191,
    distribution: 'poisson',
    profile: 'meals',
    scale: 'population',
    holiday: 0.96,
    growth: 0.06,
    spread: 0.1,
    noise: { sd: 0.05, persistence: 5 * HOUR },
    couplings: [
      { driver: 'rain', effect: 'multiply', gain: 0.03, upTo: 14 },
      { driver: 'heat', effect: 'multiply', gain: 0.03 },
      { driver: 'cold', effect: 'multiply', gain: 0.012 },
      { driver: 'away', effect: 'multiply', gain: -0.25 },
      { driver: 'typhoon', effect: 'multiply', gain: -0.23 },
      { driver: 'waterCut', effect: 'multiply', gain: 0.04, upTo: 15 },
    ],
  },
  delivery_merchant_unlicensed: {
    base: 2.6,
    distribution: 'stock',
    scale: 'population',
    spread: 0.4,
    noise: { sd: 0.3, persistence: 6 * DAY, white: 0.05 },
    episodes: [{ perYear: 0.5, minutes: [4320, 11520], add: [4, 13] }],
  },
  delivery_ai_kitchen_hits: {
    base: 1.1,
    distribution: 'poisson',
    profile: 'meals',
    scale: 'population',
    holiday: 1.05,
    noise: { sd: 0.12, persistence: 8 * HOUR },
    couplings: [{ driver: 'heat', effect: 'multiply', gain: 0.04 }],
    episodes: [{ perYear: 2, minutes: [50, 150], add: [12, 30] }],
  },
  delivery_seal_rate: {
    base: 95,
    distribution: 'share',
    spread: 0.35,
    noise: { sd: 0.25, persistence: 8 * DAY },
    episodes: [{ perYear: 0.4, minutes: [2880, 8640], add: [-3.5, -10] }],
  },
  rider_accidents: {
    base: 0.035,
    distribution: 'poisson',
    profile: 'meals',
    scale: 'population',
    couplings: [
      { driver: 'rain', effect: 'multiply', gain: 0.16, upTo: 20 },
      { driver: 'cold', effect: 'multiply', gain: 0.03 },
      { driver: 'ponding', effect: 'multiply', gain: 0.05, upTo: 40 },
      { driver: 'typhoon', effect: 'multiply', gain: -0.15 },
    ],
  },
  rider_violations: {
    base: 1.3,
    distribution: 'poisson',
    profile: 'meals',
    scale: 'population',
    noise: { sd: 0.1, persistence: DAY },
    couplings: [
      { driver: 'rain', effect: 'multiply', gain: -0.02, upTo: 15 },
      { driver: 'typhoon', effect: 'multiply', gain: -0.2 },
    ],
  },
  food_poisoning_reports: {
    base: 0.003,
    distribution: 'poisson',
    scale: 'population',
    season: { amplitude: 0.5, peakDay: 210 },
    episodes: [{ perYear: 1, minutes: [90, 240], add: [4, 16], shape: 'jolt' }],
  },
};
