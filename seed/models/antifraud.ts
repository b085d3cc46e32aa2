/** Telecom fraud: few cases in any one town, warnings in the hours when people shop and work, and sums that a single case can double. */
import { DAY, HOUR, type ModelTable } from '../simulator/model.ts';

export const antifraudModels: ModelTable = {
  fraud_cases: { base: 0.136, distribution: 'poisson', scale: 'population', growth: -0.04, noise: { sd: 0.2, persistence: 8 * DAY } },
  fraud_loss: {
    base: 40,
    distribution: 'gauge',
    noise: { sd: 3.6, persistence: 2 * DAY, white: 0.5 },
    min: 2,
    growth: -0.03,
    episodes: [{ perYear: 5, minutes: [1500, 3000], times: [1.7, 4], shape: 'step' }],
  },
  fraud_warn_calls: {
    base: 60,
    distribution: 'poisson',
    profile: 'shops',
    holiday: 0.85,
    noise: { sd: 0.07, persistence: 6 * HOUR },
    couplings: [{ driver: 'away', effect: 'multiply', gain: -0.3 }],
    episodes: [{ perYear: 12, minutes: [120, 420], times: [1.6, 2.8] }],
  },
  fraud_dissuade_rate: {
    base: 97,
    distribution: 'share',
    spread: 0.3,
    noise: { sd: 0.25, persistence: 5 * DAY },
    episodes: [{ perYear: 0.4, minutes: [2880, 7200], add: [-2.5, -6] }],
  },
  fraud_arrive_30m_rate: {
    base: 93.5,
    distribution: 'share',
    spread: 0.4,
    noise: { sd: 0.35, persistence: 12 * HOUR },
    couplings: [{ driver: 'distress', effect: 'add', gain: -3, upTo: 6 }],
    episodes: [{ perYear: 1.2, minutes: [240, 900], add: [-4.5, -12] }],
  },
  fraud_frozen_ratio: { base: 31, distribution: 'share', noise: { sd: 1.1, persistence: 6 * DAY }, episodes: [{ perYear: 2, minutes: [2880, 7200], add: [-7, -13] }] },
};
