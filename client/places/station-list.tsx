/**
 * The stations as text: a table for whoever cannot see the map, and a list, worst first, for whoever wants it beside the map
 * or has no WebGL at all.
 */
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { levelName, nameIn } from '../ui/format.ts';
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
  return ({ alert, mark }) => {
    if (alert?.level != null) return `${levelName(alert.level, language)} ${t(alert.acknowledged ? 'acknowledged' : 'unacknowledged')}`;
    return t(mark === 'normal' ? 'counts.normal' : `ui:states.${mark}`);
  };
}

/** `stations` in the order they are drawn; redrawn only when the array is another. */
export const StationTable = memo(function StationTable({ stations }: { stations: readonly StationView[] }) {
  const { t } = useTranslation('places');
  const language = useLanguage();
  const stateText = useStateText();
  return (
    <table className="visually-hidden">
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
          <tr key={station.place.id}>
            <th scope="row">
              {nameIn(station.place.name, language)} {station.place.note !== null && nameIn(station.place.note, language)}
            </th>
            <td>{stateText(station)}</td>
            <td>
              {station.series.map((view) => (
                <span key={view.series.id}>
                  {nameIn(view.indicator.name, language)} <SeriesValue view={view} now={null} />{' '}
                </span>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
});

export interface StationListProps {
  stations: readonly StationView[];
  now: number;
  selected: string | null;
  onPick(place: string): void;
}

export function StationList({ stations, now, selected, onPick }: StationListProps) {
  const { t } = useTranslation('places');
  const language = useLanguage();
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
                <li key={station.place.id}>
                  <button type="button" aria-current={station.place.id === selected ? 'true' : undefined} onClick={() => onPick(station.place.id)}>
                    <StateMark mark={station.mark} size={14} />
                    <span className="truncate">{nameIn(station.place.name, language)}</span>
                    {station.series[0] !== undefined && <SeriesValue view={station.series[0]} now={now} />}
                  </button>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </section>
  );
}
