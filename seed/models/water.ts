/**
 * Water supply and drainage. The network answers to how much is drawn, to cuts of water and power, and to frost; sewers and plants to rain.
 * A quiet day shows a leak here and a planned cut there.
 */
import { DAY, HOUR, MINUTE, type ModelTable } from '../simulator/model.ts';

export const waterModels: ModelTable = {
  // Goes with what is drawn; a trunk main that bursts lets more run out than its town would use.
  water_supply_flow: {
    base: 38_000,
    distribution: 'gauge',
    growth: 0.012,
    spread: 0,
    noise: { sd: 520, persistence: 2 * HOUR, white: 0.1 },
    couplings: [
      { driver: 'waterDemand', effect: 'multiply', gain: 0.85, from: 1 },
      { driver: 'waterCut', effect: 'multiply', gain: 0.12, upTo: 4 },
    ],
  },
  // Falls a little when much is drawn. A cut empties the pipes; without power the booster stations stand.
  water_pressure: {
    base: 0.286,
    distribution: 'gauge',
    spread: 0.008,
    noise: { sd: 0.0028, persistence: 40 * MINUTE, white: 0.35 },
    couplings: [
      { driver: 'waterDemand', effect: 'add', gain: -0.022, from: 1 },
      { driver: 'waterCut', effect: 'add', gain: -0.0045 },
      { driver: 'powerCut', effect: 'add', gain: -0.006, shape: 'above', from: 0.5 },
    ],
    episodes: [
      { perYear: 3, minutes: [25, 70], add: [-0.05, -0.1] },
      { perYear: 30, minutes: [10, 30], add: [-0.01, -0.025] },
    ],
    min: 0.01,
  },
  // Raw water is muddy on the day after heavy rain; filters hold most of it back.
  water_turbidity: {
    base: 0.1,
    distribution: 'gauge',
    spread: 0.012,
    noise: { sd: 0.009, persistence: 4 * HOUR },
    couplings: [
      { driver: 'rain24h', effect: 'add', gain: 0.0018, shape: 'above', from: 25, lagMs: 6 * HOUR },
      { driver: 'powerCut', effect: 'add', gain: 0.01, shape: 'above', from: 1 },
    ],
    episodes: [{ perYear: 10, minutes: [30, 120], add: [0.12, 0.26] }],
    min: 0.03,
  },
  // Lost with warmth and with the time that water stays in the pipes: least in the early morning and in summer.
  water_chlorine: {
    base: 0.32,
    distribution: 'gauge',
    spread: 0.016,
    noise: { sd: 0.012, persistence: 3 * HOUR },
    couplings: [
      { driver: 'temp', effect: 'add', gain: -0.002, shape: 'above', from: 18, lagMs: 8 * HOUR },
      { driver: 'waterDemand', effect: 'add', gain: 0.02, from: 1, upTo: 0.6, lagMs: 2 * HOUR },
      { driver: 'waterCut', effect: 'add', gain: -0.004 },
    ],
    episodes: [{ perYear: 8, minutes: [60, 240], add: [-0.09, -0.16] }],
    min: 0,
  },
  // One figure a night: it hardly moves by day. Hidden leaks grow over days until they are found; frost opens more of them.
  water_night_min_flow: {
    base: 400,
    distribution: 'gauge',
    scale: 'population',
    spread: 30,
    noise: { sd: 8, persistence: 20 * HOUR, white: 0.02 },
    couplings: [
      { driver: 'cold', effect: 'multiply', gain: 0.02, shape: 'above', from: 7, lagMs: 12 * HOUR },
      { driver: 'waterCut', effect: 'multiply', gain: 0.02, upTo: 40, lagMs: 6 * HOUR },
    ],
    episodes: [{ perYear: 2.5, minutes: [2880, 11_520], times: [1.14, 1.38] }],
    min: 20,
  },
  // One a day in the whole district; frost multiplies them.
  pipe_bursts: {
    base: 0.002,
    distribution: 'poisson',
    scale: 'population',
    spread: 0.2,
    noise: { sd: 0.1, persistence: DAY },
    couplings: [
      { driver: 'cold', effect: 'multiply', gain: 0.6, shape: 'above', from: 5, lagMs: 8 * HOUR },
      { driver: 'waterCut', effect: 'add', gain: 0.05, upTo: 30 },
      { driver: 'heat', effect: 'multiply', gain: 0.06 },
    ],
  },
  // 1 % of an average town's homes are some 470 households. Planned works and small repairs go on somewhere nearly every day.
  water_cut_households: {
    base: 15,
    distribution: 'stock',
    scale: 'population',
    spread: 3,
    noise: { sd: 4, persistence: 3 * HOUR, white: 0 },
    couplings: [
      { driver: 'waterCut', effect: 'multiply', gain: 31 },
      { driver: 'powerCut', effect: 'multiply', gain: 4, shape: 'above', from: 0.5, lagMs: HOUR },
      { driver: 'cold', effect: 'multiply', gain: 1.2, shape: 'above', from: 7, lagMs: 10 * HOUR },
    ],
    episodes: [
      { perYear: 24, minutes: [150, 420], add: [60, 220], shape: 'step' },
      { perYear: 4, minutes: [60, 300], add: [350, 1200], shape: 'jolt' },
    ],
  },
  // Sewers here are not everywhere apart from storm drains: a wet day fills the plants within hours.
  sewage_plant_load: {
    base: 82,
    distribution: 'gauge',
    profile: 'homes',
    profileAdd: 4,
    holiday: 0.97,
    growth: 0.008,
    spread: 1.4,
    noise: { sd: 0.9, persistence: 3 * HOUR },
    couplings: [
      { driver: 'rain24h', effect: 'add', gain: 0.3, upTo: 150, lagMs: 3 * HOUR },
      { driver: 'powerCut', effect: 'add', gain: -2, shape: 'above', from: 1 },
    ],
    episodes: [{ perYear: 9, minutes: [120, 480], add: [7, 16] }],
    min: 5,
  },
  // Too much water leaves too little time in the tanks; now and then a factory sends a shock.
  sewage_effluent_cod: {
    base: 20,
    distribution: 'gauge',
    profile: 'industry',
    profileAdd: 3,
    spread: 1,
    noise: { sd: 1, persistence: 5 * HOUR },
    couplings: [{ driver: 'rain24h', effect: 'add', gain: 0.07, shape: 'above', from: 20, lagMs: 8 * HOUR }],
    episodes: [{ perYear: 10, minutes: [120, 420], add: [9, 19] }],
    min: 4,
  },
  // Bacteria that turn ammonia slow down in the cold.
  sewage_effluent_nh3n: {
    base: 0.76,
    distribution: 'gauge',
    profile: 'homes',
    profileAdd: 0.1,
    spread: 0.06,
    noise: { sd: 0.06, persistence: 5 * HOUR },
    couplings: [
      { driver: 'cold', effect: 'add', gain: 0.045, lagMs: DAY },
      { driver: 'rain24h', effect: 'add', gain: 0.006, shape: 'above', from: 20, lagMs: 8 * HOUR },
    ],
    episodes: [{ perYear: 10, minutes: [120, 420], add: [0.5, 1.4] }],
    min: 0.02,
  },
  // Homes in dry weather, rain water within half an hour, canals that stand against the outlets.
  sewer_level: {
    base: 34,
    distribution: 'gauge',
    profile: 'homes',
    profileAdd: 6,
    spread: 3,
    noise: { sd: 1.1, persistence: HOUR },
    couplings: [
      { driver: 'runoff', effect: 'add', gain: 2, upTo: 35, lagMs: 20 * MINUTE },
      { driver: 'canal', effect: 'add', gain: 12, shape: 'above', from: 0.1 },
      { driver: 'powerCut', effect: 'add', gain: 3, shape: 'above', from: 0.5, lagMs: HOUR },
    ],
    episodes: [{ perYear: 6, minutes: [60, 300], add: [16, 36] }],
    min: 2,
  },
  // None as a rule; one every other day in the whole district. Water lifts covers, and so do storms.
  manhole_cover_open: {
    base: 0,
    distribution: 'stock',
    spread: 0,
    couplings: [
      { driver: 'runoff', effect: 'add', gain: 0.22, shape: 'above', from: 7, lagMs: 20 * MINUTE },
      { driver: 'damage', effect: 'add', gain: 1.2 },
    ],
    episodes: [{ perYear: 8, minutes: [20, 110], add: [0.8, 1.3], shape: 'step' }],
  },
};
