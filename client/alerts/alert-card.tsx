/**
 * One alert. The mark tells state without colour: solid is unacknowledged, hollow acknowledged, dashed with a question mark unknown,
 * an arrow down resolved. Whatever waits for somebody is bright; what somebody has taken on steps back.
 */
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Alert } from '../../server/contract/index.ts';
import { useIndicatorMap } from '../catalogue/use-catalogue.ts';
import { Age } from '../live/age.tsx';
import { useLive } from '../live/use-live.ts';
import { formatNumber } from '../ui/format.ts';
import { LevelMark } from '../ui/level-mark.tsx';
import { dataState } from '../ui/state-of.ts';
import { useLanguage } from '../ui/use-language.ts';
import { useIsUnderWay } from './acknowledge.ts';
import { levelOf, markStateOf, pulses } from './order.ts';
import { type AlertWords, useAlertWords } from './use-alert-words.ts';

/** The value now; while the data say nothing, a dash with the last known value beside it. */
function CardValue({ alert, words }: { alert: Alert; words: AlertWords }) {
  const { t } = useTranslation('alerts');
  const lang = useLanguage();
  const indicator = useIndicatorMap().get(alert.indicator);
  const latest = useLive((state) => state.latest.get(alert.series));
  const isStale = useLive((state) => indicator !== undefined && dataState(state.latest.get(alert.series), indicator, state.now) === 'stale');
  const value = latest?.value ?? alert.value;
  if (value === null) return <span className="card-unknown num hatched">—</span>;
  const printed = formatNumber(value, words.decimals, lang);
  if (alert.unknownSince !== null || isStale) {
    return (
      <span className="card-value">
        <span className="card-last">{t('lastKnown', { value: printed, unit: words.unit })}</span>
        <span className="card-unknown num hatched">—</span>
      </span>
    );
  }
  return (
    <span className="card-value num">
      {printed}
      <span className="card-unit">{words.unit}</span>
    </span>
  );
}

/** Since when, and for how long: of a resolved alert since when it is over. */
function Since({ alert }: { alert: Alert }) {
  const { t } = useTranslation('alerts');
  if (alert.condition === 'resolved') {
    return (
      <>
        {t('resolvedFor')} <Age at={alert.resolvedAt ?? alert.since} />
      </>
    );
  }
  return (
    <>
      {t('lasting')} <Age at={alert.since} />
    </>
  );
}

/** Who has taken notice, or that nobody has. */
function Notice({ alert }: { alert: Alert }) {
  const { t } = useTranslation('alerts');
  const busy = useIsUnderWay(alert.id);
  if (busy) return <span className="card-notice">{t('acknowledging')}</span>;
  if (!alert.acknowledged) return <span className="card-notice waiting">{t(alert.condition === 'resolved' ? 'resolvedWaiting' : 'waiting')}</span>;
  return (
    <span className="card-notice">
      {t('acknowledgedBy', { name: alert.acknowledgedBy?.name ?? '' })} {alert.acknowledgedAt !== null && <Age at={alert.acknowledgedAt} />}
    </span>
  );
}

export interface AlertCardProps {
  alert: Alert;
  /** Shown in the chart. */
  selected: boolean;
  /** Null: this account may not acknowledge. */
  onAcknowledge: ((alert: Alert) => void) | null;
  onSelect(alert: Alert): void;
}

/** Drawn anew only when its alert is another. */
export const AlertCard = memo(function AlertCard({ alert, selected, onAcknowledge, onSelect }: AlertCardProps) {
  const { t } = useTranslation('alerts');
  const words = useAlertWords()(alert);
  const busy = useIsUnderWay(alert.id);
  const level = levelOf(alert);
  const waits = !alert.acknowledged && !busy;
  return (
    <li className="card" data-alert={alert.id} data-level={level} data-waiting={waits} data-condition={alert.condition}>
      <button type="button" className="card-main" aria-pressed={selected} onClick={() => onSelect(alert)}>
        <span className={pulses(alert) && waits ? 'card-mark pulsing' : 'card-mark'}>
          <LevelMark level={level} state={busy ? 'hollow' : markStateOf(alert)} size={26} numeral />
        </span>
        <span className="card-title">{words.title}</span>
        <CardValue alert={alert} words={words} />
        <span className="card-facts">
          <span className="card-level" data-level={level}>
            {words.level}
          </span>
          {words.limit !== null && <span>{t('limit', { value: words.limit })}</span>}
          <span>
            <Since alert={alert} />
          </span>
          {alert.lifeSafety && waits && <span className="card-life">{t('lifeSafety')}</span>}
        </span>
      </button>
      <span className="card-foot">
        <Notice alert={alert} />
        {alert.unknownSince !== null && (
          <span className="card-gone hatched">
            {t('unknownFor')} <Age at={alert.unknownSince} />
          </span>
        )}
        {waits && onAcknowledge !== null && (
          <button type="button" className="button button-small card-ack" onClick={() => onAcknowledge(alert)} aria-label={t('acknowledgeThis', { title: words.title })}>
            {t('acknowledge')}
          </button>
        )}
      </span>
    </li>
  );
});
