/**
 * The geometry of the map's columns and their labels. A column's height is proportional to its value, at any zoom, so that
 * twice the depth is twice the height; only beyond `MAX_PX` is it cut, and then its number says so. Pure.
 */
import type { Level, RuleSummary } from '../../server/contract/index.ts';
import { levelRank } from '../ui/levels.ts';
import { tellsThePresent } from '../ui/state-of.ts';
import type { StationView } from './station-states.ts';

/** Height of a column at its indicator's highest limit, CSS pixels along the column. */
export const REFERENCE_PX = 70;
/** No column is taller: it would leave its place and cover others. */
export const MAX_PX = 150;
/** Whatever is above zero is seen. */
const MIN_PX = 3;
/** Labels on the map at one time; more could not be read. */
export const MAX_LABELS = 40;

export interface Column {
  place: string;
  longitude: number;
  latitude: number;
  value: number;
  decimals: number;
  /** Height along the column, CSS pixels. */
  px: number;
  level: Level | null;
  acknowledged: boolean;
  /** False when its value no longer tells the present: it is drawn dimmed. */
  isPresent: boolean;
}

/** The value that stands `REFERENCE_PX` tall: the indicator's highest limit, else the largest value that is shown. Only thresholds are values of the indicator; a ratio's limits are not. */
export function referenceValue(indicator: string, rules: readonly RuleSummary[], largest: number): number {
  const limits = rules
    .filter((rule) => rule.kind === 'threshold' && rule.indicator === indicator && rule.direction === 'above')
    .flatMap((rule) => rule.limits.map((limit) => limit.value));
  const highest = Math.max(0, ...limits);
  return highest > 0 ? highest : Math.max(largest, Number.MIN_VALUE);
}

export function columnPx(value: number, reference: number): number {
  if (!(value > 0)) return 0;
  return Math.min(MAX_PX, Math.max(MIN_PX, (value / reference) * REFERENCE_PX));
}

/** The columns of `stations`, the lowest first. */
export function columnsOf(stations: readonly StationView[], rules: readonly RuleSummary[]): Column[] {
  const largest = new Map<string, number>();
  for (const { column } of stations) if (column?.latest !== undefined) largest.set(column.indicator.id, Math.max(largest.get(column.indicator.id) ?? 0, column.latest.value));
  const reference = new Map([...largest].map(([indicator, value]) => [indicator, referenceValue(indicator, rules, value)]));
  const columns: Column[] = [];
  for (const { place, longitude, latitude, column } of stations) {
    if (column?.latest === undefined) continue;
    const { value } = column.latest;
    const isPresent = tellsThePresent(column.state);
    const px = columnPx(value, reference.get(column.indicator.id) ?? value);
    columns.push({
      place: place.id,
      longitude,
      latitude,
      value,
      decimals: column.indicator.decimals,
      px,
      level: column.alert?.level ?? null,
      acknowledged: column.alert?.acknowledged ?? true,
      isPresent,
    });
  }
  return columns.sort((a, b) => a.px - b.px);
}

/** The foot and the top of a column on the screen, CSS pixels. */
export interface Standing {
  place: string;
  foot: readonly [x: number, y: number];
  top: readonly [x: number, y: number];
}

/** Room that a level's shape and a number of some four digits take above a column, CSS pixels. */
const LABEL_WIDTH = 46;
const LABEL_HEIGHT = 18;

/**
 * Which columns carry their number: the worst level first, then the highest, as long as no two numbers overlap.
 * `standing` gives each column's place on the screen.
 */
export function labelled(columns: readonly Column[], standing: ReadonlyMap<string, Standing>): Column[] {
  const order = [...columns].sort((a, b) => levelRank(a.level) - levelRank(b.level) || b.value - a.value);
  const taken: (readonly [number, number])[] = [];
  const chosen: Column[] = [];
  for (const column of order) {
    const top = standing.get(column.place)?.top;
    if (top === undefined) continue;
    if (taken.some(([x, y]) => Math.abs(x - top[0]) < LABEL_WIDTH && Math.abs(y - top[1]) < LABEL_HEIGHT)) continue;
    taken.push(top);
    chosen.push(column);
    if (chosen.length === MAX_LABELS) break;
  }
  return chosen;
}

/** Circumference of the earth in Web Mercator, metres. */
const EARTH_M = 40_075_016.686;

/** Metres on the ground under one CSS pixel, at MapLibre's zoom (tiles of 512 px). */
export function metresPerPixel(latitude: number, zoom: number): number {
  return (EARTH_M * Math.cos((latitude * Math.PI) / 180)) / (512 * 2 ** zoom);
}
