/** The economy by day. What needs an open office reads 0 on days off: the coupling to `workday` takes away more than there is. */
import { type Coupling, DAY, type ModelTable } from '../simulator/model.ts';

const onlyOnWorkdays: Coupling = { driver: 'workday', effect: 'multiply', shape: 'below', from: 1, gain: -1 };

export const economyModels: ModelTable = {
  industry_power_use: {
    base: 1273,
    distribution: 'gauge',
    scale: 'population',
    spread: 40,
    growth: 0.03,
    season: { amplitude: 0.05, peakDay: 205 },
    noise: { sd: 6, persistence: 3 * DAY, white: 0.3 },
    min: 0,
    couplings: [
      { driver: 'workday', effect: 'multiply', shape: 'below', from: 1, gain: -0.09 },
      { driver: 'holiday', effect: 'multiply', gain: -0.12 },
      { driver: 'away', effect: 'multiply', gain: -0.5 },
      { driver: 'typhoon', effect: 'multiply', gain: -0.13 },
    ],
    episodes: [{ perYear: 0.4, minutes: [2880, 8640], times: [0.7, 0.9], shape: 'step' }],
  },
  firm_resume_rate: {
    base: 98.2,
    distribution: 'share',
    spread: 0.2,
    noise: { sd: 0.2, persistence: 3 * DAY },
    couplings: [
      { driver: 'away', effect: 'add', gain: -16 },
      { driver: 'typhoon', effect: 'add', gain: -11 },
      { driver: 'distress', effect: 'add', gain: -2, upTo: 6 },
    ],
    episodes: [{ perYear: 0.3, minutes: [1440, 4320], add: [-4, -9] }],
  },
  firm_new: { base: 120, distribution: 'poisson', growth: 0.03, noise: { sd: 0.03, persistence: 5 * DAY }, couplings: [onlyOnWorkdays] },
  firm_closed: { base: 45, distribution: 'poisson', season: { amplitude: 0.12, peakDay: 355 }, noise: { sd: 0.04, persistence: 5 * DAY }, couplings: [onlyOnWorkdays] },
  tax_revenue: {
    base: 11_000,
    distribution: 'gauge',
    growth: 0.04,
    noise: { sd: 420, persistence: 4 * DAY, white: 0.4 },
    min: 0,
    couplings: [{ ...onlyOnWorkdays, effect: 'add', gain: -40_000 }],
    episodes: [{ perYear: 2, minutes: [1500, 4320], times: [0.45, 0.74], shape: 'step' }],
  },
  consumption_pos: {
    base: 409,
    distribution: 'gauge',
    scale: 'population',
    spread: 12,
    growth: 0.03,
    noise: { sd: 3, persistence: 3 * DAY, white: 0.3 },
    min: 0,
    couplings: [
      { driver: 'workday', effect: 'multiply', shape: 'below', from: 1, gain: 0.14 },
      { driver: 'holiday', effect: 'multiply', gain: 0.12 },
      { driver: 'away', effect: 'multiply', gain: -0.15 },
      { driver: 'rain24h', effect: 'multiply', gain: -0.0015, upTo: 60 },
      { driver: 'typhoon', effect: 'multiply', gain: -0.16 },
    ],
  },
  express_parcels: {
    base: 220,
    distribution: 'gauge',
    growth: 0.08,
    season: { amplitude: 0.14, peakDay: 322 }, // the shopping days of November
    noise: { sd: 4.5, persistence: 3 * DAY, white: 0.3 },
    min: 0,
    couplings: [
      { driver: 'workday', effect: 'multiply', shape: 'below', from: 1, gain: -0.06 },
      { driver: 'away', effect: 'multiply', gain: -0.65 },
      { driver: 'typhoon', effect: 'multiply', gain: -0.17 },
    ],
    episodes: [{ perYear: 1, minutes: [1500, 4320], times: [1.6, 2.3] }],
  },
  job_postings_ratio: { base: 1.32, distribution: 'gauge', season: { amplitude: 0.04, peakDay: 70 }, noise: { sd: 0.02, persistence: 30 * DAY, white: 0.02 } },
  housing_deals: {
    base: 58,
    distribution: 'poisson',
    season: { amplitude: 0.06, peakDay: 275 },
    noise: { sd: 0.05, persistence: 6 * DAY },
    couplings: [
      { driver: 'workday', effect: 'multiply', shape: 'below', from: 1, gain: 0.35 },
      { driver: 'away', effect: 'multiply', gain: -0.7 },
      { driver: 'typhoon', effect: 'multiply', gain: -0.2 },
    ],
  },
};
