/** The last evening of the year: the riverside fills from eight, midnight, the way home, and the smoke that is left in the morning. Begins at noon. */
import { HOUR } from '../simulator/model.ts';
import type { Scenario } from '../simulator/scenario.ts';
import { curve } from '../simulator/script.ts';

export const newYear: Scenario = {
  id: 'new_year',
  name: { zh: '跨年夜', en: 'New Year’s Eve' },
  summary: {
    zh: '自正午起 24 小时：傍晚人流涌向江边和广场，零点达到顶峰，随后集中返程；烟花留下清晨的污染。',
    en: 'Twenty-four hours from noon: crowds gather at the river and on the squares, midnight is the peak, then everyone goes home at once; fireworks leave a smoky morning.',
  },
  durationMs: 24 * HOUR,
  drivers: {
    festival: curve([0, 0], [6, 0.3], [9, 0.9], [11.5, 1.5], [12.3, 1.5], [13.5, 0.5], [15, 0]),
    stagnation: curve([0, 0], [11, 0.05], [12.5, 0.4], [19, 0.3], [24, 0]),
    opinion: curve([0, 0], [10, 0.4], [12.5, 1.5], [16, 0]),
  },
  overlays: [
    { indicators: ['crowd_density'], share: 0.35, from: 6, to: 14, what: { kind: 'add', amount: (part) => 2.9 * Math.sin(Math.PI * part ** 1.4) ** 0.8 } },
    { indicators: ['crowd_count_ratio'], share: 0.35, from: 6, to: 14, what: { kind: 'add', amount: (part) => 38 * Math.sin(Math.PI * part ** 1.4) ** 0.8 } },
    { indicators: ['noise_leq'], share: 0.5, from: 10, to: 13.5, what: { kind: 'add', amount: (part) => 14 * Math.sin(Math.PI * part) } },
    { indicators: ['pm25', 'pm10'], share: 0.6, from: 12, to: 20, what: { kind: 'multiply', factor: (part) => 1 + 2.4 * (1 - part) } },
  ],
};
