/** The history of the selected series. The old picture stays until the new one is there; what cannot be drawn is said in words, with the next step. */
import './history-chart.css';
import './chart-choice.css';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Place } from '../../server/contract/index.ts';
import { useCity, useIndicatorMap, usePlaceMap, useRules } from '../catalogue/use-catalogue.ts';
import { useLive } from '../live/use-live.ts';
import { formatNumber, formatTime, nameIn } from '../ui/format.ts';
import { useLanguage } from '../ui/use-language.ts';
import { CHART_FONT } from './chart-colours.ts';
import { ChartTitle, CursorBox, Provenance, WindowButtons } from './chart-head.tsx';
import { type ChartModel, chartModel } from './chart-model.ts';
import { ChartPlot } from './chart-plot.tsx';
import { ChartTable } from './chart-table.tsx';
import { lengthOf, rangeOf } from './chart-window.ts';
import { EventMenu } from './event-menu.tsx';
import { useColours } from './use-colours.ts';
import { useFont, useSize } from './use-echart.ts';
import { type HistoryState, useHistory } from './use-history.ts';
import { useWindow } from './use-window.ts';

/** The picture moves on when now has moved by a pixel or so, not every second. */
const PIXELS = 800;

/** The place and all it lies in. */
function withParents(place: string, places: ReadonlyMap<string, Place>): string[] {
  const chain = [place];
  for (let parent = places.get(place)?.parent ?? null; parent !== null && !chain.includes(parent); parent = places.get(parent)?.parent ?? null) chain.push(parent);
  return chain;
}

function useModel(state: HistoryState, size: { width: number; height: number }): ChartModel | null {
  const { past, rows } = state;
  const window = past?.window;
  const stepMs = window === undefined ? 1000 : Math.max(1000, lengthOf(window) / PIXELS);
  const now = useLive((live) => Math.floor(live.now / stepMs) * stepMs);
  const newest = rows.at(-1)?.t ?? 0;
  const indicator = useIndicatorMap().get(past?.selection.indicator ?? '');
  const places = usePlaceMap();
  const rules = useRules().data?.rules;
  const zone = useCity().data?.timeZone;
  const hasFont = useFont(CHART_FONT);
  return useMemo(() => {
    if (past?.history == null || indicator === undefined || zone === undefined || !hasFont || size.width === 0 || size.height === 0) return null;
    const chain = withParents(past.selection.place, places);
    const moment = Math.max(now, newest);
    return chartModel({ history: past.history, rows, indicator, rules: rules ?? [], places: chain, zone, now: moment, range: rangeOf(past.window, moment), size });
  }, [past, rows, indicator, rules, places, zone, hasFont, now, newest, size]);
}

/** The chart and its figures in one sentence. */
function useSummary(state: HistoryState, model: ChartModel | null, zone: string): string {
  const { t } = useTranslation('readings');
  const language = useLanguage();
  const indicator = useIndicatorMap().get(state.past?.selection.indicator ?? '');
  const place = usePlaceMap().get(state.past?.selection.place ?? '');
  const now = useLive((live) => Math.floor(live.now / 60_000) * 60_000);
  if (indicator === undefined || state.past === undefined) return '';
  const name = `${nameIn(indicator.name, language)} ${place === undefined ? '' : nameIn(place.name, language)}`;
  const { window: shown } = state.past;
  const window = shown.kind === 'last' ? t(`window.${shown.span}`) : `${formatTime(shown.from, { zone, now })} – ${formatTime(shown.to, { zone, now })}`;
  const found = model?.summary;
  if (found == null) return t('summaryEmpty', { name, window });
  const number = (value: number): string => formatNumber(value, indicator.decimals, language);
  return t('summary', {
    name,
    window,
    min: number(found.min),
    max: number(found.max),
    last: number(found.last),
    unit: nameIn(indicator.unitLabel, language),
    time: formatTime(found.lastAt, { zone, now }),
  });
}

export function HistoryChart() {
  const { t } = useTranslation('readings');
  const selected = useLive((live) => live.selected);
  const [window, setWindow] = useWindow(useIndicatorMap().get(selected?.indicator ?? '')?.intervalMs);
  const state = useHistory(selected, window);
  const { past, isOld, isFetching } = state;
  const indicator = useIndicatorMap().get((past?.selection ?? selected)?.indicator ?? '');
  const place = usePlaceMap().get((past?.selection ?? selected)?.place ?? '');
  return (
    <div className="history-chart" aria-busy={isFetching || (selected !== null && past === undefined && state.error === null)}>
      <header className="chart-head">
        {indicator === undefined ? <span /> : <ChartTitle indicator={indicator} place={place} facet={past?.selection.facet ?? null} />}
        <div className="chart-choice">
          <EventMenu window={window} onWindow={setWindow} />
          <WindowButtons window={window} onWindow={setWindow} />
        </div>
      </header>
      {isFetching && (isOld || past === undefined) && <progress className="chart-progress" aria-label={t('loading')} />}
      <ChartBody state={state} hasSelection={selected !== null} />
    </div>
  );
}

