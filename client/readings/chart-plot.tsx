/** The picture: the canvas, and over it what has words or needs a pointer: gaps, limits' labels, now, the newest value, the cursor. */
import { type KeyboardEvent, type PointerEvent, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { formatClock, formatDate, formatNumber, formatSpan, levelNumerals, levelWord, nameIn } from '../ui/format.ts';
import { LevelMark } from '../ui/level-mark.tsx';
import { useLanguage } from '../ui/use-language.ts';
import type { ChartModel } from './chart-model.ts';
import { type ChartColours, chartOption, MARGIN, timeAt, xOf, yOf } from './chart-option.ts';
import { eventBands } from './event-bands.ts';
import { nearestRow } from './series-rows.ts';
import type { TimeTick } from './time-ticks.ts';
import { useEchart } from './use-echart.ts';
import { useEvents } from './use-events.ts';

/** A gap narrower than this has no room for words, CSS pixels. */
const GAP_WORDS_PX = 96;
/** From one line of events' names to the next, CSS pixels. */
const BAND_NAME_PX = 16;
/** More hatched bands than this are no longer told apart. */
const MAX_GAPS = 80;

export interface ChartPlotProps {
  /** Null until sizes and fonts are known. */
  model: ChartModel | null;
  colours: ChartColours;
  zone: string;
  /** Null: the picture is of the past, and now is not in it. */
  now: number | null;
  /** How the line of now is called; data may be older than now when the connection is lost. */
  nowLabel: string;
  decimals: number;
  /** Index of the row under the cursor. */
  cursor: number | null;
  onCursor(cursor: number | null): void;
  /** The row under the cursor, or the newest, in words. */
  valueText: string;
}

function useOption({ model, colours, zone }: ChartPlotProps) {
  const language = useLanguage();
  return useMemo(() => {
    if (model === null) return null;
    const formatTick = ({ t, isDay }: TimeTick): string => (isDay ? formatDate(t, zone).slice(5) : formatClock(t, zone, false));
    return chartOption({ ...model, colours, formatTick, formatValue: (value) => formatNumber(value, model.axisDecimals, language) });
  }, [model, colours, zone, language]);
}

function Gaps({ model }: { model: ChartModel }) {
  const { t } = useTranslation('readings');
  const language = useLanguage();
  const { frame } = model;
  const widest = [...model.gaps].sort((a, b) => b.to - b.from - (a.to - a.from)).slice(0, MAX_GAPS);
  return widest.map((gap) => {
    const left = Math.max(MARGIN.left, xOf(gap.from, frame));
    const width = xOf(gap.to, frame) - left;
    return width < 1 ? null : (
      <div key={gap.from} className="chart-gap" style={{ left, width, top: MARGIN.top, bottom: MARGIN.bottom }}>
        {width > GAP_WORDS_PX && <span>{t('gapLabel', { span: formatSpan(gap.to - gap.from, language) })}</span>}
      </div>
    );
  });
}

/** Marked events, behind the data and in no level's colour: they say when, not how bad. */
function Bands({ model }: { model: ChartModel }) {
  const language = useLanguage();
  const events = useEvents();
  const bands = useMemo(() => eventBands(events, model.frame), [events, model.frame]);
  return bands.map(({ event, left, width, lane }) => (
    <div key={event.id} className="chart-band" style={{ left, width, top: MARGIN.top, bottom: MARGIN.bottom }}>
      {lane !== null && (
        <span className="truncate" style={{ top: lane * BAND_NAME_PX }}>
          {nameIn(event.name, language)}
        </span>
      )}
    </div>
  ));
}

function Limits({ model, decimals }: { model: ChartModel; decimals: number }) {
  const { t } = useTranslation('readings');
  const language = useLanguage();
  return model.labels.map(({ limit, y, outside }) => (
    <div
      key={`${limit.level} ${limit.value}`}
      className="chart-limit"
      style={{ top: y ?? 0, left: model.frame.width - MARGIN.right + 6 }}
      title={`${levelWord(limit.level, language)}${outside === null ? '' : ` · ${t(outside)}`}`}
    >
      <LevelMark level={limit.level} size={10} />
      <b className={`num level-${limit.level}`}>
        {levelNumerals[limit.level]} {formatNumber(limit.value, Number.isInteger(limit.value) ? 0 : decimals, language)}
        {outside === 'above' && ' ↑'}
        {outside === 'below' && ' ↓'}
      </b>
    </div>
  ));
}

/** The newest value stands beside its point, inside the picture. */
function Newest({ model, decimals }: { model: ChartModel; decimals: number }) {
  const language = useLanguage();
  if (model.summary === null || model.newestTop === null) return null;
  const { last, lastAt } = model.summary;
  const x = xOf(lastAt + model.shiftMs, model.frame);
  const y = yOf(last, model.frame);
  return (
    <>
      <i className="chart-point" style={{ left: x, top: y }} />
      <b className="num chart-newest" style={{ right: model.frame.width - x + 7, top: model.newestTop }}>
        {formatNumber(last, decimals, language)}
      </b>
    </>
  );
}

export function ChartPlot(props: ChartPlotProps) {
  const { model, cursor, onCursor, decimals, now, nowLabel, valueText } = props;
  const { t } = useTranslation('readings');
  const canvas = useRef<HTMLDivElement>(null);
  useEchart(canvas, useOption(props), model?.frame ?? NO_SIZE);

  const point = (event: PointerEvent<HTMLDivElement>): void => {
    if (model === null) return;
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left + MARGIN.left;
    onCursor(nearestRow(model.rows, timeAt(x, model.frame) - model.shiftMs));
  };
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: Number.NEGATIVE_INFINITY, End: Number.POSITIVE_INFINITY };
  const press = (event: KeyboardEvent): void => {
    const step = steps[event.key];
    if (event.key === 'Escape') onCursor(null);
    if (step === undefined || model === null || model.rows.length === 0) return;
    event.preventDefault();
    onCursor(Math.min(model.rows.length - 1, Math.max(0, (cursor ?? model.rows.length - 1) + step)));
  };
  const row = cursor === null ? undefined : model?.rows[cursor];
  return (
    <div className="chart-plot">
      {model !== null && <Bands model={model} />}
      <div className="chart-canvas" ref={canvas} aria-hidden="true" />
      {model !== null && (
        <>
          <Gaps model={model} />
          {now !== null && (
            <i className="chart-now" style={{ left: xOf(Math.min(now, model.frame.to), model.frame), top: MARGIN.top, bottom: MARGIN.bottom }}>
              <span>{nowLabel}</span>
            </i>
          )}
          {row !== undefined && <i className="chart-cursor" style={{ left: xOf(row.t + model.shiftMs, model.frame), top: MARGIN.top, bottom: MARGIN.bottom }} />}
          {row?.mean != null && <i className="chart-point" style={{ left: xOf(row.t + model.shiftMs, model.frame), top: yOf(row.mean, model.frame) }} />}
          {now !== null && <Newest model={model} decimals={decimals} />}
          <Limits model={model} decimals={decimals} />
          <div
            className="chart-pointer"
            role="slider"
            tabIndex={0}
            aria-label={t('cursor')}
            aria-valuemin={0}
            aria-valuemax={Math.max(0, model.rows.length - 1)}
            aria-valuenow={cursor ?? Math.max(0, model.rows.length - 1)}
            aria-valuetext={valueText}
            style={{ left: MARGIN.left, right: MARGIN.right, top: MARGIN.top, bottom: MARGIN.bottom }}
            onPointerMove={point}
            onPointerLeave={() => onCursor(null)}
            onKeyDown={press}
            onBlur={() => onCursor(null)}
          />
        </>
      )}
    </div>
  );
}

const NO_SIZE = { width: 0, height: 0 };
