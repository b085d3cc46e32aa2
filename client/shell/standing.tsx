/**
 * How the city stands, in one sentence and three counts that add up to everything expected. No score is made up; when too much is
 * unknown, or the link is gone, the verdict itself is withdrawn.
 */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { countAlerts, worstOf } from '../alerts/order.ts';
import { useSummaries } from '../indicators/use-vitals.ts';
import { allowsVerdict, type Standing as Counts } from '../indicators/vitals.ts';
import { useLive } from '../live/use-live.ts';
import { levelName } from '../ui/format.ts';
import { useLanguage } from '../ui/use-language.ts';
import './standing.css';

export function Standing() {
  const { t } = useTranslation('shell');
  const lang = useLanguage();
  const alerts = useLive((state) => state.alerts);
  const ready = useLive((state) => state.snapshots > 0);
  const lost = useLive((state) => state.connection === 'lost' || state.connection === 'refused');
  const standing = useSummaries((summaries) => summaries.standing);
  const counts = useMemo(() => countAlerts(alerts.values()), [alerts]);
  const worst = worstOf(counts);
  const withdrawn = lost || !ready || !allowsVerdict(standing);
  const verdict = (): string => {
    if (!ready && !lost) return t('standing.loading');
    if (withdrawn) return t('standing.withdrawn');
    if (worst !== null) return t('standing.worst', { count: counts.byLevel[worst], level: levelName(worst, lang) });
    return t('standing.calm');
  };
  const reason = (): string => {
    if (lost) return t('standing.lost');
    if (!ready) return t('standing.loadingNext');
    if (withdrawn) return t(standing.total === 0 ? 'standing.nothing' : 'standing.tooLittle');
    if (counts.unacknowledged > 0) return t('standing.waiting', { count: counts.unacknowledged });
    return standing.unknown > 0 ? t('standing.partly', { count: standing.unknown }) : t('standing.allKnown');
  };
  return (
    <section className={withdrawn ? 'panel standing hatched' : 'panel standing'} aria-labelledby="standing-title">
      <h2 id="standing-title" className="standing-verdict">
        {verdict()}
      </h2>
      <p className="standing-reason">{reason()}</p>
      <Bar standing={standing} />
      <dl className="standing-counts">
        {(['normal', 'alerting', 'unknown'] as const).map((part) => (
          <div key={part} data-part={part}>
            <dt>{t(`standing.${part}`)}</dt>
            <dd className="num">{standing[part]}</dd>
          </div>
        ))}
        <div>
          <dt>{t('standing.total')}</dt>
          <dd className="num">{standing.total}</dd>
        </div>
      </dl>
    </section>
  );
}

/** The three shares as one bar: grey, white, hatched. White, not a level's colour: it says how many, the levels say how bad. */
function Bar({ standing }: { standing: Counts }) {
  const share = (part: number): string => `${standing.total === 0 ? 0 : (part / standing.total) * 100}%`;
  return (
    <div className="standing-bar" aria-hidden="true">
      <span style={{ width: share(standing.normal) }} data-part="normal" />
      <span style={{ width: share(standing.alerting) }} data-part="alerting" />
      <span style={{ width: share(standing.unknown) }} data-part="unknown" />
    </div>
  );
}
