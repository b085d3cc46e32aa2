/**
 * Draws the lines of a day, each onto a small canvas of its own in the tile that has a place for it (`data-spark` with the series' id),
 * and only those that are other than before. What a canvas costs where there is no graphics card is its area, each time anything on it
 * changes: one over all tiles took 12 ms for a single dot, a small one takes a fraction of one.
 */
import { SPARK_SPAN_MS, type Spark, sparkRange, sparkRuns } from './spark.ts';

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
  /** CSS pixels. */
  width: number;
  height: number;
  now: number;
  colours: Colours;
  level: string | undefined;
  stale: boolean;
}

function drawSpark(spark: Spark, { context, width, height, now, colours, level, stale }: Brush): void {
  const from = now - SPARK_SPAN_MS;
  const range = sparkRange(spark, from);
  if (range === null) return;
  // A flat line stands in the middle; noise below the last digit must not look like a storm.
  const span = range.max - range.min || 1;
  const x = (t: number): number => ((t - from) / SPARK_SPAN_MS) * (width - PAD);
  const y = (value: number): number => (range.max === range.min ? height / 2 : PAD + (1 - (value - range.min) / span) * (height - 2 * PAD));
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

/** Of each place what is drawn there. */
export type Drawn = WeakMap<HTMLElement, { spark: Spark | undefined; looks: string }>;

/** Cleared and as large as its place; null while that has no size. */
function sheetOf(canvas: HTMLCanvasElement, place: HTMLElement): { context: CanvasRenderingContext2D; width: number; height: number } | null {
  const ratio = devicePixelRatio;
  const { clientWidth: width, clientHeight: height } = place;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null || width === 0 || height === 0) return null;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

export interface Scene {
  sparks: ReadonlyMap<number, Spark>;
  /** Server time. */
  now: number;
  /** Another theme has other colours. */
  theme: string;
}

/** Brings the lines of all tiles in `host` up to date; `drawn` is changed with them. */
export function drawSparks(host: HTMLElement, drawn: Drawn, { sparks, now, theme }: Scene): void {
  const colours = coloursOf(host);
  for (const canvas of host.querySelectorAll('canvas')) {
    const place = canvas.parentElement;
    if (place === null) continue;
    const { spark: series, level, state } = place.dataset;
    const spark = sparks.get(Number(series));
    // The picture moves on when now has moved by a pixel.
    const step = Math.floor(now / (SPARK_SPAN_MS / Math.max(1, place.clientWidth)));
    const looks = [series, level, state, theme, step, place.clientWidth, place.clientHeight, devicePixelRatio].join(' ');
    const before = drawn.get(place);
    if (before !== undefined && before.spark === spark && before.looks === looks) continue;
    drawn.set(place, { spark, looks });
    const sheet = sheetOf(canvas, place);
    if (sheet === null || spark === undefined) continue;
    const mark = level === undefined ? undefined : getComputedStyle(place).getPropertyValue(`--mark-${level}`).trim();
    drawSpark(spark, { ...sheet, now, colours, level: mark, stale: state === 'stale' });
  }
}
