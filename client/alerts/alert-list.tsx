/**
 * The alerts that are open, worst first. `j` and `k` move, `a` acknowledges the one in focus or in the chart; the list keeps the id of
 * the current alert, never its position, so that a new one arriving above moves nobody's hand. Of hundreds the first are shown and the
 * rest is counted; a level's count shows that level alone.
 */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import type { Alert, Level } from '../../server/contract/index.ts';
import { CallError } from '../http/call.ts';
import { useSummaries } from '../indicators/use-vitals.ts';
import { allowsVerdict } from '../indicators/vitals.ts';
import { liveStore } from '../live/store.ts';
import { useLive } from '../live/use-live.ts';
import { useSession } from '../session/session.ts';
import { levelName } from '../ui/format.ts';
import { changeParams, useParam } from '../ui/query-params.ts';
import { useToast } from '../ui/toast.tsx';
import { useLanguage } from '../ui/use-language.ts';
import { useAcknowledge } from './acknowledge.ts';
import { AcknowledgeDialog } from './acknowledge-dialog.tsx';
import { AlertCard } from './alert-card.tsx';
import { LevelCounts } from './level-counts.tsx';
import { countAlerts, levelNamed, levelOf, nextWaiting, orderAlerts, stepFrom } from './order.ts';
import { useAlertKeys } from './use-alert-keys.ts';
import { useAlertWords } from './use-alert-words.ts';
import { usePortion } from './use-portion.ts';
import './alerts.css';

const told = new Set(['unreachable', 'forbidden', 'not_found', 'conflict', 'store_unavailable']);

function failureKey(error: Error): string {
  return error instanceof CallError && told.has(error.code) ? `failed.${error.code}` : 'failed.other';
}

function select({ indicator, place, facet }: Alert): void {
  liveStore.getState().select({ indicator, place, facet });
}

/** The card's own button, to be focused; null when it is not on the page. */
function cardButton(list: HTMLElement | null, id: string): HTMLElement | null {
  return list?.querySelector<HTMLElement>(`[data-alert="${id}"] .card-main`) ?? null;
}

