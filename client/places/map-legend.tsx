/** The line under the map: what its marks mean and how many places are in each state, what the columns measure, whose map it is. */
import { memo, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { CityAnswer, Indicator } from '../../server/contract/index.ts';
import { levelNumerals, levelWord, nameIn } from '../ui/format.ts';
import { LevelMark } from '../ui/level-mark.tsx';
import { levelsWorstFirst } from '../ui/levels.ts';
import { useLanguage } from '../ui/use-language.ts';
import { StateMark } from './state-mark.tsx';
import { countMarks, type StationView } from './station-states.ts';

export interface MapLegendProps {
  city: CityAnswer;
  stations: readonly StationView[];
  /** Indicators that are drawn as columns. */
  columns: readonly Indicator[];
}

export const MapLegend = memo(function MapLegend({ city, stations, columns }: MapLegendProps) {
  const { t } = useTranslation('places');
  const language = useLanguage();
  const columnName = ({ name, unitLabel }: Indicator): string =>
    `${nameIn(name, language)}${nameIn(unitLabel, language) === '' ? '' : t('columnUnit', { unit: nameIn(unitLabel, language) })}`;
  const counts = useMemo(() => countMarks(stations), [stations]);
  return (
    <footer className="map-foot">
      <ul className="map-legend" aria-label={t('legend')}>
        {levelsWorstFirst.map((level) => (
          <li key={level} className={counts.levels[level] === 0 ? 'is-none' : undefined} title={t('solid')}>
            <LevelMark level={level} size={11} muted={counts.levels[level] === 0} state={counts.levels[level] === 0 ? 'hollow' : 'solid'} />
            {levelNumerals[level]} {levelWord(level, language)} <b className="num">{counts.levels[level]}</b>
          </li>
        ))}
        <li className={counts.unknown === 0 ? 'is-none' : undefined}>
          <StateMark mark="stale" size={12} />
          {t('counts.unknown')} <b className="num">{counts.unknown}</b>
        </li>
        {counts.suspect > 0 && (
          <li>
            <StateMark mark="suspect" size={12} />
            {t('counts.suspect')} <b className="num">{counts.suspect}</b>
          </li>
        )}
        <li>
          <StateMark mark="normal" size={12} />
          {t('counts.normal')} <b className="num">{counts.normal}</b>
        </li>
        {columns.length > 0 && (
          <li className="map-legend-wide">
            <i className="map-legend-column" aria-hidden="true" />
            {t('column', { name: columns.map((indicator) => columnName(indicator)).join(t('separator')) })}
          </li>
        )}
      </ul>
      <p className="map-attribution">{nameIn(city.basemap.attribution, language)}</p>
    </footer>
  );
});
