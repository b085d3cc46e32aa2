/** A week under a hot high: every day a little hotter, nights that do not cool, load and water at their limits, ozone in the afternoons. */
import { DAY } from '../simulator/model.ts';
import type { Scenario } from '../simulator/scenario.ts';
import { curve } from '../simulator/script.ts';

const warmer = curve([0, 0], [30, 3.5], [60, 5], [120, 6], [150, 5], [168, 0]);

export const heatwave: Scenario = {
  id: 'heatwave',
  name: { zh: '持续高温', en: 'Heat wave' },
  summary: {
    zh: '七天高温：气温逐日升高，夜间不降，用电用水逼近上限，中暑、老人求助和臭氧超标增多。',
    en: 'Seven days of heat: hotter each day, nights that do not cool, power and water near their limits; heat stroke, calls from the old, and ozone.',
  },
  durationMs: 7 * DAY,
  drivers: {
    temp: warmer,
    stagnation: (hours) => 0.03 * warmer(hours),
    powerCut: (hours) => 0.012 * warmer(hours),
    opinion: curve([0, 0], [72, 0.4], [120, 0.8], [168, 0]),
  },
};
