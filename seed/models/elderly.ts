/** Elderly care and aid: calls for help rise with heat, cold and cuts of power; services pause a little on holidays. */
import { DAY, HOUR, type ModelTable } from '../simulator/model.ts';

export const elderlyModels: ModelTable = {
  elder_sos_alarms: {
    base: 0.03, // per 5 min in an average town: about nine a day
    distribution: 'poisson',
    profile: 'homes',
    profileStrength: 0.6,
    scale: 'population',
    couplings: [
      { driver: 'heat', effect: 'multiply', gain: 0.12 },
      { driver: 'cold', effect: 'multiply', gain: 0.04 },
      { driver: 'powerCut', effect: 'multiply', gain: 0.5, upTo: 15 },
      { driver: 'distress', effect: 'multiply', gain: 1 },
    ],
    episodes: [{ perYear: 0.8, minutes: [15, 45], add: [3, 8] }],
  },
  elder_no_activity: {
    base: 1,
    distribution: 'stock',
    scale: 'population',
    spread: 0.15,
    noise: { sd: 0.3, persistence: 14 * HOUR, white: 0.02 },
    couplings: [
      { driver: 'heat', effect: 'add', gain: 0.12 },
      { driver: 'cold', effect: 'add', gain: 0.04 },
      { driver: 'powerCut', effect: 'add', gain: 1, from: 0.2, shape: 'above', upTo: 12, lagMs: 6 * HOUR },
      { driver: 'away', effect: 'add', gain: 0.6 },
    ],
    episodes: [{ perYear: 1.2, minutes: [300, 1200], add: [3, 7] }],
  },
  elder_visit_rate: {
    base: 95.3,
    distribution: 'share',
    spread: 0.35,
    noise: { sd: 0.3, persistence: 5 * DAY },
    couplings: [
      { driver: 'holiday', effect: 'add', gain: -1.2 },
      { driver: 'distress', effect: 'add', gain: -1.5, upTo: 6 },
    ],
    episodes: [{ perYear: 0.5, minutes: [2880, 7200], add: [-3.5, -10] }],
  },
  elder_home_occupancy: {
    base: 71,
    distribution: 'share',
    spread: 3,
    season: { amplitude: 0.02, peakDay: 20 },
    noise: { sd: 0.4, persistence: 20 * DAY, white: 0.05 },
    growth: 0.01,
    episodes: [{ perYear: 0.15, minutes: [10080, 30240], add: [10, 18] }],
  },
  // A number of regular guests, not of chance events: it scatters far less than a count would.
  elder_meal_orders: {
    base: 118,
    distribution: 'gauge',
    scale: 'population',
    spread: 4,
    growth: 0.04,
    noise: { sd: 1.5, persistence: 3 * DAY, white: 0.3 },
    min: 0,
    couplings: [
      { driver: 'holiday', effect: 'multiply', gain: -0.1 },
      { driver: 'away', effect: 'multiply', gain: -0.15 },
      { driver: 'distress', effect: 'multiply', gain: -0.12, upTo: 5 },
      { driver: 'typhoon', effect: 'multiply', gain: -0.1 },
    ],
    episodes: [{ perYear: 0.4, minutes: [1440, 2880], times: [0.35, 0.8], shape: 'step' }],
  },
  social_aid_new: { base: 0.136, distribution: 'poisson', scale: 'population', couplings: [{ driver: 'holiday', effect: 'multiply', gain: -0.8 }] },
};