export function AlertList() {
  const { t } = useTranslation('alerts');
  const alerts = useLive((state) => state.alerts);
  const ready = useLive((state) => state.snapshots > 0);
  const lost = useLive((state) => state.connection === 'lost' || state.connection === 'refused');
  const selected = useLive((state) => state.selected);
  const mayAcknowledge = useSession().data?.account.role === 'admin';
  const level = levelNamed(useParam('level'));
  const ordered = useMemo(() => orderAlerts(alerts), [alerts]);
  const listed = useMemo(() => (level === null ? ordered : ordered.filter((alert) => levelOf(alert) === level)), [ordered, level]);
  const counts = useMemo(() => countAlerts(alerts.values()), [alerts]);
  const list = useRef<HTMLUListElement>(null);
  const [current, setCurrent] = useState<string | null>(null);
  const { shown, more, showMore, showTo } = usePortion(listed, level);
  const [asking, setAsking] = useState<Alert | null>(null);
  const toast = useToast();
  const wordsOf = useAlertWords();

  const go = useCallback((alert: Alert | null) => {
    if (alert === null) return;
    setCurrent(alert.id);
    select(alert);
    cardButton(list.current, alert.id)?.focus();
  }, []);
  // A step beyond what is shown brings up the next portion first.
  const step = (by: 1 | -1): void => {
    const alert = stepFrom(listed, current, by);
    if (alert !== null) flushSync(() => showTo(listed.indexOf(alert)));
    go(alert);
  };
  const acknowledge = useAcknowledge({
    onDone: (answer) => toast({ text: t('acknowledged', { title: wordsOf(answer).title, entry: answer.journalId }) }),
    onFailed: (error, { alert }) => {
      setCurrent(alert.id);
      toast({ text: t('notAcknowledged', { title: wordsOf(alert).title }), detail: t(failureKey(error)), urgent: true });
    },
  });
  const ask = useCallback((alert: Alert | null) => {
    if (alert === null || alert.acknowledged) return;
    setCurrent(alert.id);
    setAsking(alert);
  }, []);
  useAlertKeys({
    disabled: asking !== null,
    onMove: step,
    onAcknowledge: () => mayAcknowledge && ask(ordered.find((alert) => alert.id === current) ?? ordered.find((alert) => isShown(alert, selected)) ?? null),
  });
  // The card in focus is the current one, however the focus got there.
  useEffect(() => {
    const element = list.current;
    const onFocus = (event: FocusEvent): void => {
      const id = (event.target as HTMLElement).closest<HTMLElement>('[data-alert]')?.dataset['alert'];
      if (id !== undefined) setCurrent(id);
    };
    element?.addEventListener('focusin', onFocus);
    return () => element?.removeEventListener('focusin', onFocus);
  }, []);
  const confirm = (alert: Alert, comment: string): void => {
    setAsking(null);
    acknowledge.mutate({ alert, comment });
    setCurrent(nextWaiting(ordered, alert.id)?.id ?? alert.id);
  };

  return (
    <section className="panel alerts" aria-labelledby="alerts-title" data-lost={lost}>
      <LevelCounts counts={counts} chosen={level} />
      <header className="panel-head">
        <h2 id="alerts-title">{t('title')}</h2>
        <span className="panel-note">{lost ? t('lastKnownList') : ready ? t('summary', { count: ordered.length, waiting: counts.unacknowledged }) : ''}</span>
      </header>
      <div className="scroll alerts-scroll">
        <ul ref={list} className="cards" aria-labelledby="alerts-title">
          {shown.map((alert) => (
            <AlertCard key={alert.id} alert={alert} selected={isShown(alert, selected)} onSelect={go} onAcknowledge={mayAcknowledge ? ask : null} />
          ))}
        </ul>
        {more > 0 && (
          <button type="button" className="button alerts-rest" onClick={showMore}>
            {t('more', { count: more })}
          </button>
        )}
        {ordered.length === 0 && <NoAlerts ready={ready} lost={lost} />}
        {ordered.length > 0 && level !== null && listed.length === 0 && <NoneOfLevel level={level} />}
      </div>
      <footer className="alerts-foot">
        {mayAcknowledge ? (
          <>
            <span className="alerts-keys">
              <kbd>j</kbd> <kbd>k</kbd> {t('keyMove')}
            </span>
            <span className="alerts-keys">
              <kbd>a</kbd> {t('acknowledge')}
            </span>
          </>
        ) : (
          <span>{t('readOnly')}</span>
        )}
        {counts.resolved > 0 && <span className="alerts-more">{t('resolvedCount', { count: counts.resolved })}</span>}
        {counts.unknown > 0 && <span className="alerts-more">{t('unknownCount', { count: counts.unknown })}</span>}
      </footer>
      <AcknowledgeDialog alert={asking} onConfirm={confirm} onClose={() => setAsking(null)} onReturnFocus={() => current !== null && cardButton(list.current, current)?.focus()} />
    </section>
  );
}

function isShown(alert: Alert, selected: { indicator: string; place: string; facet: string | null } | null): boolean {
  return selected !== null && alert.indicator === selected.indicator && alert.place === selected.place && alert.facet === selected.facet;
}

/** The list shows one level, and there is none of it any more. */
function NoneOfLevel({ level }: { level: Level }) {
  const { t } = useTranslation('alerts');
  const lang = useLanguage();
  return (
    <div className="empty">
      <strong>{t('noneOfLevel', { level: levelName(level, lang) })}</strong>
      <button type="button" className="button" onClick={() => changeParams({ level: null })}>
        {t('allLevels')}
      </button>
    </div>
  );
}

/** No alert is good news only when the data are there to say so. */
function NoAlerts({ ready, lost }: { ready: boolean; lost: boolean }) {
  const { t } = useTranslation('alerts');
  const knowsEnough = useSummaries((summaries) => allowsVerdict(summaries.standing));
  if (!ready) {
    return (
      <p className="empty" role="status">
        {t(lost ? 'waitingForServer' : 'loading')}
      </p>
    );
  }
  const key = lost ? 'noneWhenLost' : knowsEnough ? 'none' : 'noneBlind';
  return (
    <div className="empty">
      <strong>{t(key)}</strong>
      <span>{t(`${key}Next`)}</span>
    </div>
  );
}
