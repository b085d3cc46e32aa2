/** A rumour on the net, a day of callers who believe it, and an official answer after five hours. */
import { HOUR } from '../simulator/model.ts';
import type { Scenario } from '../simulator/scenario.ts';
import { curve } from '../simulator/script.ts';

export const hotlineRumour: Scenario = {
  id: 'hotline_rumour',
  name: { zh: '谣言引发热线激增', en: 'A rumour floods the hotline' },
  summary: {
    zh: '一段“自来水被污染”的旧视频被重新转发，热线和网上同时升温；第五小时官方通报后回落。',
    en: 'An old video of “poisoned tap water” goes round again: net and hotline heat up together until an official statement in the fifth hour.',
  },
  durationMs: 16 * HOUR,
  drivers: { opinion: curve([0, 0], [0.7, 1.5], [2, 6], [3.5, 10], [5.2, 9], [7, 4], [11, 1.2], [16, 0]) },
  overlays: [
    { indicators: ['rumor_open'], from: 1, to: 9, what: { kind: 'add', amount: (part) => (part < 0.6 ? 3.4 : 1.4) } },
    { indicators: ['hotline_hot_topic_share'], from: 0.8, to: 12, what: { kind: 'add', amount: (part) => 40 * Math.sin(Math.PI * part) ** 0.7 } },
    {
      indicators: ['hotline_tickets_created'],
      facets: ['water_supply'],
      from: 0.8,
      to: 12,
      what: { kind: 'multiply', factor: (part) => 1 + 7 * Math.sin(Math.PI * part) },
    },
  ],
};
