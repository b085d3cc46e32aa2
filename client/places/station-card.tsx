/** What a place says when the pointer rests on it: name, whose city it truly is, its alert, every value with unit, age and state. */
import { useTranslation } from 'react-i18next';
import { formatSpan, levelName, nameIn } from '../ui/format.ts';
import { useLanguage } from '../ui/use-language.ts';
import { SeriesValue } from './series-value.tsx';
import { StateMark } from './state-mark.tsx';
import type { SeriesView, StationView } from './station-states.ts';

/** Rows of a card; a place with more says how many more. */
const MAX_ROWS = 10;

export interface StationCardProps {
  station: StationView;
  now: number;
  /** Where the place is on the map, CSS pixels, and how large the map is: the card keeps inside. */
  at: { x: number; y: number };
  room: { width: number; height: number };
}

function facetName({ series, indicator }: SeriesView, language: 'zh' | 'en'): string {
  const facet = indicator.facets.find((one) => one.id === series.facet);
  return facet === undefined ? '' : ` · ${nameIn(facet.name, language)}`;
}

export function StationCard({ station, now, at, room }: StationCardProps) {
  const { t } = useTranslation(['places', 'ui']);
  const language = useLanguage();
  const { place, alert, mark, series } = station;
  const isRight = at.x > room.width / 2;
  const isLow = at.y > room.height / 2;
  const style = {
    [isRight ? 'right' : 'left']: isRight ? room.width - at.x + 16 : at.x + 16,
    [isLow ? 'bottom' : 'top']: isLow ? Math.max(8, room.height - at.y - 12) : Math.max(8, at.y - 12),
  };
  return (
    <div className="station-card" style={style}>
      <h3>
        <StateMark mark={mark} size={16} />
        {nameIn(place.name, language)}
      </h3>
      {place.note !== null && <p className="station-note">{nameIn(place.note, language)}</p>}
      {alert?.level != null && (
        <p className="station-alert" data-level={alert.level}>
          <b>{levelName(alert.level, language)}</b> {nameIn(alert.ruleName, language)} · {t(alert.acknowledged ? 'acknowledged' : 'unacknowledged')} ·{' '}
          {formatSpan(now - alert.since, language)}
          {alert.unknownSince !== null && <> · {t('unknownSince', { span: formatSpan(now - alert.unknownSince, language) })}</>}
        </p>
      )}
      <dl>
        {series.slice(0, MAX_ROWS).map((view) => (
          <div key={view.series.id}>
            <dt>
              {nameIn(view.indicator.name, language)}
              {facetName(view, language)}
            </dt>
            <dd>
              <SeriesValue view={view} now={now} />
            </dd>
          </div>
        ))}
      </dl>
      {series.length > MAX_ROWS && <p className="station-note">{t('more', { count: series.length - MAX_ROWS })}</p>}
    </div>
  );
}
