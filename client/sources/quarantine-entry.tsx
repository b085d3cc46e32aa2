/** One refused original: when, why, and what it was, as plain text. Letting it go is asked once. */
import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { QuarantineEntry } from '../../server/contract/index.ts';
import { CityTime, Moment } from './moment.tsx';
import { beginningOf, plainQuotes } from './original.ts';

export interface QuarantineItemProps {
  entry: QuarantineEntry;
  /** Null: this account may not. */
  onDiscard: ((entry: QuarantineEntry) => void) | null;
  busy: boolean;
}

export function QuarantineItem({ entry, onDiscard, busy }: QuarantineItemProps) {
  const { t } = useTranslation('sources');
  const id = useId();
  return (
    <li className="quarantine-entry" aria-labelledby={id}>
      <div className="quarantine-facts">
        <strong id={id}>{t(`reasons.${entry.code}`, { defaultValue: entry.code })}</strong>
        <code>{entry.path === '' ? entry.code : `${entry.code} · ${entry.path}`}</code>
        <span className="quarantine-when">
          <Moment at={entry.lastReceivedAt} />
        </span>
      </div>
      <p className="quarantine-message" lang="en">
        {plainQuotes(entry.message)}
      </p>
      <Original entry={entry} />
      <div className="quarantine-foot">
        <span>
          {t(`formats.${entry.format}`, { defaultValue: entry.format })}
          {entry.times > 1 && (
            <>
              {t('separator')}
              {t('quarantine.times', { count: entry.times })} <CityTime at={entry.receivedAt} />
            </>
          )}
        </span>
        {onDiscard !== null && <Discard busy={busy} onDiscard={() => onDiscard(entry)} />}
      </div>
    </li>
  );
}

function Original({ entry }: { entry: QuarantineEntry }) {
  const { t } = useTranslation('sources');
  const [isOpen, setOpen] = useState(false);
  const { text, isWhole } = beginningOf(entry.original);
  if (entry.original === '') return <p className="quarantine-none">{t('quarantine.empty')}</p>;
  return (
    <>
      {/* Open, it may scroll, and must be reachable by keyboard. */}
      <pre className="quarantine-original" tabIndex={isOpen ? 0 : undefined}>
        {isOpen ? entry.original : text}
        {!isOpen && !isWhole && '…'}
      </pre>
      {!isWhole && (
        <button type="button" className="quarantine-more" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? t('quarantine.less') : t('quarantine.more', { count: entry.original.length })}
        </button>
      )}
      {entry.isCut && <p className="quarantine-none">{t('quarantine.cut')}</p>}
    </>
  );
}

function Discard({ busy, onDiscard }: { busy: boolean; onDiscard(): void }) {
  const { t } = useTranslation('sources');
  const [isAsking, setAsking] = useState(false);
  const wasAsked = useRef(false);
  const keep = useRef<HTMLButtonElement>(null);
  const start = useRef<HTMLButtonElement>(null);
  // The focus goes along with the question, to the answer that loses nothing.
  useEffect(() => {
    if (isAsking) keep.current?.focus();
    else if (wasAsked.current) start.current?.focus();
    wasAsked.current = isAsking;
  }, [isAsking]);
  if (!isAsking) {
    return (
      <button ref={start} type="button" className="button button-small" disabled={busy} onClick={() => setAsking(true)}>
        {t('discard.ask')}
      </button>
    );
  }
  return (
    <span className="quarantine-ask" role="alert">
      <span>{t('discard.sure')}</span>
      <button type="button" className="button button-small" disabled={busy} onClick={onDiscard}>
        {t('discard.yes')}
      </button>
      <button ref={keep} type="button" className="button button-small" onClick={() => setAsking(false)}>
        {t('discard.no')}
      </button>
    </span>
  );
}
