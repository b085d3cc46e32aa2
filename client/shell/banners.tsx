/**
 * What must be known before anything on the page is believed: that the link is gone and since when the picture stands still, and
 * that an edit of the catalogue was refused. A lost link is no alert level, so its banner is white: the loudest thing that is not one.
 */
import { useTranslation } from 'react-i18next';
import { useCity } from '../catalogue/use-catalogue.ts';
import { Age } from '../live/age.tsx';
import { useLive } from '../live/use-live.ts';
import { formatTime } from '../ui/format.ts';
import './banners.css';

export function Banners() {
  const connection = useLive((state) => state.connection);
  const problems = useLive((state) => (state.catalogue?.problems.length ?? 0) > 0);
  const { t } = useTranslation('shell');
  return (
    <section className="banners" aria-label={t('notices')}>
      {connection === 'lost' && <LostBanner />}
      {connection === 'refused' && <RefusedBanner />}
      {problems && <CatalogueBanner />}
    </section>
  );
}

function LostBanner() {
  const { t } = useTranslation('shell');
  const since = useLive((state) => state.lostSince ?? state.now);
  const attempts = useLive((state) => state.attempts);
  const hasPicture = useLive((state) => state.snapshots > 0);
  const zone = useCity().data?.timeZone;
  const stoppedAt = useLive((state) => (zone === undefined ? null : formatTime(since, { zone, now: state.now, seconds: true })));
  return (
    <div className="banner banner-lost" role="alert">
      <svg className="banner-sign" viewBox="0 0 44 16" width="44" height="16" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="2.4">
        <path d="M2 3h11v10H2zM31 3h11v10H31zM18.500 4.500l7 7m0-7-7 7" />
      </svg>
      <strong className="banner-title">
        {t('lost.title')}
        <span aria-hidden="true" className="banner-span num">
          <Age at={since} fine />
        </span>
      </strong>
      <span className="banner-words">
        {hasPicture && stoppedAt !== null ? t('lost.stopped', { time: stoppedAt }) : t('lost.nothing')}
        <br />
        {t('lost.next')}
      </span>
      <span className="banner-side" aria-hidden="true">
        {t('lost.attempt', { count: Math.max(1, attempts) })}
      </span>
    </div>
  );
}

function RefusedBanner() {
  const { t } = useTranslation('shell');
  const refusal = useLive((state) => state.refusal);
  const isOld = refusal?.code !== 'forbidden';
  return (
    <div className="banner banner-lost" role="alert">
      <strong className="banner-title">{t(isOld ? 'refused.old' : 'refused.forbidden')}</strong>
      <span className="banner-words">{t(isOld ? 'refused.oldNext' : 'refused.forbiddenNext')}</span>
      <button type="button" className="banner-button" onClick={() => location.reload()}>
        {t('refused.reload')}
      </button>
    </div>
  );
}

function CatalogueBanner() {
  const { t } = useTranslation('shell');
  const catalogue = useLive((state) => state.catalogue);
  const zone = useCity().data?.timeZone;
  const loadedAt = useLive((state) => (zone === undefined || catalogue === null ? '' : formatTime(catalogue.loadedAt, { zone, now: state.now })));
  if (catalogue === null) return null;
  const { problems } = catalogue;
  return (
    <details className="banner banner-catalogue">
      <summary>
        <strong>{t('catalogue.title')}</strong>
        <span>{t('catalogue.kept', { count: problems.length, time: loadedAt })}</span>
      </summary>
      <ul className="scroll problems" aria-label={t('catalogue.list')}>
        {problems.map((problem) => (
          <li key={`${problem.file} ${problem.path} ${problem.message}`}>
            <code>
              {problem.file}
              {problem.path !== '' && `: ${problem.path}`}
            </code>
            <span>{problem.message}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
