/** A cloudburst on a summer afternoon: one storm stays over the old town for two hours while the rest of the district sees an ordinary shower. */
import { HOUR } from '../simulator/model.ts';
import type { Scenario } from '../simulator/scenario.ts';
import { curve, nearness } from '../simulator/script.ts';
import type { TownFacts } from '../simulator/towns.ts';

/** mm/h at the storm's middle: 140 mm in two and a half hours. */
const core = curve([0, 0], [0.4, 12], [0.8, 55], [1.3, 92], [1.9, 70], [2.5, 40], [3.2, 9], [4, 1], [5, 0]);
/** It comes from the south-west, stands over the old town and drifts off to the airport. */
const middle = (hours: number): { x: number; y: number; radiusKm: number } => ({
  x: curve([0, -9], [1, -5], [2.4, -2], [5, 8])(hours),
  y: curve([0, -4], [1, 1], [2.4, 2.5], [5, 5])(hours),
  radiusKm: 5.5,
});
const near = (hours: number, town: TownFacts | null): number => (town === null ? 0 : nearness(town, middle(hours)));

export const cloudburst: Scenario = {
  id: 'cloudburst',
  name: { zh: '短时强降雨', en: 'Cloudburst' },
  summary: {
    zh: '午后强对流在老城区停留两个多小时，核心雨量 140 毫米：先积水，后拥堵，再是热线和抢修。',
    en: 'A storm stands over the old town for more than two hours and drops 140 mm at its core: water on the streets first, then jams, calls and repairs.',
  },
  durationMs: 12 * HOUR,
  drivers: {
    rain: (hours, town) => core(hours) * near(hours, town),
    thunder: (hours, town) => Math.min(1, curve([0, 0.6], [1, 1], [3, 0.8], [4.5, 0])(hours) * near(hours, town) ** 0.4),
    temp: (hours, town) => curve([0, 0], [1, -5], [3, -6], [8, -2], [12, 0])(hours) * near(Math.min(hours, 3), town) ** 0.5,
    wind: (hours, town) => curve([0, 0], [0.7, 5], [1.5, 6], [3, 2], [5, 0])(hours) * near(hours, town) ** 0.5,
    opinion: curve([0, 0], [1.5, 0], [3, 2.2], [7, 1], [12, 0]),
  },
  overlays: [
    { types: ['pond', 'underpass', 'manhole'], places: ['gulou', 'wenlan', 'xinhe', 'nantang'], share: 0.12, from: 1.4, to: 5, what: { kind: 'silent' } },
    { types: ['road'], places: ['gulou', 'xinhe'], share: 0.2, from: 1.6, to: 4, what: { kind: 'silent' } },
  ],
};
