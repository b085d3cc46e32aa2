/** Hotline 12345: how many call, about what, how well they are answered. Calls follow distress and talk on the net; quality of service follows calls. */
import { DAY, HOUR, type ModelTable } from '../simulator/model.ts';

export const hotlineModels: ModelTable = {
  hotline_calls: {
    base: 90, // per 15 min, the district
    distribution: 'poisson',
    profile: 'hotline',
    holiday: 0.75,
    growth: 0.03,
    noise: { sd: 0.05, persistence: 3 * HOUR },
    couplings: [
      { driver: 'distress', effect: 'multiply', gain: 0.8 },
      { driver: 'opinion', effect: 'multiply', gain: 0.3 },
      { driver: 'waterCut', effect: 'multiply', gain: 0.25, upTo: 12, lagMs: 0.25 * HOUR },
      { driver: 'powerCut', effect: 'multiply', gain: 0.06, upTo: 15 },
      { driver: 'heat', effect: 'multiply', gain: 0.015 },
    ],
  },
  hotline_tickets_created: {
    base: 1.82, // per 15 min in an average town, all topics
    distribution: 'poisson',
    profile: 'hotline',
    holiday: 0.78,
    growth: 0.03,
    scale: 'population',
    noise: { sd: 0.12, persistence: 6 * HOUR },
    // Tickets are written half an hour after the calls.
    couplings: [{ driver: 'distress', effect: 'multiply', gain: 0.8, lagMs: 0.5 * HOUR }],
    facets: {
      noise: { share: 0.15, profile: 'evening', holiday: 1 },
      water_supply: {
        share: 0.05,
        profile: 'homes',
        couplings: [
          { driver: 'waterCut', effect: 'multiply', gain: 6, upTo: 40, lagMs: 0.25 * HOUR },
          { driver: 'cold', effect: 'multiply', gain: 0.08, from: 5, shape: 'above' },
          { driver: 'opinion', effect: 'multiply', gain: 0.9 },
        ],
      },
      property_mgmt: { share: 0.16, couplings: [{ driver: 'ponding', effect: 'multiply', gain: 0.06, upTo: 60 }] },
      parking: { share: 0.15, profile: 'commute', couplings: [{ driver: 'congestion', effect: 'multiply', gain: 0.5, from: 0.3, shape: 'above' }] },
      garbage: { share: 0.07, couplings: [{ driver: 'heat', effect: 'multiply', gain: 0.04 }] },
      road_repair: { share: 0.08, couplings: [{ driver: 'repairs', effect: 'multiply', gain: 1.2 }] },
      illegal_building: { share: 0.05, profile: 'office' },
      medical_insurance: { share: 0.07, profile: 'office', holiday: 0.3 },
      education: { share: 0.05, profile: 'office', holiday: 0.3 },
      labour: { share: 0.06, couplings: [{ driver: 'rush', effect: 'multiply', gain: 0.5 }] },
      consumer: { share: 0.08, profile: 'shops', holiday: 1.1 },
      other: {
        share: 0.13,
        couplings: [
          { driver: 'damage', effect: 'multiply', gain: 0.6 },
          { driver: 'powerCut', effect: 'multiply', gain: 0.15, upTo: 15 },
        ],
      },
    },
  },
  hotline_answer_rate: {
    base: 97.4,
    distribution: 'share',
    profile: 'hotline',
    profileAdd: -0.25,
    noise: { sd: 0.3, persistence: 2 * HOUR },
    min: 45,
    couplings: [
      { driver: 'distress', effect: 'add', gain: -3.2 },
      { driver: 'opinion', effect: 'add', gain: -1.6 },
      { driver: 'waterCut', effect: 'add', gain: -0.7, upTo: 12, lagMs: 0.25 * HOUR },
    ],
    episodes: [{ perYear: 10, minutes: [60, 150], add: [-3, -7] }],
  },
  hotline_wait_s: {
    base: 11,
    distribution: 'gauge',
    profile: 'hotline',
    profileAdd: 1.2,
    noise: { sd: 0.9, persistence: HOUR },
    min: 3,
    couplings: [
      { driver: 'distress', effect: 'add', gain: 24 },
      { driver: 'opinion', effect: 'add', gain: 9 },
      { driver: 'waterCut', effect: 'add', gain: 5, upTo: 12, lagMs: 0.25 * HOUR },
    ],
    episodes: [{ perYear: 14, minutes: [30, 90], add: [12, 35] }],
  },
  hotline_queue_len: {
    base: 2.6,
    distribution: 'stock',
    profile: 'hotline',
    profileStrength: 0.8,
    noise: { sd: 0.9, persistence: 0.4 * HOUR },
    couplings: [
      { driver: 'distress', effect: 'add', gain: 20 },
      { driver: 'opinion', effect: 'add', gain: 7 },
      { driver: 'waterCut', effect: 'add', gain: 4, upTo: 12, lagMs: 0.25 * HOUR },
    ],
    episodes: [{ perYear: 16, minutes: [12, 45], add: [14, 40], shape: 'jolt' }],
  },
  hotline_abandon_rate: {
    base: 2.7,
    distribution: 'share',
    profile: 'hotline',
    profileAdd: 0.2,
    noise: { sd: 0.25, persistence: 2 * HOUR },
    couplings: [
      { driver: 'distress', effect: 'add', gain: 3 },
      { driver: 'opinion', effect: 'add', gain: 1.3 },
    ],
    episodes: [{ perYear: 8, minutes: [60, 150], add: [3, 7] }],
  },
  hotline_ontime_rate: {
    base: 99.1,
    distribution: 'share',
    spread: 0.12,
    noise: { sd: 0.12, persistence: 2 * DAY, white: 0.05 },
    couplings: [{ driver: 'repairs', effect: 'add', gain: -1.1, upTo: 8 }],
    episodes: [{ perYear: 0.8, minutes: [600, 2880], add: [-1.5, -4.5] }],
  },
  hotline_satisfaction: {
    base: 93.2,
    distribution: 'share',
    spread: 0.45,
    noise: { sd: 0.35, persistence: 6 * DAY },
    couplings: [{ driver: 'repairs', effect: 'add', gain: -0.9, upTo: 8 }],
    episodes: [{ perYear: 0.6, minutes: [2880, 8640], add: [-3, -7] }],
  },
  hotline_repeat_rate: {
    base: 5.6,
    distribution: 'share',
    spread: 0.35,
    noise: { sd: 0.22, persistence: 8 * DAY },
    couplings: [{ driver: 'repairs', effect: 'add', gain: 0.5, upTo: 8 }],
    episodes: [{ perYear: 0.5, minutes: [2880, 10080], add: [2.5, 6] }],
  },
  hotline_overdue: {
    base: 11,
    distribution: 'stock',
    scale: 'population',
    spread: 1.2,
    noise: { sd: 0.9, persistence: 2 * DAY, white: 0.02 },
    couplings: [{ driver: 'repairs', effect: 'add', gain: 11, lagMs: 6 * HOUR }],
    episodes: [{ perYear: 0.8, minutes: [1440, 7200], add: [14, 50] }],
  },
  hotline_hot_topic_share: {
    base: 13,
    distribution: 'share',
    noise: { sd: 0.9, persistence: 8 * HOUR },
    couplings: [
      { driver: 'opinion', effect: 'add', gain: 4.5, upTo: 11 },
      { driver: 'distress', effect: 'add', gain: 6, upTo: 5 },
      { driver: 'waterCut', effect: 'add', gain: 5, upTo: 10 },
    ],
    episodes: [{ perYear: 8, minutes: [180, 720], add: [8, 18] }],
  },
  hotline_collective_cases: {
    base: 0.0018, // per hour in an average town: one or two a day in the district
    distribution: 'poisson',
    profile: 'hotline',
    scale: 'population',
    couplings: [
      { driver: 'distress', effect: 'multiply', gain: 1.4 },
      { driver: 'opinion', effect: 'multiply', gain: 1.2 },
      { driver: 'waterCut', effect: 'multiply', gain: 15, upTo: 20 },
      { driver: 'rush', effect: 'multiply', gain: 1 },
    ],
  },
};
