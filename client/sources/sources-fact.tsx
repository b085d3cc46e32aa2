/** The sources in the head of the page: how many there are, and how many are broken, since when. It opens the panel that lists them. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Age } from '../live/age.tsx';
import { useLive } from '../live/use-live.ts';
import { headlineOf, tallySources } from './order.ts';
import { useSourcesPanel } from './panel-address.ts';
import { SourceMark } from './source-mark.tsx';
import { SourcesDialog } from './sources-dialog.tsx';
import './sources-fact.css';

export function SourcesFact() {
  const { t } = useTranslation('sources');
  const sources = useLive((state) => state.sources);
  const [panel, go] = useSourcesPanel();
  return (
    <>
      <button type="button" className="fact fact-sources" aria-haspopup="dialog" title={t('open')} onClick={() => go({ kind: 'list' })}>
        <span className="fact-name">
          {t('title')}
          {sources !== null && <span className="num fact-sources-total">{sources.sources.length}</span>}
          <Oldest />
        </span>
        <Standing />
      </button>
      <SourcesDialog panel={panel} onGo={go} />
    </>
  );
}

/** How long the longest broken one has been so. */
function Oldest() {
  const { t } = useTranslation('sources');
  const since = useLive((state) => (state.connection === 'live' && state.sources !== null ? tallySources(state.sources.sources).oldestSince : null));
  if (since === null) return null;
  return (
    <>
      {t('longest')} <Age at={since} />
    </>
  );
}

/** Without a link nothing is known of the sources, however well they were. */
function Standing() {
  const { t } = useTranslation('sources');
  const sources = useLive((state) => state.sources);
  const connection = useLive((state) => state.connection);
  const tally = useMemo(() => (sources === null ? null : tallySources(sources.sources)), [sources]);
  if (connection === 'lost' || connection === 'refused') return <span className="fact-standing hatched">{t('withdrawn')}</span>;
  if (tally === null) return <span className="fact-standing fact-quiet">{t('waiting')}</span>;
  if (tally.total === 0) return <span className="fact-standing fact-quiet">{t('noneShort')}</span>;
  return (
    <span className="fact-standing">
      {headlineOf(tally).map((state) => (
        <span key={state} className="source-count" data-state={state}>
          <SourceMark state={state} />
          {state === 'ok' ? t('allWell') : t(`count.${state}`, { count: tally.counts[state] })}
        </span>
      ))}
    </span>
  );
}
