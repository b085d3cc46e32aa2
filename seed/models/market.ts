/** Market supervision: complaints with the shops, inspections on working days, prices that move slowly and jump when supply is cut. */
import { DAY, HOUR, type ModelTable } from '../simulator/model.ts';

export const marketModels: ModelTable = {
  consumer_complaints: {
    base: 12,
    distribution: 'poisson',
    profile: 'shops',
    holiday: 1.1,
    noise: { sd: 0.08, persistence: 8 * HOUR },
    couplings: [{ driver: 'opinion', effect: 'multiply', gain: 0.12 }],
    episodes: [{ perYear: 8, minutes: [120, 480], times: [2, 4] }],
  },
  food_sample_fail_rate: {
    base: 1.75,
    distribution: 'share',
    season: { amplitude: 0.08, peakDay: 210 },
    noise: { sd: 0.11, persistence: 6 * DAY },
    episodes: [{ perYear: 2, minutes: [2880, 7200], add: [0.9, 2.6] }],
  },
  drug_adverse_events: {
    base: 4,
    distribution: 'poisson',
    noise: { sd: 0.1, persistence: 5 * DAY },
    couplings: [{ driver: 'flu', effect: 'multiply', gain: 0.3 }],
    episodes: [{ perYear: 1, minutes: [1500, 4320], add: [5, 14], shape: 'step' }],
  },
  special_equipment_overdue: {
    base: 17,
    distribution: 'stock',
    scale: 'population',
    spread: 1.5,
    noise: { sd: 0.7, persistence: 12 * DAY, white: 0.03 },
    episodes: [{ perYear: 0.4, minutes: [5760, 14400], add: [18, 60] }],
  },
  price_cpi_basket: {
    base: 100.5,
    distribution: 'gauge',
    season: { amplitude: 0.006, peakDay: 30 },
    noise: { sd: 0.6, persistence: 25 * DAY, white: 0.03 },
    couplings: [
      { driver: 'typhoon', effect: 'add', gain: 1.6 },
      { driver: 'away', effect: 'add', gain: 1.5 },
    ],
  },
  tender_collusion_hits: { base: 0.25, distribution: 'poisson', couplings: [{ driver: 'workday', effect: 'multiply', shape: 'below', from: 1, gain: -1 }] },
  monopoly_risk_hits: { base: 0.08, distribution: 'poisson' },
  firms_abnormal_list: {
    base: 0.6,
    distribution: 'poisson',
    scale: 'population',
    season: { amplitude: 0.3, peakDay: 190 },
    couplings: [{ driver: 'workday', effect: 'multiply', shape: 'below', from: 1, gain: -1 }],
  },
};
