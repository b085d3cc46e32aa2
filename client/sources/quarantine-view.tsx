/** What a source sent and could not be taken, with the reason, and what a person may do about it: read it all again, or let one go. */
import { Dialog } from 'radix-ui';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReplayAnswer } from '../../server/contract/index.ts';
import { useLive } from '../live/use-live.ts';
import { useSession } from '../session/session.ts';
import { formatNumber, nameIn } from '../ui/format.ts';
import { useLanguage } from '../ui/use-language.ts';
import { failureKey, useDiscard, useQuarantine, useReplay } from './quarantine.ts';
import { QuarantineItem } from './quarantine-entry.tsx';
import './quarantine.css';

/** What was done last, or why it was not. */
type Outcome = { kind: 'replayed'; answer: ReplayAnswer } | { kind: 'discarded'; entry: number } | { kind: 'failed'; action: 'replay' | 'discard'; error: Error };

export function QuarantineView({ id, onBack }: { id: string; onBack(): void }) {
  const { t } = useTranslation('sources');
  const lang = useLanguage();
  const source = useLive((state) => state.sources?.sources.find((one) => one.id === id));
  const { data, error, fetchNextPage, hasNextPage, isFetching, refetch } = useQuarantine(id);
  const mayOperate = useSession().data?.account.role === 'admin';
  const replay = useReplay(id);
  const discard = useDiscard(id);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const settle = (next: Outcome): void => {
    setOutcome(next);
    title.current?.focus();
  };
  const busy = replay.isPending || discard.isPending;
  // Totals as of the page that was fetched last.
  const newest = data?.pages.at(-1);
  const entries = data?.pages.flatMap((page) => page.entries) ?? [];
  const replayAll = (): void =>
    replay.mutate(undefined, { onSuccess: (answer) => settle({ kind: 'replayed', answer }), onError: (failure) => settle({ kind: 'failed', action: 'replay', error: failure }) });
  const discardOne = (entry: number): void =>
    discard.mutate(entry, { onSuccess: () => settle({ kind: 'discarded', entry }), onError: (failure) => settle({ kind: 'failed', action: 'discard', error: failure }) });

  return (
    <>
      <header className="sources-head">
        <button type="button" className="sources-back" onClick={onBack}>
          <span aria-hidden="true">‹</span> {t('back')}
        </button>
        <Dialog.Title ref={title} tabIndex={-1} className="dialog-title">
          {t('quarantine.title', { name: source === undefined ? id : nameIn(source.name, lang) })}
        </Dialog.Title>
        {newest !== undefined && (
          <p className="sources-summary">
            <span>{t('quarantine.total', { count: newest.total })}</span>
            {newest.total > 0 && <span>{t('quarantine.size', { size: formatNumber(Math.max(1, newest.bytes / 1024), 0, lang) })}</span>}
            {newest.dropped > 0 && <span className="quarantine-dropped">{t('quarantine.dropped', { count: newest.dropped })}</span>}
          </p>
        )}
      </header>
      <OutcomeLine outcome={outcome} remaining={newest?.total ?? 0} />
      {error !== null && (
        <div className="sources-failed" role="alert">
          <strong>{t('quarantine.notFetched')}</strong> <span>{t(failureKey(error))}</span>
          <button type="button" className="button button-small" onClick={() => void refetch()}>
            {t('again')}
          </button>
        </div>
      )}
      <Moved id={id} known={newest} onFetch={() => void refetch()} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="sources-scroll" tabIndex={0} aria-label={t('quarantine.list')} aria-busy={isFetching}>
        {data === undefined && error === null && (
          <p className="empty" role="status">
            {t('quarantine.loading')}
          </p>
        )}
        {data !== undefined && entries.length === 0 && (
          <div className="empty">
            <strong>{t('quarantine.none')}</strong>
            <span>{t('quarantine.noneNext')}</span>
          </div>
        )}
        <ol aria-label={t('quarantine.list')}>
          {entries.map((entry) => (
            <QuarantineItem key={entry.id} entry={entry} busy={busy} onDiscard={mayOperate ? () => discardOne(entry.id) : null} />
          ))}
        </ol>
        {hasNextPage && (
          <button type="button" className="button sources-older" disabled={isFetching} onClick={() => void fetchNextPage()}>
            {t('quarantine.older')}
          </button>
        )}
      </section>
      {entries.length > 0 && (
        <footer className="sources-actions">
          <span>{t(mayOperate ? 'replay.about' : 'readOnly')}</span>
          {mayOperate && (
            <button type="button" className="button button-primary" disabled={busy} onClick={replayAll}>
              {t(replay.isPending ? 'replay.busy' : 'replay.all')}
            </button>
          )}
        </footer>
      )}
    </>
  );
}

/** The list stands still while it is read; that it has changed since is said, and fetched when somebody asks. */
function Moved({ id, known, onFetch }: { id: string; known: { total: number; serverTime: number } | undefined; onFetch(): void }) {
  const { t } = useTranslation('sources');
  const total = useLive((state) =>
    known === undefined || state.sources === null || state.sources.serverTime <= known.serverTime
      ? null
      : (state.sources.sources.find((one) => one.id === id)?.quarantined ?? null),
  );
  if (known === undefined || total === null || total === known.total) return null;
  return (
    <p className="sources-moved" role="status">
      {t('quarantine.moved', { count: total })}
      <button type="button" className="button button-small" onClick={onFetch}>
        {t('quarantine.fetch')}
      </button>
    </p>
  );
}

function OutcomeLine({ outcome, remaining }: { outcome: Outcome | null; remaining: number }) {
  const { t } = useTranslation('sources');
  switch (outcome?.kind) {
    case undefined:
      return null;
    case 'failed':
      return (
        <p className="sources-failed" role="alert">
          <strong>{t(outcome.action === 'replay' ? 'replay.failed' : 'discard.failed')}</strong> <span>{t(failureKey(outcome.error))}</span>
        </p>
      );
    case 'discarded':
      return (
        <p className="sources-outcome" role="status">
          {t('discard.done', { entry: outcome.entry })}
        </p>
      );
    case 'replayed': {
      const { read, left, stayed, accepted, duplicates, revised } = outcome.answer;
      return (
        <p className="sources-outcome" role="status">
          <strong>{t('replay.done', { count: read, left, stayed })}</strong> <span>{t('replay.counts', { accepted, duplicates, revised })}</span>
          {remaining > stayed && read > 0 && <span> {t('replay.rest', { count: remaining - stayed })}</span>}
        </p>
      );
    }
  }
}
