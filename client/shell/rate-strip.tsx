/** Readings received in each of the last 60 seconds. A flat strip is a dead feed; no animation is needed to tell. */
import { useTranslation } from 'react-i18next';
import { useLive } from '../live/use-live.ts';
import { RATE_HEIGHT, RATE_STEP, ratePath } from './rate-path.ts';

export function RateStrip() {
  const { t } = useTranslation('shell');
  const rate = useLive((state) => state.rate);
  const sum = rate.reduce((total, count) => total + count, 0);
  return (
    <dl className="fact fact-rate">
      <dt>{t('rate.title')}</dt>
      <dd>
        <svg width={rate.length * RATE_STEP} height={RATE_HEIGHT} role="img" aria-label={t('rate.label', { count: sum })}>
          <path d={ratePath(rate)} fill="currentColor" />
        </svg>
        <span className="num fact-count">{sum}</span>
      </dd>
    </dl>
  );
}
