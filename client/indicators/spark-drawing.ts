/**
 * Draws the lines of a day onto one canvas over the tiles that left a place for them (`data-spark` with the series' id). Only what is
 * other than before is drawn anew: a machine without a graphics card draws every stroke on the page's own thread.
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

interface Place {
  element: HTMLElement;
  spark: Spark | undefined;
  box: Brush['box'];
}

/** What stands on the canvas: where the places are, and of each what was drawn there. */
export interface Drawn {
  layout: string;
  sparks: Map<HTMLElement, { spark: Spark | undefined; looks: string }>;
}

export const nothingDrawn = (): Drawn => ({ layout: '', sparks: new Map() });

/** The canvas as large as the list it lies over; what was on it is gone when that changes. */
function resize(canvas: HTMLCanvasElement, list: Element): void {
  const ratio = devicePixelRatio;
  const [width, height] = [list.clientWidth, list.scrollHeight];
  if (canvas.width === Math.round(width * ratio) && canvas.height === Math.round(height * ratio)) return;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
}

function placesOf(canvas: HTMLCanvasElement, list: Element, sparks: ReadonlyMap<number, Spark>): Place[] {
  const origin = canvas.getBoundingClientRect();
  return [...list.querySelectorAll<HTMLElement>('[data-spark]')].map((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return { element, spark: sparks.get(Number(element.dataset['spark'])), box: { x: left - origin.left, y: top - origin.top, width, height } };
  });
}

export interface Scene {
  sparks: ReadonlyMap<number, Spark>;
  /** Server time. */
  now: number;
  /** Another theme has other colours. */
  theme: string;
}

/** Brings `canvas`, which follows the list of tiles in the page, up to date; `drawn` is changed with it. */
export function drawSparks(canvas: HTMLCanvasElement, drawn: Drawn, { sparks, now, theme }: Scene): void {
  const list = canvas.previousElementSibling;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (list === null || context === null) return;
  resize(canvas, list);
  const places = placesOf(canvas, list, sparks);
  const layout = `${theme} ${canvas.width} ${canvas.height} ${places.map(({ box }) => `${box.x} ${box.y} ${box.width} ${box.height}`).join(' ')}`;
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  if (layout !== drawn.layout) {
    drawn.layout = layout;
    drawn.sparks.clear();
    context.clearRect(0, 0, list.clientWidth, list.scrollHeight);
  }
  const colours = coloursOf(canvas);
  for (const { element, spark, box } of places) {
    const { level, state } = element.dataset;
    // The picture moves on when now has moved by a pixel.
    const looks = `${element.dataset['spark']} ${level} ${state} ${Math.floor(now / (SPARK_SPAN_MS / Math.max(1, box.width)))}`;
    const before = drawn.sparks.get(element);
    if (before !== undefined && before.spark === spark && before.looks === looks) continue;
    drawn.sparks.set(element, { spark, looks });
    context.clearRect(box.x - PAD, box.y - PAD, box.width + 2 * PAD, box.height + 2 * PAD);
    if (spark === undefined) continue;
    drawSpark(spark, {
      context,
      box,
      now,
      colours,
      level: level === undefined ? undefined : getComputedStyle(element).getPropertyValue(`--mark-${level}`).trim(),
      stale: state === 'stale',
    });
  }
}
