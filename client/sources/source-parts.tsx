/** What is told of a source, part by part, for the table of a desk and the cards of a phone alike. */
import { useTranslation } from 'react-i18next';
import type { SourceHealth } from '../../server/contract/index.ts';
import { Age } from '../live/age.tsx';
import { formatNumber, nameIn } from '../ui/format.ts';
import { useLanguage } from '../ui/use-language.ts';
import { CityTime, Moment } from './moment.tsx';
import { plainQuotes } from './original.ts';
import { formatPause } from './pause.ts';
import { SourceMark } from './source-mark.tsx';

/** Counted since the server started, in this order. */
export const COUNTERS = ['accepted', 'duplicates', 'revised', 'rejected', 'errors'] as const;

export function SourceName({ source }: { source: SourceHealth }) {
  const { t } = useTranslation('sources');
  const lang = useLanguage();
  return (
    <>
      <span className="source-name">{nameIn(source.name, lang)}</span>
      <span className="source-meta">
        {source.simulated && <span className="source-simulated">{t('simulated')}</span>}
        <span>{t(`kinds.${source.kind}`, { defaultValue: source.kind })}</span>
        {source.expectedEveryMs !== null && <span>{t('every', { span: formatPause(source.expectedEveryMs, lang) })}</span>}
      </span>
    </>
  );
}

export function StateCell({ source }: { source: SourceHealth }) {
  const { t } = useTranslation('sources');
  return (
    <span className="source-state" data-state={source.state}>
      <SourceMark state={source.state} />
      <strong>{t(`states.${source.state}`)}</strong>
      <span className="source-since">
        {t('since')} <CityTime at={source.since} />
        {t('sinceFor')} <Age at={source.since} fine />
      </span>
    </span>
  );
}

/** When something was last stored. */
export function LastSuccess({ source }: { source: SourceHealth }) {
  const { t } = useTranslation('sources');
  return source.lastSuccessAt === null ? <span className="source-nothing">{t('nothingYet')}</span> : <Moment at={source.lastSuccessAt} />;
}

/** How far its newest observation is behind: it goes on while nothing comes. */
export function Lag({ source }: { source: SourceHealth }) {
  return source.lastObservedAt === null ? <span className="source-nothing">—</span> : <Age at={source.lastObservedAt} />;
}

/** A count as a figure; a nought steps back, so that what has happened is what is seen. */
export function Count({ value }: { value: number }) {
  const lang = useLanguage();
  return <span className={value === 0 ? 'num source-nought' : 'num'}>{formatNumber(value, 0, lang)}</span>;
}

export interface QuarantineCellProps {
  source: SourceHealth;
  onOpen(id: string): void;
}

export function QuarantineCell({ source, onOpen }: QuarantineCellProps) {
  const { t } = useTranslation('sources');
  const lang = useLanguage();
  if (source.quarantined === 0) return <Count value={0} />;
  return (
    <button
      type="button"
      className="button button-small source-open"
      data-source={source.id}
      aria-label={t('quarantine.open', { count: source.quarantined, name: nameIn(source.name, lang) })}
      onClick={() => onOpen(source.id)}
    >
      <span className="num">{formatNumber(source.quarantined, 0, lang)}</span> {t('quarantine.show')}
    </button>
  );
}

/** Nothing when it never failed. */
export function LastError({ source }: { source: SourceHealth }) {
  const { t } = useTranslation('sources');
  if (source.lastError === null) return null;
  return (
    <span className="source-error">
      <span className="source-error-when">
        {t('lastError')} <Moment at={source.lastError.at} />
      </span>
      <span className="source-error-text">{plainQuotes(source.lastError.message)}</span>
    </span>
  );
}
