/**
 * A typhoon in two days: bands of rain and rising wind on the first, landfall after 22 hours on a rising tide, the flood crest travelling down
 * the river through the second, sensors dying where and when they are needed most, and a long aftermath of calls and repairs.
 */
import { HOUR } from '../simulator/model.ts';
import type { Scenario } from '../simulator/scenario.ts';
import { byTerrain, curve } from '../simulator/script.ts';

/** mm/h in the mean of the district: 300 mm in all, most of it in the six hours around landfall. */
const rain = curve([0, 0], [3, 1], [8, 4], [14, 9], [18, 16], [21, 30], [24, 34], [26, 18], [30, 8], [36, 4], [42, 1], [46, 0]);
/** Spiral bands: showers come and go every two hours, in one town before the other. */
const bands = (hours: number, x: number, y: number): number =>
  1 + 0.55 * Math.sin((2 * Math.PI * hours) / 2.1 - x / 6 + y / 9) + 0.2 * Math.sin((2 * Math.PI * hours) / 0.7 - x / 3);
const terrain = { urban: 0.95, plain: 0.95, hill: 1.3, coast: 1.05 } as const;

export const typhoon: Scenario = {
  id: 'typhoon',
  name: { zh: '台风“青鸢”', en: 'Typhoon Qingyuan' },
  summary: {
    zh: '48 小时：台风靠近，第 22 小时在沿海登陆，大风、暴雨、风暴潮叠加，洪峰自上游向下游推进，传感器成片失联，热线激增，随后抢修。',
    en: 'Forty-eight hours: the approach, landfall on the coast after 22 hours with gales, cloudbursts and surge, the flood crest moving downstream, sensors failing in numbers, the hotline overwhelmed, then the repairs.',
  },
  durationMs: 48 * HOUR,
  drivers: {
    typhoon: curve([0, 1], [6, 1], [6.1, 2], [12, 2], [12.1, 3], [17, 3], [17.1, 4], [29, 4], [29.1, 3], [35, 3], [35.1, 2], [41, 2], [41.1, 1], [47.9, 1]),
    wind: byTerrain(curve([0, 0.5], [8, 4], [14, 9], [18, 15], [21, 23], [22.5, 26], [24, 21], [28, 12], [34, 6], [42, 2], [48, 0]), {
      urban: 0.75,
      plain: 0.9,
      hill: 1,
      coast: 1.22,
    }),
    surge: curve([0, 0], [10, 0.2], [17, 0.7], [21, 1.5], [22.5, 1.9], [25, 1.2], [30, 0.5], [40, 0.1], [48, 0]),
    rain: (hours, town) => (town === null ? 0 : Math.max(0, rain(hours) * terrain[town.terrain] * bands(hours, town.x, town.y))),
    // Sea air: warm before, cooled by the rain at landfall. In winter, when a drill is played, it keeps the frost away.
    temp: curve([0, 0], [4, 3], [12, 2], [22, -1], [32, 0], [48, 0]),
    thunder: curve([0, 0], [16, 0], [20, 0.25], [25, 0.25], [28, 0]),
    stagnation: curve([0, 0], [6, -0.2], [40, -0.2], [48, 0]),
    opinion: curve([0, 0.3], [18, 1.5], [24, 4], [30, 2.5], [48, 0.6]),
    waterCut: byTerrain(curve([0, 0], [22, 0], [24, 2.2], [34, 1.6], [46, 0]), { urban: 0.4, plain: 0.8, hill: 2, coast: 1.6 }),
  },
  overlays: [
    // The worst moment: masts, mains and mobile masts are down.
    { types: ['weather', 'rain', 'tide'], share: 0.22, from: 20.5, to: 29, what: { kind: 'silent' } },
    { types: ['pond', 'underpass', 'manhole', 'pump'], share: 0.14, from: 21.5, to: 31, what: { kind: 'silent' } },
    { types: ['river', 'canal', 'reservoir', 'catchment', 'slope'], share: 0.12, from: 23, to: 36, what: { kind: 'silent' } },
    { types: ['road', 'venue', 'site', 'air', 'noise'], share: 0.2, from: 22, to: 34, what: { kind: 'silent' } },
    { indicators: ['wind_mean', 'wind_gust'], share: 0.12, from: 21.5, to: 33, what: { kind: 'stuck' } },
    { indicators: ['river_level_over_warning'], share: 0.1, from: 24, to: 30, what: { kind: 'noisy', sd: 0.25 } },
    // A typhoon brings no snow, whatever the month it is played in.
    { indicators: ['snow_12h'], from: 0, to: 48, what: { kind: 'multiply', factor: () => 0 } },
    // People leave the danger zones in the eight hours before the wind is too strong to go out.
    { indicators: ['people_to_evacuate'], from: 12, to: 48, what: { kind: 'multiply', factor: (_, hours) => curve([12, 1], [21, 0.12], [30, 0.05], [48, 0])(hours) } },
    { indicators: ['vessels_not_sheltered'], from: 6, to: 48, what: { kind: 'multiply', factor: (_, hours) => curve([6, 1], [17, 0.1], [24, 0], [48, 0])(hours) } },
  ],
};
