/**
 * The days of the tiles in sight: fetched, continued from the live store once a second, and drawn into the places that the tiles leave. A
 * line breaks where data are missing, and says so by breaking.
 */
import { useQuery } from '@tanstack/react-query';
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import type { HistorySeries } from '../../server/contract/index.ts';
import { getJson } from '../http/call.ts';
import { liveStore } from '../live/store.ts';
import { useLive } from '../live/use-live.ts';
import { useTheme } from '../ui/use-theme.ts';
import { SPARK_SPAN_MS, type Spark, sparkFromHistory, sparkWith } from './spark.ts';
import { type Drawn, drawSparks } from './spark-drawing.ts';
import type { Vital } from './vitals.ts';

/** Series are fetched anew after this long on the page, so that late and corrected readings show too. */
const REFRESH_MS = 15 * 60_000;

async function fetchSpark({ series }: Vital, signal: AbortSignal): Promise<Spark | null> {
  const { now } = liveStore.getState();
  const query = new URLSearchParams({
    indicator: series.indicator,
    place: series.place,
    from: new Date(now - SPARK_SPAN_MS).toISOString(),
    to: new Date(now).toISOString(),
    points: '100',
  });
  const answer = await getJson<{ series: HistorySeries[] }>(`/api/v1/history?${query}`, signal);
  const history = answer.series.find((one) => one.facet === series.facet);
  return history === undefined ? null : sparkFromHistory(history);
}

/** Where a line stands, and of what. */
export interface SparkSlot {
  slot: string;
  vital: Vital;
}

/** The worst of many places may be another one with every reading: a day is fetched only of one that stays. */
const SETTLE_MS = 2500;
/** Days kept beyond those in sight, for places that come back. */
const MAX_KEPT = 200;

/** `vital`, once it has stayed the same for `SETTLE_MS`; the first at once. */
function useSettled(vital: Vital): Vital {
  const [settled, setSettled] = useState(vital);
  useEffect(() => {
    if (vital === settled) return;
    const timer = setTimeout(() => setSettled(vital), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [vital, settled]);
  return settled;
}

/** Fetches the day of one slot's series; draws nothing by itself. */
function SparkFeed({ vital, onSpark }: { vital: Vital; onSpark(series: number, spark: Spark): void }) {
  const wanted = useSettled(vital);
  const snapshots = useLive((state) => state.snapshots);
  const { data } = useQuery({
    queryKey: ['spark', wanted.series.id, snapshots],
    queryFn: ({ signal }) => fetchSpark(wanted, signal),
    enabled: snapshots > 0,
    staleTime: REFRESH_MS,
    refetchInterval: REFRESH_MS,
    gcTime: REFRESH_MS,
  });
  useEffect(() => {
    if (data != null) onSpark(wanted.series.id, data);
  }, [data, wanted, onSpark]);
  return null;
}

export interface SparkLinesProps {
  /** What the tiles stand in. */
  host: RefObject<HTMLElement | null>;
  shown: readonly SparkSlot[];
}

export function SparkLines({ host, shown }: SparkLinesProps) {
  const sparks = useRef(new Map<number, Spark>());
  const drawn = useRef<Drawn>(new WeakMap());
  const theme = useTheme();
  const frame = useRef(0);
  /** At most once a frame, whatever asks for it. */
  const redraw = useCallback((): void => {
    if (frame.current !== 0) return;
    frame.current = requestAnimationFrame(() => {
      frame.current = 0;
      if (host.current !== null) drawSparks(host.current, drawn.current, { sparks: sparks.current, now: liveStore.getState().now, theme });
    });
  }, [host, theme]);
  const keep = useCallback(
    (series: number, spark: Spark): void => {
      sparks.current.delete(series);
      sparks.current.set(series, spark);
      const [oldest] = sparks.current.keys();
      if (sparks.current.size > MAX_KEPT && oldest !== undefined) sparks.current.delete(oldest);
      redraw();
    },
    [redraw],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: other series in the slots are to be drawn, whether or not their days are fetched anew.
  useEffect(redraw, [shown, redraw]);

  useEffect(() => {
    const stop = liveStore.subscribe((state, before) => {
      if (state.now === before.now) return;
      for (const reading of state.landed) {
        const spark = sparks.current.get(reading.series);
        if (spark !== undefined) sparks.current.set(reading.series, sparkWith(spark, reading, state.now));
      }
      redraw();
    });
    const sizes = new ResizeObserver(redraw);
    if (host.current !== null) sizes.observe(host.current);
    return () => {
      stop();
      sizes.disconnect();
      cancelAnimationFrame(frame.current);
      frame.current = 0;
    };
  }, [host, redraw]);

  return shown.map(({ slot, vital }) => <SparkFeed key={slot} vital={vital} onSpark={keep} />);
}
