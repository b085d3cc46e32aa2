/** A trunk main bursts in the middle of the city: pressure falls, a street is under water, homes are dry until a valve is found and a pipe welded. */
import { HOUR } from '../simulator/model.ts';
import type { Scenario } from '../simulator/scenario.ts';
import { curve, inTowns } from '../simulator/script.ts';

const dry = curve([0, 0], [0.2, 6], [0.8, 22], [4, 26], [6.5, 20], [8, 6], [10, 0]);
const drop = curve([0, 0], [0.1, 0.8], [0.5, 1], [5, 1], [7.5, 0.5], [10, 0]);

export const waterMainBreak: Scenario = {
  id: 'water_main_break',
  name: { zh: '供水主管爆管', en: 'Water main break' },
  summary: {
    zh: '新河街道一条供水主管爆裂：水压骤降，路面积水，两万多户停水，十小时后恢复。',
    en: 'A trunk main bursts in Xinhe: pressure collapses, a street floods, more than twenty thousand homes are dry; back after ten hours.',
  },
  durationMs: 12 * HOUR,
  drivers: {
    waterCut: inTowns(dry, { xinhe: 1, nantang: 0.35, gulou: 0.22, dongqiao: 0.12 }),
    opinion: curve([0, 0], [1, 0.3], [3, 1.6], [8, 0.8], [12, 0]),
  },
  overlays: [
    { indicators: ['water_pressure'], places: ['xinhe'], from: 0, to: 10, what: { kind: 'add', amount: (_, hours) => -0.17 * drop(hours) } },
    { indicators: ['water_pressure'], places: ['nantang', 'gulou'], from: 0, to: 10, what: { kind: 'add', amount: (_, hours) => -0.08 * drop(hours) } },
    { indicators: ['fire_hydrant_pressure'], places: ['xinhe', 'nantang'], from: 0, to: 10, what: { kind: 'add', amount: (_, hours) => -0.09 * drop(hours) } },
    { indicators: ['pipe_bursts'], places: ['xinhe'], from: 0, to: 9, what: { kind: 'add', amount: () => 2.5 } },
    { indicators: ['water_supply_flow'], from: 0.1, to: 3, what: { kind: 'multiply', factor: (part) => 1.28 - 0.2 * part } },
    { indicators: ['pond_depth'], places: ['xinhe'], share: 0.5, from: 0.3, to: 4, what: { kind: 'add', amount: (part) => 24 * Math.sin(Math.PI * part) } },
    { indicators: ['road_speed_ratio'], places: ['xinhe'], from: 0.3, to: 5, what: { kind: 'multiply', factor: (part) => 1 - 0.6 * Math.sin(Math.PI * part) } },
  ],
};
