/**
 * All sparklines on one canvas that lies over the tiles: measured, one canvas costs a fifth of as many charts. A tile leaves a
 * place for its line (`data-spark` with the series' id); a line breaks where data are missing, and says so by breaking.
 */
import { useQueries } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { HistorySeries } from '../../server/contract/index.ts';
import { getJson } from '../http/call.ts';
import { liveStore } from '../live/store.ts';
import { useLive } from '../live/use-live.ts';
import { SPARK_SPAN_MS, type Spark, sparkFromHistory, sparkRange, sparkRuns, sparkWith } from './spark.ts';
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

interface Colours {
  line: string;
  band: string;
  dot: string;
}

function coloursOf(element: Element): Colours {
  const style = getComputedStyle(element);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return { line: read('--series-1'), band: read('--usual-band'), dot: read('--text') };
}

/** Room at the right for the dot of the newest value, and above and below for the stroke. */
const PAD = 3;

interface Brush {
  context: CanvasRenderingContext2D;
  box: { x: number; y: number; width: number; height: number };
  now: number;
  colours: Colours;
  level: string | undefined;
  stale: boolean;
}

function drawSpark(spark: Spark, { context, box, now, colours, level, stale }: Brush): void {
  const from = now - SPARK_SPAN_MS;
  const range = sparkRange(spark, from);
  if (range === null) return;
  // A flat line stands in the middle; noise below the last digit must not look like a storm.
  const span = range.max - range.min || 1;
  const x = (t: number): number => box.x + ((t - from) / SPARK_SPAN_MS) * (box.width - PAD);
  const y = (value: number): number => (range.max === range.min ? box.y + box.height / 2 : box.y + PAD + (1 - (value - range.min) / span) * (box.height - 2 * PAD));
  context.globalAlpha = stale ? 0.5 : 1;
  for (const run of sparkRuns(spark, from)) {
    context.fillStyle = colours.band;
    context.beginPath();
    for (const point of run) context.lineTo(x(point.t), y(point.max));
    for (const point of [...run].reverse()) context.lineTo(x(point.t), y(point.min));
    context.fill();
    context.strokeStyle = colours.line;
    context.lineWidth = 1.5;
    context.lineJoin = 'round';
    context.beginPath();
    for (const point of run) context.lineTo(x(point.t), y(point.last));
    if (run.length === 1 && run[0] !== undefined) context.lineTo(x(run[0].t) + 1.5, y(run[0].last));
    context.stroke();
  }
  const end = spark.points.at(-1);
  if (end !== undefined && end.t >= from) {
    context.fillStyle = level ?? colours.dot;
    context.beginPath();
    context.arc(x(end.t), y(end.last), 2.4, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
}

function drawAll(canvas: HTMLCanvasElement, sparks: ReadonlyMap<number, Spark>, now: number): void {
  const host = canvas.parentElement;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (host === null || context === null) return;
  const ratio = devicePixelRatio;
  const [width, height] = [host.clientWidth, host.scrollHeight];
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const origin = canvas.getBoundingClientRect();
  const colours = coloursOf(canvas);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  for (const slot of host.querySelectorAll<HTMLElement>('[data-spark]')) {
    const spark = sparks.get(Number(slot.dataset['spark']));
    if (spark === undefined) continue;
    const rect = slot.getBoundingClientRect();
    const level = slot.dataset['level'];
    drawSpark(spark, {
      context,
      box: { x: rect.left - origin.left, y: rect.top - origin.top, width: rect.width, height: rect.height },
      now,
      colours,
      level: level === undefined ? undefined : getComputedStyle(slot).getPropertyValue(`--mark-${level}`).trim(),
      stale: slot.dataset['state'] === 'stale',
    });
  }
}

export interface SparkCanvasProps {
  shown: readonly Vital[];
}

export function SparkCanvas({ shown }: SparkCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const sparks = useRef(new Map<number, Spark>());
  const snapshots = useLive((state) => state.snapshots);
  const ready = snapshots > 0;
  const answers = useQueries({
    queries: shown.map((vital) => ({
      queryKey: ['spark', vital.series.id, snapshots],
      queryFn: ({ signal }: { signal: AbortSignal }) => fetchSpark(vital, signal),
      enabled: ready,
      staleTime: REFRESH_MS,
      refetchInterval: REFRESH_MS,
      gcTime: 2 * REFRESH_MS,
    })),
  });
  const fetched = answers.map((answer) => answer.dataUpdatedAt).join(' ');

  // biome-ignore lint/correctness/useExhaustiveDependencies: `fetched` is what changes when one of `answers` does; the array itself is new on every draw.
  useEffect(() => {
    for (const [i, vital] of shown.entries()) {
      const spark = answers[i]?.data;
      if (spark != null) sparks.current.set(vital.series.id, spark);
    }
    if (canvas.current !== null) drawAll(canvas.current, sparks.current, liveStore.getState().now);
  }, [fetched, shown]);

  useEffect(() => {
    const redraw = (): void => {
      if (canvas.current !== null) drawAll(canvas.current, sparks.current, liveStore.getState().now);
    };
    const stop = liveStore.subscribe((state, before) => {
      if (state.now === before.now) return;
      for (const reading of state.landed) {
        const spark = sparks.current.get(reading.series);
        if (spark !== undefined) sparks.current.set(reading.series, sparkWith(spark, reading, state.now));
      }
      requestAnimationFrame(redraw);
    });
    const sizes = new ResizeObserver(redraw);
    if (canvas.current?.parentElement != null) sizes.observe(canvas.current.parentElement);
    return () => {
      stop();
      sizes.disconnect();
    };
  }, []);

  return <canvas ref={canvas} className="spark-canvas" />;
}
