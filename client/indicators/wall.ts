/**
 * How a layout of vital signs is set out: under the groups of the city in their order, or, in a city without groups, as one grid. Tiles
 * never move: their order is the layout's. Pure.
 */
import type { Bilingual, CityAnswer, Indicator } from '../../server/contract/index.ts';

export type Wall = CityAnswer['walls'][number];
export type WallTile = Wall['tiles'][number];

/** The layout the address names; the first when it names none of them, null in a city without any. */
export function chooseWall(walls: readonly Wall[], id: string | null): Wall | null {
  return walls.find((wall) => wall.id === id) ?? walls[0] ?? null;
}

export interface WallRow {
  /** Null: what belongs to no group. */
  group: { id: string; name: Bilingual } | null;
  tiles: WallTile[];
}

/** Null for a city without groups. Groups that have no tile in this layout have no row. */
export function wallRows(groups: CityAnswer['groups'], tiles: readonly WallTile[], indicators: ReadonlyMap<string, Indicator>): WallRow[] | null {
  if (groups.length === 0) return null;
  const groupOf = (tile: WallTile): string | null => indicators.get(tile.indicator)?.group ?? null;
  const rows: WallRow[] = groups.map((group) => ({ group, tiles: tiles.filter((tile) => groupOf(tile) === group.id) }));
  rows.push({ group: null, tiles: tiles.filter((tile) => !groups.some((group) => group.id === groupOf(tile))) });
  return rows.filter((row) => row.tiles.length > 0);
}
