/** Schools and disease control. A day without school reads 0: the coupling to `school` takes away more than there is, and the clamp does the rest. */
import { type Coupling, DAY, HOUR, type ModelTable } from '../simulator/model.ts';

const onlyOnSchoolDays: Coupling = { driver: 'school', effect: 'add', shape: 'below', from: 1, gain: -100 };

export const eduHealthModels: ModelTable = {
  school_absence_rate: {
    base: 1.8,
    distribution: 'share',
    spread: 0.2,
    noise: { sd: 0.15, persistence: 3 * DAY },
    couplings: [
      onlyOnSchoolDays,
      { driver: 'flu', effect: 'add', gain: 1.2 },
      { driver: 'distress', effect: 'add', gain: 1.2, upTo: 6 },
      { driver: 'typhoon', effect: 'add', gain: 4 },
    ],
    episodes: [{ perYear: 1.4, minutes: [2880, 8640], add: [2.5, 9] }],
  },
  school_fever_cluster: {
    base: 0.03,
    distribution: 'stock',
    spread: 0,
    noise: { sd: 0.04, persistence: 3 * DAY },
    couplings: [onlyOnSchoolDays, { driver: 'flu', effect: 'add', gain: 0.25 }],
    episodes: [{ perYear: 1.2, minutes: [4320, 11520], add: [0.8, 2.8] }],
  },
  school_canteen_hits: {
    base: 0.07,
    distribution: 'poisson',
    profile: 'school',
    schoolBreak: 0.05,
    holiday: 0.05,
    spread: 0.2,
    episodes: [{ perYear: 3, minutes: [60, 180], times: [8, 25] }],
  },
  ili_rate: {
    base: 3.2,
    distribution: 'share',
    spread: 0.22,
    noise: { sd: 0.22, persistence: 5 * DAY },
    couplings: [{ driver: 'flu', effect: 'add', gain: 1.9 }],
    episodes: [{ perYear: 0.8, minutes: [4320, 11520], add: [2.4, 6] }],
  },
  infectious_reports: {
    base: 1,
    distribution: 'poisson',
    scale: 'population',
    noise: { sd: 0.15, persistence: 6 * DAY },
    couplings: [{ driver: 'flu', effect: 'multiply', gain: 0.8 }],
    episodes: [{ perYear: 0.6, minutes: [2880, 10080], times: [2.5, 6] }],
  },
  mosquito_index: {
    base: 2.2,
    distribution: 'gauge',
    season: { amplitude: 0.75, peakDay: 225 },
    spread: 0.2,
    noise: { sd: 0.2, persistence: 10 * DAY, white: 0.02 },
    min: 0,
    episodes: [{ perYear: 0.3, minutes: [10080, 20160], add: [2, 7] }],
  },
  enrol_gap: { base: 10, distribution: 'stock', scale: 'population', spread: 5, growth: 0.05, noise: { sd: 0.5, persistence: 40 * DAY, white: 0.02 } },
  psych_crisis_calls: {
    base: 2,
    distribution: 'poisson',
    profile: 'online',
    noise: { sd: 0.1, persistence: DAY },
    couplings: [
      { driver: 'opinion', effect: 'multiply', gain: 0.1 },
      { driver: 'distress', effect: 'multiply', gain: 0.4, lagMs: 2 * HOUR, upTo: 6 },
    ],
    episodes: [{ perYear: 5, minutes: [180, 720], times: [2, 4] }],
  },
};