function ChartBody({ state, hasSelection }: { state: HistoryState; hasSelection: boolean }) {
  const { t } = useTranslation('readings');
  const { past, error } = state;
  if (!hasSelection && past === undefined) return <p className="empty">{t('choose')}</p>;
  if (past === undefined && error !== null) return <Failure reason={error.message} onRetry={state.retry} />;
  if (past === undefined) return <p className="empty chart-late">{t('loading')}</p>;
  return <Drawn state={state} />;
}

function Failure({ reason, onRetry }: { reason: string; onRetry(): void }) {
  const { t } = useTranslation('readings');
  return (
    <div className="empty" role="alert">
      <strong>{t('failed', { reason })}</strong>
      <button type="button" className="button" onClick={onRetry}>
        {t('retry')}
      </button>
    </div>
  );
}

/** Why there is no line. */
function Nothing({ state, zone }: { state: HistoryState; zone: string }) {
  const { t } = useTranslation('readings');
  const now = useLive((live) => Math.floor(live.now / 60_000) * 60_000);
  const latest = useLive((live) => [...live.latest.values()].find((one) => isOf(one, state)));
  const bad = state.rows.reduce((sum, row) => sum + row.bad, 0);
  return (
    <div className="empty chart-nothing">
      <strong>{bad > 0 ? t('onlyBad', { count: bad }) : t('empty')}</strong>
      {bad === 0 && <span>{latest === undefined ? t('never') : t('emptyNext', { time: formatTime(latest.observedAt, { zone, now }) })}</span>}
    </div>
  );
}

const isOf = (one: { indicator: string; place: string; facet: string | null }, { past }: HistoryState): boolean =>
  past !== undefined && one.indicator === past.selection.indicator && one.place === past.selection.place && one.facet === past.selection.facet;

function Drawn({ state }: { state: HistoryState }) {
  const { t } = useTranslation('readings');
  const { past, error, rows } = state;
  const frame = useRef<HTMLDivElement>(null);
  const model = useModel(state, useSize(frame));
  const zone = useCity().data?.timeZone ?? 'UTC';
  const indicator = useIndicatorMap().get(past?.selection.indicator ?? '');
  const summaryText = useSummary(state, model, zone);
  const [cursor, setCursor] = useState<number | null>(null);
  const [isTable, setTable] = useState(false);
  const now = useLive((live) => Math.floor(live.now / 1000) * 1000);
  const lostSince = useLive((live) => live.lostSince);
  const latest = useLive((live) => (past?.history?.series == null ? undefined : live.latest.get(past.history.series)));
  const language = useLanguage();
  const colours = useColours();
  if (past === undefined) return null;
  if (indicator === undefined) return <p className="empty">{t('unknown')}</p>;
  const isRollup = past.history?.bucketMs != null;
  const row = cursor === null ? undefined : model?.rows[cursor];
  const valueText = row === undefined ? summaryText : `${formatTime(row.t, { zone, now })} ${row.mean === null ? '—' : formatNumber(row.mean, indicator.decimals, language)}`;
  const nowLabel = lostSince === null ? t('now') : t('asOf', { time: formatTime(lostSince, { zone, now }) });
  return (
    <figure className={state.isOld ? 'chart-figure is-old' : 'chart-figure'} aria-label={summaryText}>
      <figcaption className="chart-caption">
        {past.history !== null && <Provenance history={past.history} model={model} latest={latest} />}
        {row !== undefined && <CursorBox row={row} isRollup={isRollup} indicator={indicator} zone={zone} now={now} />}
        <button type="button" className="button button-small" aria-pressed={isTable} onClick={() => setTable((before) => !before)}>
          {t(isTable ? 'chart' : 'table')}
        </button>
      </figcaption>
      {error !== null && (
        <p className="chart-warning" role="status">
          {t('failedOld', { time: formatTime(past.fetchedAt, { zone, now }) })}{' '}
          <button type="button" className="button button-small" onClick={state.retry}>
            {t('retry')}
          </button>
        </p>
      )}
      <div className="chart-frame" ref={frame}>
        {isTable ? (
          <ChartTable name={nameIn(indicator.name, language)} rows={model?.rows ?? rows} isRollup={isRollup} decimals={indicator.decimals} zone={zone} now={now} />
        ) : (
          <ChartPlot
            model={model}
            colours={colours}
            zone={zone}
            now={past.window.kind === 'last' || (past.window.from <= now && now <= past.window.to) ? now : null}
            nowLabel={nowLabel}
            decimals={indicator.decimals}
            cursor={cursor}
            onCursor={setCursor}
            valueText={valueText}
          />
        )}
        {(past.history === null || (model !== null && model.summary === null)) && <Nothing state={state} zone={zone} />}
      </div>
    </figure>
  );
}
