/** Gas. Alarms and leaks are rare and local; supply tightens with cold; a struck pipe (`gasLeak`) shows in all of them. */
import { DAY, HOUR, MINUTE, type ModelTable } from '../simulator/model.ts';

export const gasModels: ModelTable = {
  // Clean air reads a few tenths. Marsh gas in a drain now and then; warm damp weather makes more of it.
  gas_leak_lel: {
    base: 0.3,
    distribution: 'gauge',
    spread: 0.15,
    noise: { sd: 0.16, persistence: HOUR, white: 0.4 },
    couplings: [
      { driver: 'gasLeak', effect: 'add', gain: 55, lagMs: 4 * MINUTE },
      { driver: 'heat', effect: 'add', gain: 0.06 },
    ],
    episodes: [
      { perYear: 4, minutes: [15, 60], add: [4, 9] },
      { perYear: 40, minutes: [15, 50], add: [0.5, 2] },
    ],
    min: 0,
  },
  // Sags when all kitchens cook; a broken pipe takes it down with it.
  gas_pressure_dev: {
    base: 0.3,
    distribution: 'gauge',
    spread: 0.5,
    noise: { sd: 0.45, persistence: 30 * MINUTE, white: 0.35 },
    couplings: [
      { driver: 'gasDemand', effect: 'add', gain: -0.9, from: 1 },
      { driver: 'gasLeak', effect: 'add', gain: -17, lagMs: 2 * MINUTE },
    ],
    episodes: [
      { perYear: 3, minutes: [15, 50], add: [-8, -4.5] },
      { perYear: 1, minutes: [15, 40], add: [4.5, 8] },
    ],
  },
  // A handful in each town a day, most while people cook; windows are shut in the cold.
  gas_household_alarms: {
    base: 0.022,
    distribution: 'poisson',
    profile: 'kitchens',
    scale: 'population',
    spread: 0.15,
    noise: { sd: 0.15, persistence: 6 * HOUR },
    couplings: [
      { driver: 'cold', effect: 'multiply', gain: 0.05 },
      { driver: 'away', effect: 'multiply', gain: -0.3 },
      { driver: 'gasLeak', effect: 'add', gain: 13, lagMs: 6 * MINUTE },
    ],
  },
  // None as a rule: one every other day in the district, each mended within hours.
  gas_leak_repairs_open: {
    base: 0,
    distribution: 'stock',
    spread: 0,
    couplings: [
      { driver: 'gasLeak', effect: 'add', gain: 3.2, lagMs: 10 * MINUTE },
      { driver: 'cold', effect: 'add', gain: 0.06, shape: 'above', from: 5 },
    ],
    episodes: [{ perYear: 8, minutes: [45, 240], add: [0.8, 1.3], shape: 'step' }],
  },
  gas_supply_ratio: {
    base: 105.5,
    distribution: 'gauge',
    spread: 0,
    noise: { sd: 0.45, persistence: 10 * HOUR, white: 0.05 },
    couplings: [{ driver: 'cold', effect: 'add', gain: -0.5 }],
    episodes: [{ perYear: 4, minutes: [360, 1440], add: [-4.5, -2.5] }],
  },
  // A programme over the year: little moves within a week.
  gas_inspection_rate: {
    base: 97,
    distribution: 'share',
    spread: 0.45,
    noise: { sd: 0.12, persistence: 20 * DAY, white: 0.1 },
    couplings: [{ driver: 'away', effect: 'add', gain: -0.4 }],
  },
  // One in ten days or so; nobody digs on holidays.
  third_party_damage: {
    base: 0.1,
    distribution: 'poisson',
    holiday: 0.1,
    spread: 0,
    noise: { sd: 0.2, persistence: 20 * DAY },
    couplings: [
      { driver: 'workday', effect: 'multiply', gain: 0.4 },
      { driver: 'gasLeak', effect: 'add', gain: 3 },
    ],
  },
};
