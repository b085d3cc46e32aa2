/**
 * The stations as text: a table for whoever cannot see the map, and a list, worst first, for whoever wants it beside the map
 * or has no WebGL at all.
 */
import { memo, useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { Age } from '../live/age.tsx';
import { formatNumber, levelName, nameIn } from '../ui/format.ts';
import { useLanguage } from '../ui/use-language.ts';
import { SeriesValue } from './series-value.tsx';
import { StateMark } from './state-mark.tsx';
import type { StationView } from './station-states.ts';

type Group = 'alert' | 'unknown' | 'suspect' | 'normal';
const groups: readonly Group[] = ['alert', 'unknown', 'suspect', 'normal'];

function groupOf({ level, mark }: StationView): Group {
  if (level !== null) return 'alert';
  return mark === 'normal' || mark === 'suspect' ? mark : 'unknown';
}

function useStateText(): (station: StationView) => string {
  const { t } = useTranslation(['places', 'ui']);
  const language = useLanguage();
  return useCallback(
    ({ alert, mark }) => {
      if (alert?.level != null) return `${levelName(alert.level, language)} ${t(alert.acknowledged ? 'acknowledged' : 'unacknowledged')}`;
      return t(mark === 'normal' ? 'counts.normal' : `ui:states.${mark}`);
    },
    [t, language],
  );
}

/** All values of a place in one text: a cell of the table is one node of the page, however many there are. */
function useValuesText(): (station: StationView) => string {
  const { t } = useTranslation(['places', 'ui']);
  const language = useLanguage();
  return useCallback(
    ({ series }) =>
      series
        .map(({ indicator, latest, state }) => {
          const name = nameIn(indicator.name, language);
          if (latest === undefined) return `${name} ${t('noValue')}`;
          const value = `${name} ${formatNumber(latest.value, indicator.decimals, language)} ${nameIn(indicator.unitLabel, language)}`;
          return state === 'good' ? value : `${value} ${t(`ui:states.${state}`)}`;
        })
        .join(t('separator')),
    [t, language],
  );
}

/** `stations` in the order they are drawn; a row is drawn anew only when its place is another view. */
export const StationTable = memo(function StationTable({ stations }: { stations: readonly StationView[] }) {
  const { t } = useTranslation('places');
  const stateText = useStateText();
  const valuesText = useValuesText();
  return (
    <div className="visually-hidden station-table">
      <table>
        <caption>{t('table')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('tableHead.place')}</th>
            <th scope="col">{t('tableHead.state')}</th>
            <th scope="col">{t('tableHead.values')}</th>
          </tr>
        </thead>
        <tbody>
          {[...stations].reverse().map((station) => (
            <StationRow key={station.place.id} station={station} stateText={stateText} valuesText={valuesText} />
          ))}
        </tbody>
      </table>
    </div>
  );
});

interface StationRowProps {
  station: StationView;
  stateText(station: StationView): string;
  valuesText(station: StationView): string;
}

const StationRow = memo(function StationRow({ station, stateText, valuesText }: StationRowProps) {
  const language = useLanguage();
  return (
    <tr>
      <th scope="row">
        {nameIn(station.place.name, language)} {station.place.note !== null && nameIn(station.place.note, language)}
      </th>
      <td>{stateText(station)}</td>
      <td>{valuesText(station)}</td>
    </tr>
  );
});

export interface StationListProps {
  stations: readonly StationView[];
  selected: string | null;
  onPick(place: string): void;
}

interface StationItemProps {
  station: StationView;
  isSelected: boolean;
  onPick(place: string): void;
}

/** Drawn anew only when its place is another view; its age runs by itself. */
const StationItem = memo(function StationItem({ station, isSelected, onPick }: StationItemProps) {
  const language = useLanguage();
  const [first] = station.series;
  return (
    <li className="station-item">
      <button type="button" aria-current={isSelected ? 'true' : undefined} onClick={() => onPick(station.place.id)}>
        <StateMark mark={station.mark} size={14} />
        <span className="truncate">{nameIn(station.place.name, language)}</span>
        {first !== undefined && (
          <>
            <SeriesValue view={first} now={null} />
            {first.latest !== undefined && (
              <span className="series-age">
                <Age at={first.latest.observedAt} />
              </span>
            )}
          </>
        )}
      </button>
    </li>
  );
});

export function StationList({ stations, selected, onPick }: StationListProps) {
  const { t } = useTranslation('places');
  const worstFirst = [...stations].reverse();
  return (
    <section className="station-list scroll" aria-label={t('table')}>
      {groups.map((group) => {
        const members = worstFirst.filter((station) => groupOf(station) === group);
        if (members.length === 0) return null;
        return (
          <section key={group}>
            <h3>
              {t(`groups.${group}`)} <b className="num">{members.length}</b>
            </h3>
            <ul>
              {members.map((station) => (
                <StationItem key={station.place.id} station={station} isSelected={station.place.id === selected} onPick={onPick} />
              ))}
            </ul>
          </section>
        );
      })}
    </section>
  );
}
