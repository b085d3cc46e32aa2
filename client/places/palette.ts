/** The map's colours, read from the design tokens: neither WebGL canvas knows CSS variables. */
import type { Level } from '../../server/contract/index.ts';
import { levels } from '../../server/contract/words.ts';

export interface Palette {
  land: string;
  landIn: string;
  water: string;
  green: string;
  shore: string;
  road: string;
  roadMajor: string;
  boundary: string;
  label: string;
  labelWater: string;
  page: string;
  text: string;
  /** Normal is grey. */
  normal: string;
  /** What is not known: marks and hatching. */
  unknown: string;
  series: string;
  level: Record<Level, string>;
}

/** Reads the tokens as they stand on `element` (its theme). */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const level = Object.fromEntries(levels.map((one) => [one, token(`--mark-${one}`)])) as Record<Level, string>;
  return {
    land: token('--map-land'),
    landIn: token('--map-land-in'),
    water: token('--map-water'),
    green: token('--map-green'),
    shore: token('--map-shore'),
    road: token('--map-road'),
    roadMajor: token('--map-road-major'),
    boundary: token('--map-boundary'),
    label: token('--map-label'),
    labelWater: token('--map-label-water'),
    page: token('--bg'),
    text: token('--text'),
    normal: token('--text-3'),
    unknown: token('--text-2'),
    series: token('--series-1'),
    level,
  };
}

/** `#rrggbb` (the only form the tokens of marks have) with `alpha` 0–255, as deck.gl wants colours. */
export function rgba(hex: string, alpha: number): [number, number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255, alpha];
}
