/**
 * The vital signs in the order the city chose; tiles never move, as place is memory. Each says its value, unit, age, state, where it
 * was measured, and the limit that gives the value its meaning. A click takes the series to the chart and the map.
 */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { CityAnswer } from '../../server/contract/index.ts';
import { useCity, useIndicatorMap, useIndicators, useSeries } from '../catalogue/use-catalogue.ts';
import { SparkCanvas } from './spark-canvas.tsx';
import { type Tile, tileOf } from './tile.ts';
import { TileFace } from './tile-face.tsx';
import { useMoment, useVitals } from './use-vitals.ts';
import type { Vital } from './vitals.ts';
import './tiles.css';

type WallTiles = CityAnswer['walls'][number]['tiles'];

function useTiles(wanted: WallTiles): Tile[] {
  const indicators = useIndicatorMap();
  const vitals = useVitals();
  const moment = useMoment();
  const byIndicator = useMemo(() => {
    const groups = new Map<string, Vital[]>();
    for (const vital of vitals) {
      const group = groups.get(vital.indicator.id);
      if (group === undefined) groups.set(vital.indicator.id, [vital]);
      else group.push(vital);
    }
    return groups;
  }, [vitals]);
  return useMemo(
    () =>
      wanted.flatMap((tile) => {
        const indicator = indicators.get(tile.indicator);
        return indicator === undefined ? [] : [tileOf({ indicator, vitals: byIndicator.get(tile.indicator) ?? [], place: tile.place }, moment)];
      }),
    [wanted, indicators, byIndicator, moment],
  );
}

const noTiles: WallTiles = [];

export function Tiles() {
  const { t } = useTranslation('indicators');
  const city = useCity();
  const indicators = useIndicators();
  const series = useSeries();
  const loading = city.isPending || indicators.isPending || series.isPending;
  const tiles = useTiles(city.data?.walls[0]?.tiles ?? noTiles);
  const key = tiles.map((tile) => tile.vital?.series.id ?? 0).join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` names the series; the tiles themselves are new every second.
  const shown = useMemo(() => tiles.flatMap((tile) => (tile.vital === null ? [] : [tile.vital])), [key]);
  return (
    <section className="panel vitals" aria-labelledby="vitals-title">
      <header className="panel-head">
        <h2 id="vitals-title">{t('title')}</h2>
        <span className="panel-note">{t('note')}</span>
      </header>
      <div className="scroll vitals-scroll">
        {loading ? (
          <p className="empty" role="status">
            {city.failureCount > 0 ? t('loadingAgain') : t('loading')}
          </p>
        ) : tiles.length === 0 ? (
          <div className="empty">
            <strong>{t('none')}</strong>
            <span>{t('noneNext')}</span>
          </div>
        ) : (
          <div className="vitals-area">
            <ul className="vitals-grid" aria-labelledby="vitals-title" data-count={tiles.length}>
              {tiles.map((tile) => (
                <TileFace key={tile.key} tile={tile} />
              ))}
            </ul>
            <SparkCanvas shown={shown} />
          </div>
        )}
      </div>
    </section>
  );
}
