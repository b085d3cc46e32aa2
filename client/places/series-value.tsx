/** One value of a place as text: number, unit, age and what may be believed of it. A value that no longer tells the present never stands there bare. */
import { useTranslation } from 'react-i18next';
import { formatAge, formatNumber, nameIn } from '../ui/format.ts';
import { useLanguage } from '../ui/use-language.ts';
import type { SeriesView } from './station-states.ts';

export interface SeriesValueProps {
  view: SeriesView;
  /** Server time, for the age; null leaves the age out. */
  now: number | null;
}

export function SeriesValue({ view: { latest, state, indicator }, now }: SeriesValueProps) {
  const { t } = useTranslation(['places', 'ui']);
  const language = useLanguage();
  if (latest === undefined) {
    return (
      <span className="series-value is-missing">
        <span className="series-none">—</span> {t('noValue')}
      </span>
    );
  }
  return (
    <span className={`series-value is-${state}`}>
      <b className="num">{formatNumber(latest.value, indicator.decimals, language)}</b>
      {nameIn(indicator.unitLabel, language) !== '' && <span className="series-unit">{nameIn(indicator.unitLabel, language)}</span>}
      {state !== 'good' && <span className="series-state">{t(`ui:states.${state}`)}</span>}
      {latest.qualityReason === 'filled' && <span className="series-state">{t('filled')}</span>}
      {now !== null && <span className="series-age">{t('age', { age: formatAge(now - latest.observedAt, language) })}</span>}
    </span>
  );
}
