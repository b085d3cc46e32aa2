/** The newest and the oldest data by name: the first question of whoever looks at a screen is how old it is. */
import { useTranslation } from 'react-i18next';
import { useSummaries } from '../indicators/use-vitals.ts';
import { Age } from '../live/age.tsx';
import { liveStore } from '../live/store.ts';
import { useLive } from '../live/use-live.ts';
import { nameIn } from '../ui/format.ts';
import { useLanguage } from '../ui/use-language.ts';

export function DataAge() {
  const { t } = useTranslation('shell');
  const lang = useLanguage();
  const newest = useSummaries((summaries) => summaries.newest);
  const oldest = useSummaries((summaries) => summaries.oldest);
  const isStale = useLive((state) => oldest !== null && state.now - oldest.observedAt > oldest.vital.indicator.staleAfterMs);
  if (newest === null || oldest === null) {
    return (
      <dl className="fact">
        <dt>{t('age.newest')}</dt>
        <dd>{t('age.none')}</dd>
      </dl>
    );
  }
  const { vital } = oldest;
  const name = `${nameIn(vital.place.name, lang)} ${nameIn(vital.indicator.name, lang)}`;
  return (
    <>
      <dl className="fact">
        <dt>{t('age.newest')}</dt>
        <dd>
          <Age at={newest} />
        </dd>
      </dl>
      <button
        type="button"
        className="fact fact-oldest"
        title={t('age.show', { name })}
        onClick={() => liveStore.getState().select({ indicator: vital.indicator.id, place: vital.place.id, facet: vital.series.facet })}
      >
        <span className="fact-name truncate">{t(isStale ? 'age.overdue' : 'age.oldest', { name })}</span>
        <span className={isStale ? 'fact-value hatched' : 'fact-value'}>
          <Age at={oldest.observedAt} />
          {isStale && ` ${t('age.stale')}`}
        </span>
      </button>
    </>
  );
}
