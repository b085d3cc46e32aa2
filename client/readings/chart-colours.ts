/** The chart's colours, read from the design tokens: a canvas knows no CSS variables. */
import type { Level } from '../../server/contract/index.ts';
import { levels } from '../../server/contract/words.ts';
import type { ChartColours } from './chart-option.ts';

/** The family of the axes' numbers; it has to be loaded before the first picture, or widths are measured wrong. */
export const CHART_FONT = 'Barlow Condensed';

/** Reads the tokens as they stand on `element` (its theme). */
export function readColours(element: Element): ChartColours {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    line: token('--series-1'),
    envelope: token('--usual-band'),
    grid: token('--grid'),
    axis: token('--axis'),
    text: token('--text'),
    dim: token('--text-2'),
    page: token('--panel'),
    level: Object.fromEntries(levels.map((level) => [level, token(`--mark-${level}`)])) as Record<Level, string>,
    font: `"${CHART_FONT}", "Noto Sans SC Variable", sans-serif`,
  };
}
