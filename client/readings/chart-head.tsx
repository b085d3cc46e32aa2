/** What the chart is of, the value under the cursor, the choice of window; below it where the picture comes from, never hidden. */
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { HistorySeries, Indicator, Latest, Place } from '../../server/contract/index.ts';
import { formatNumber, formatTime, nameIn } from '../ui/format.ts';
import { useLanguage } from '../ui/use-language.ts';
import type { ChartModel } from './chart-model.ts';
import { type ChartWindow, chartSpans } from './chart-window.ts';
import type { Row } from './series-rows.ts';

export function WindowButtons({ window, onWindow }: { window: ChartWindow; onWindow(window: ChartWindow): void }) {
  const { t } = useTranslation('readings');
  return (
    <nav className="chart-windows" aria-label={t('windows')}>
      {chartSpans.map((one) => (
        <button key={one} type="button" aria-pressed={window.kind === 'last' && one === window.span} onClick={() => onWindow({ kind: 'last', span: one })}>
          {t(`window.${one}`)}
        </button>
      ))}
    </nav>
  );
}

export interface ChartTitleProps {
  indicator: Indicator;
  place: Place | undefined;
  facet: string | null;
}

export function ChartTitle({ indicator, place, facet }: ChartTitleProps) {
  const language = useLanguage();
  const unit = nameIn(indicator.unitLabel, language);
  const facetName = indicator.facets.find((one) => one.id === facet)?.name;
  return (
    <h2 className="chart-title">
      <span className="chart-name">
        {nameIn(indicator.name, language)}
        {facetName !== undefined && ` · ${nameIn(facetName, language)}`}
        {unit !== '' && <span className="chart-unit"> {unit}</span>}
      </span>
      {place !== undefined && (
        <span className="chart-place truncate">
          {nameIn(place.name, language)}
          {place.note != null && <span className="chart-note"> {nameIn(place.note, language)}</span>}
        </span>
      )}
    </h2>
  );
}

export interface CursorBoxProps {
  row: Row;
  isRollup: boolean;
  indicator: Indicator;
  zone: string;
  now: number;
}

/** The cursor's values stand in one place, not at the pointer, so that they hide nothing. */
export function CursorBox({ row, isRollup, indicator, zone, now }: CursorBoxProps) {
  const { t } = useTranslation('readings');
  const language = useLanguage();
  const number = (value: number | null): string => (value === null ? '—' : formatNumber(value, indicator.decimals, language));
  return (
    <p className="chart-cursor-box">
      <span>{formatTime(row.t, { zone, now, seconds: !isRollup })}</span>
      <b className="num">{number(row.mean)}</b>
      {isRollup && (
        <span>
          {t('range')}{' '}
          <b className="num">
            {number(row.min)}–{number(row.max)}
          </b>{' '}
          {t('count', { count: row.count })}
        </span>
      )}
      {row.bad > 0 && <span className="chart-flag">{t('badHere', { count: row.bad })}</span>}
      {row.suspect > 0 && <span className="chart-flag">{t('suspectHere')}</span>}
    </p>
  );
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

function widthText(t: TFunction<'readings'>, bucketMs: number): string {
  if (bucketMs < HOUR_MS) return t('width.minute', { count: bucketMs / MINUTE_MS });
  return bucketMs < DAY_MS ? t('width.hour', { count: bucketMs / HOUR_MS }) : t('width.day', { count: bucketMs / DAY_MS });
}

export interface ProvenanceProps {
  history: HistorySeries;
  model: ChartModel | null;
  latest: Latest | undefined;
}

export function Provenance({ history, model, latest }: ProvenanceProps) {
  const { t } = useTranslation('readings');
  const facts: ReactNode[] = [history.bucketMs === null ? t('raw') : t('buckets', { width: widthText(t, history.bucketMs) })];
  if (model !== null) {
    if (model.isStepped) facts.push(t('stepped'));
    if (model.gaps.length > 0) facts.push(t('gaps', { count: model.gaps.length }));
    const bad = model.rows.reduce((sum, row) => sum + row.bad, 0);
    const suspect = model.rows.reduce((sum, row) => sum + row.suspect, 0);
    if (bad > 0) facts.push(t('bad', { count: bad }));
    if (suspect > 0) facts.push(t('suspect', { count: suspect }));
  }
  if (history.revised.length > 0) facts.push(t('revised', { count: history.revised.length }));
  if (latest?.qualityReason === 'filled') facts.push(t('filled'));
  return (
    <p className="chart-provenance">
      {facts.map((fact) => (
        <span key={String(fact)}>{fact}</span>
      ))}
      {history.simulated && <span className="chart-simulated">{t('simulated')}</span>}
    </p>
  );
}
