/** Communications. Stations, cameras and sensors go down after the power does, as batteries last for hours; attacks come in bursts. */
import { DAY, HOUR, MINUTE, type ModelTable } from '../simulator/model.ts';

/** Batteries at base stations carry the first two hours of a cut. */
const BATTERY = 2 * HOUR;

export const commsModels: ModelTable = {
  bs_offline: {
    base: 4,
    distribution: 'stock',
    scale: 'population',
    spread: 0.8,
    noise: { sd: 0.8, persistence: 4 * HOUR, white: 0.05 },
    couplings: [
      { driver: 'powerCut', effect: 'add', gain: 20, shape: 'above', from: 0.4, lagMs: BATTERY },
      { driver: 'damage', effect: 'add', gain: 45 },
      { driver: 'thunder', effect: 'add', gain: 3 },
    ],
    episodes: [{ perYear: 4, minutes: [30, 150], add: [12, 34], shape: 'jolt' }],
  },
  // Of some 1,300 stations in an average town.
  bs_offline_ratio: {
    base: 0.32,
    distribution: 'share',
    spread: 0.06,
    noise: { sd: 0.06, persistence: 4 * HOUR, white: 0.05 },
    couplings: [
      { driver: 'powerCut', effect: 'add', gain: 1.6, shape: 'above', from: 0.4, lagMs: BATTERY },
      { driver: 'damage', effect: 'add', gain: 3.6 },
      { driver: 'thunder', effect: 'add', gain: 0.25 },
    ],
    episodes: [{ perYear: 3, minutes: [30, 120], add: [1, 2.6], shape: 'jolt' }],
  },
  broadband_outage_users: {
    base: 48,
    distribution: 'stock',
    scale: 'population',
    spread: 8,
    noise: { sd: 9, persistence: 5 * HOUR, white: 0.05 },
    couplings: [
      { driver: 'powerCut', effect: 'multiply', gain: 9, shape: 'above', from: 0.2 },
      { driver: 'damage', effect: 'multiply', gain: 14 },
      { driver: 'thunder', effect: 'multiply', gain: 1.2 },
    ],
    episodes: [
      { perYear: 4, minutes: [40, 240], add: [350, 1700], shape: 'jolt' },
      { perYear: 40, minutes: [30, 120], add: [40, 180], shape: 'jolt' },
    ],
  },
  video_online_rate: {
    base: 97.6,
    distribution: 'share',
    spread: 0.25,
    noise: { sd: 0.14, persistence: 6 * HOUR },
    couplings: [
      { driver: 'powerCut', effect: 'add', gain: -0.9, shape: 'above', from: 0.15 },
      { driver: 'damage', effect: 'add', gain: -2.4 },
      { driver: 'thunder', effect: 'add', gain: -0.7 },
    ],
    episodes: [{ perYear: 3, minutes: [40, 180], add: [-4.5, -1.8] }],
  },
  iot_online_rate: {
    base: 95.6,
    distribution: 'share',
    spread: 0.35,
    noise: { sd: 0.2, persistence: 8 * HOUR },
    couplings: [
      { driver: 'powerCut', effect: 'add', gain: -1, shape: 'above', from: 0.2, lagMs: HOUR },
      { driver: 'damage', effect: 'add', gain: -2 },
      { driver: 'cold', effect: 'add', gain: -0.06, shape: 'above', from: 4 },
    ],
    episodes: [{ perYear: 3, minutes: [40, 200], add: [-5, -2] }],
  },
  data_feed_late: {
    base: 0.8,
    distribution: 'stock',
    spread: 0,
    noise: { sd: 0.35, persistence: HOUR, white: 0 },
    couplings: [{ driver: 'powerCut', effect: 'add', gain: 1, shape: 'above', from: 0.6 }],
    episodes: [{ perYear: 120, minutes: [8, 50], add: [1.2, 4] }],
  },
  // Machines scan round the clock; people behind them work when the net is busiest.
  cyber_attacks_blocked: {
    base: 9000,
    distribution: 'poisson',
    profile: 'online',
    profileStrength: 0.25,
    growth: 0.15,
    spread: 0,
    noise: { sd: 0.09, persistence: 5 * HOUR },
    couplings: [{ driver: 'opinion', effect: 'multiply', gain: 0.05 }],
    episodes: [
      { perYear: 60, minutes: [15, 90], times: [1.7, 3.4], shape: 'jolt' },
      { perYear: 5, minutes: [30, 150], times: [4, 7], shape: 'jolt' },
    ],
  },
  cyber_high_vulns: {
    base: 3,
    distribution: 'stock',
    spread: 0.5,
    noise: { sd: 0.55, persistence: 5 * DAY, white: 0.02 },
    episodes: [{ perYear: 3, minutes: [2880, 11_520], add: [4, 9], shape: 'jolt' }],
    facets: {
      emergency_bureau: { base: 2.4 },
      water_bureau: { base: 3.4 },
      housing_bureau: { base: 3.4 },
      urban_mgmt_bureau: { base: 3.2 },
      transport_bureau: { base: 3 },
      health_bureau: { base: 4 },
      education_bureau: { base: 4.4 },
      ecology_bureau: { base: 2.8 },
      market_bureau: { base: 3 },
      data_bureau: { base: 2.6 },
      civil_affairs: { base: 2.8 },
      water_group: { base: 3.6 },
    },
  },
  // Busy in office hours; dispatch and hotline with distress, sensors report more often in rain.
  gov_cloud_cpu: {
    base: 43,
    distribution: 'share',
    profile: 'office',
    profileAdd: 6,
    holiday: 0.94,
    spread: 1.5,
    noise: { sd: 1.6, persistence: 15 * MINUTE, white: 0.4 },
    couplings: [{ driver: 'distress', effect: 'add', gain: 4, upTo: 5 }],
    episodes: [
      { perYear: 24, minutes: [8, 45], add: [14, 32] },
      { perYear: 150, minutes: [5, 20], add: [3, 9] },
    ],
    facets: {
      hotline_platform: { base: 38, profile: 'hotline', couplings: [{ driver: 'distress', effect: 'add', gain: 3, upTo: 5 }] },
      operations_platform: { base: 36, couplings: [{ driver: 'repairs', effect: 'add', gain: 4, upTo: 5 }] },
      gov_services: { base: 44 },
      video_platform: { base: 50, profile: 'commute' },
      data_exchange: { base: 47, profile: 'flat' },
      iot_platform: { base: 45, profile: 'flat', couplings: [{ driver: 'rain1h', effect: 'add', gain: 0.15, upTo: 60 }] },
    },
  },
};
