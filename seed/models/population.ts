/** People and the work of the towns: newcomers leave before the Spring Festival and come back after it; the rest moves slowly. */
import { DAY, HOUR, type ModelTable } from '../simulator/model.ts';

export const populationModels: ModelTable = {
  population_present: {
    base: 12.27,
    distribution: 'gauge',
    scale: 'population',
    growth: 0.008,
    spread: 0,
    noise: { sd: 0.025, persistence: 6 * HOUR },
    min: 0,
    couplings: [
      { driver: 'away', effect: 'multiply', gain: -0.17 },
      { driver: 'holiday', effect: 'multiply', gain: -0.015 },
      { driver: 'workday', effect: 'multiply', gain: 0.012 },
      { driver: 'festival', effect: 'multiply', gain: 0.03 },
    ],
    episodes: [{ perYear: 0.8, minutes: [240, 600], times: [1.09, 1.2] }],
  },
  migrant_registered: {
    base: 6.36,
    distribution: 'gauge',
    scale: 'population',
    growth: 0.01,
    spread: 0.05,
    noise: { sd: 0.012, persistence: 20 * DAY, white: 0.02 },
    couplings: [{ driver: 'away', effect: 'multiply', gain: -0.08 }],
  },
  migrant_reg_rate: {
    base: 96.3,
    distribution: 'share',
    spread: 0.35,
    noise: { sd: 0.22, persistence: 10 * DAY },
    couplings: [{ driver: 'rush', effect: 'add', gain: -0.5 }],
    episodes: [{ perYear: 0.4, minutes: [4320, 11520], add: [-2.5, -7] }],
  },
  rental_hazard_open: {
    base: 33,
    distribution: 'stock',
    scale: 'population',
    spread: 2,
    noise: { sd: 1.2, persistence: 12 * DAY, white: 0.05 },
    episodes: [{ perYear: 0.4, minutes: [5760, 14400], add: [35, 100] }],
  },
  labor_disputes: {
    base: 0.227,
    distribution: 'poisson',
    scale: 'population',
    noise: { sd: 0.15, persistence: 10 * DAY },
    couplings: [
      { driver: 'rush', effect: 'multiply', gain: 0.8 },
      { driver: 'holiday', effect: 'multiply', gain: -0.7 },
    ],
  },
  wage_arrears_persons: {
    base: 15,
    distribution: 'stock',
    scale: 'population',
    spread: 2,
    season: { amplitude: 0.15, peakDay: 20 },
    noise: { sd: 1.3, persistence: 6 * DAY },
    episodes: [{ perYear: 0.5, minutes: [5760, 17280], add: [28, 110] }],
  },
  mediation_success: {
    base: 96.5,
    distribution: 'share',
    spread: 0.3,
    noise: { sd: 0.25, persistence: 8 * DAY },
    episodes: [{ perYear: 0.4, minutes: [2880, 10080], add: [-3, -8] }],
  },
  grid_staff_online: {
    base: 94,
    distribution: 'share',
    spread: 0.4,
    noise: { sd: 0.6, persistence: 1.5 * HOUR },
    couplings: [
      { driver: 'powerCut', effect: 'add', gain: -1.8, from: 0.1, shape: 'above', upTo: 15 },
      { driver: 'distress', effect: 'add', gain: -1.5, upTo: 6 },
    ],
    episodes: [{ perYear: 3, minutes: [25, 100], add: [-8, -20] }],
  },
};
