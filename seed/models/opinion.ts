/** Public opinion: a quiet murmur that follows `opinion`, the city's excitement, and in a disaster its distress. */
import { DAY, HOUR, type ModelTable } from '../simulator/model.ts';

export const opinionModels: ModelTable = {
  opinion_volume: {
    base: 120,
    distribution: 'poisson',
    profile: 'online',
    holiday: 1.05,
    growth: 0.04,
    noise: { sd: 0.1, persistence: 4 * HOUR },
    couplings: [
      { driver: 'opinion', effect: 'multiply', gain: 0.75 },
      { driver: 'distress', effect: 'multiply', gain: 0.5 },
      { driver: 'typhoon', effect: 'multiply', gain: 0.35 },
      { driver: 'festival', effect: 'multiply', gain: 0.4 },
    ],
  },
  opinion_negative_share: {
    base: 12,
    distribution: 'share',
    noise: { sd: 0.8, persistence: 8 * HOUR },
    couplings: [
      { driver: 'opinion', effect: 'add', gain: 4, upTo: 12 },
      { driver: 'distress', effect: 'add', gain: 2.5, upTo: 6 },
      { driver: 'waterCut', effect: 'add', gain: 1.5, upTo: 10 },
    ],
    episodes: [{ perYear: 8, minutes: [240, 900], add: [8, 20] }],
  },
  opinion_spread_rate: {
    base: 1.8,
    distribution: 'gauge',
    profile: 'online',
    noise: { sd: 0.5, persistence: 2 * HOUR },
    min: 0,
    episodes: [{ perYear: 4, minutes: [120, 600], add: [22, 110], shape: 'jolt' }],
    facets: {
      livelihood: {
        base: 2.6,
        couplings: [
          { driver: 'opinion', effect: 'add', gain: 26, from: 0.8, shape: 'above' },
          { driver: 'waterCut', effect: 'add', gain: 14, upTo: 15 },
        ],
      },
      traffic: { base: 2, couplings: [{ driver: 'congestion', effect: 'add', gain: 10, from: 0.6, shape: 'above' }] },
      environment: { base: 1.4, couplings: [{ driver: 'stagnation', effect: 'add', gain: 8, from: 0.7, shape: 'above' }] },
      education: { base: 1.6 },
      medical: { base: 1.6, couplings: [{ driver: 'flu', effect: 'add', gain: 2 }] },
      safety: {
        base: 1.8,
        couplings: [
          { driver: 'distress', effect: 'add', gain: 26, from: 0.4, shape: 'above' },
          { driver: 'typhoon', effect: 'add', gain: 12 },
        ],
      },
      governance: { base: 1.4, couplings: [{ driver: 'opinion', effect: 'add', gain: 8, from: 0.8, shape: 'above' }] },
    },
  },
  opinion_hot_rank: {
    base: 95,
    distribution: 'gauge',
    noise: { sd: 1.6, persistence: 6 * HOUR },
    min: 1,
    max: 99,
    couplings: [
      { driver: 'opinion', effect: 'add', gain: -9.5, upTo: 12 },
      { driver: 'typhoon', effect: 'add', gain: -20 },
    ],
    episodes: [{ perYear: 8, minutes: [180, 720], add: [-48, -86] }],
  },
  opinion_response_h: {
    base: 1.8,
    distribution: 'gauge',
    noise: { sd: 0.25, persistence: 8 * HOUR },
    min: 0.2,
    couplings: [{ driver: 'opinion', effect: 'add', gain: 0.5, upTo: 12, lagMs: 2 * HOUR }],
    episodes: [{ perYear: 10, minutes: [240, 1440], add: [2.5, 9] }],
  },
  rumor_open: {
    base: 0.1,
    distribution: 'stock',
    noise: { sd: 0.07, persistence: DAY },
    couplings: [
      { driver: 'opinion', effect: 'add', gain: 0.8, from: 0.8, shape: 'above' },
      { driver: 'typhoon', effect: 'add', gain: 0.9 },
    ],
    episodes: [{ perYear: 20, minutes: [240, 1440], add: [1, 3.4] }],
  },
};
