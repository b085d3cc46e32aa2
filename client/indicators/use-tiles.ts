/** The tiles of a layout; each is the same object for as long as nothing about its indicator has changed, so that only what changed is drawn anew. */
import { useMemo, useRef } from 'react';
import type { Indicator } from '../../server/contract/index.ts';
import { useIndicatorMap } from '../catalogue/use-catalogue.ts';
import type { Summaries, Summary } from './summary.ts';
import { type Tile, tileOf } from './tile.ts';
import { momentNow } from './use-vitals.ts';
import type { WallTile } from './wall.ts';

interface Made {
  indicator: Indicator;
  summary: Summary | undefined;
  tile: Tile;
}

/** In the layout's order; what the catalogue does not know is left out. */
export function useTiles(wanted: readonly WallTile[], byIndicator: Summaries['byIndicator']): readonly Tile[] {
  const indicators = useIndicatorMap();
  const made = useRef(new Map<string, Made>());
  return useMemo(() => {
    const next = new Map<string, Made>();
    const tiles = wanted.flatMap(({ indicator: id, place }) => {
      const indicator = indicators.get(id);
      if (indicator === undefined) return [];
      const summary = byIndicator.get(id);
      const key = `${id}@${place ?? ''}`;
      const known = made.current.get(key);
      const one =
        known?.summary === summary && known?.indicator === indicator
          ? known
          : { indicator, summary, tile: tileOf({ indicator, vitals: summary?.vitals ?? [], place }, momentNow()) };
      next.set(key, one);
      return [one.tile];
    });
    made.current = next;
    return tiles;
  }, [wanted, indicators, byIndicator]);
}
