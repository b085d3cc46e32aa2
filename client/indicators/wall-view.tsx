/**
 * The vital signs of a layout: under the city's groups, one row each with its counts, or as one grid in a city without groups. Rows and
 * tiles never move, as place is memory. A click takes a tile's series to the chart and the map; a group's head opens all it holds.
 */
import { memo, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useCity, useIndicatorMap } from '../catalogue/use-catalogue.ts';
import { nameIn } from '../ui/format.ts';
import { changeParams } from '../ui/query-params.ts';
import { useLanguage } from '../ui/use-language.ts';
import { Counts } from './counts.tsx';
import { SparkLines } from './spark-lines.tsx';
import { type Summaries, sumLevels, sumStanding } from './summary.ts';
import type { Tile } from './tile.ts';
import { TileFace } from './tile-face.tsx';
import { useTiles } from './use-tiles.ts';
import { useIndicatorSummaries } from './use-vitals.ts';
import { type Wall, type WallRow, wallRows } from './wall.ts';
import './tiles.css';
import './wall.css';

export function WallView({ wall }: { wall: Wall }) {
  return <Laid wall={wall} byIndicator={useIndicatorSummaries()} />;
}

type ByIndicator = Summaries['byIndicator'];

const Laid = memo(function Laid({ wall, byIndicator }: { wall: Wall; byIndicator: ByIndicator }) {
  const groups = useCity().data?.groups;
  const indicators = useIndicatorMap();
  const rows = useMemo(() => wallRows(groups ?? [], wall.tiles, indicators), [groups, wall, indicators]);
  const area = useRef<HTMLDivElement>(null);
  const tiles = useTiles(wall.tiles, byIndicator);
  const key = tiles.map((tile) => `${tile.key} ${tile.vital?.series.id ?? 0}`).join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` names the series; the tiles are new whenever a value is.
  const shown = useMemo(() => tiles.flatMap(({ key: slot, vital }) => (vital === null ? [] : [{ slot, vital }])), [key]);
  return (
    <div ref={area} className="vitals-area">
      {rows === null ? <TileGrid tiles={tiles} /> : <Rows rows={rows} tiles={tiles} byIndicator={byIndicator} />}
      <SparkLines host={area} shown={shown} />
    </div>
  );
});

function TileGrid({ tiles }: { tiles: readonly Tile[] }) {
  return (
    <ul className="vitals-grid" aria-labelledby="vitals-title" data-count={tiles.length}>
      {tiles.map((tile) => (
        <TileFace key={tile.key} tile={tile} />
      ))}
    </ul>
  );
}

/** At most so many tiles stand beside each other; a group with more takes as many lines as it needs. */
const COLUMNS = 2;

/** How many of the panel's lines a row takes. */
const linesOf = (row: WallRow): number => Math.ceil(row.tiles.length / COLUMNS);

interface RowsProps {
  rows: readonly WallRow[];
  tiles: readonly Tile[];
  byIndicator: ByIndicator;
}

function Rows({ rows, tiles, byIndicator }: RowsProps) {
  const { t } = useTranslation('indicators');
  const lang = useLanguage();
  const byKey = new Map(tiles.map((tile) => [tile.key, tile]));
  return (
    <ul className="wall-rows" aria-labelledby="vitals-title">
      {rows.map((row) => {
        const { group, tiles: wanted } = row;
        const lines = linesOf(row);
        const name = group === null ? t('otherGroup') : nameIn(group.name, lang);
        return (
          <li key={group?.id ?? ''} className="wall-row" style={{ gridRow: `span ${lines}` }} data-lines={lines}>
            <GroupHead id={group?.id ?? null} name={name} byIndicator={byIndicator} />
            <ul className="wall-tiles" aria-label={name}>
              {wanted.map((one) => {
                const tile = byKey.get(`${one.indicator}@${one.place ?? 'worst'}`);
                return tile === undefined ? null : <TileFace key={tile.key} tile={tile} />;
              })}
            </ul>
          </li>
        );
      })}
    </ul>
  );
}

/** The group's name and how all its series stand, not only those of its tiles. */
function GroupHead({ id, name, byIndicator }: { id: string | null; name: string; byIndicator: ByIndicator }) {
  const { t } = useTranslation('indicators');
  const members = useMemo(() => [...byIndicator.values()].filter((one) => one.indicator.group === id), [byIndicator, id]);
  const standing = useMemo(() => sumStanding(members), [members]);
  const levels = useMemo(() => sumLevels(members), [members]);
  if (id === null) return <span className="wall-head">{name}</span>;
  return (
    <button type="button" className="wall-head" data-group={id} title={t('openGroup', { name })} onClick={() => changeParams({ group: id, list: null, find: null })}>
      <span className="wall-name">{name}</span>
      <Counts standing={standing} levels={levels} />
    </button>
  );
}
