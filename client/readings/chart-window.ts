/**
 * What time the chart shows, kept in the address so that a link opens the same view: so far back from now (`?window=7d`), or from one
 * instant to another (`?window=<from>-<to>`, epoch ms), as an event's.
 */
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const chartSpans = ['6h', '24h', '7d', '30d'] as const;
export type ChartSpan = (typeof chartSpans)[number];
const spanMs: Record<ChartSpan, number> = { '6h': 6 * HOUR, '24h': DAY, '7d': 7 * DAY, '30d': 30 * DAY };

export interface TimeRange {
  /** Epoch ms. */
  from: number;
  to: number;
}

export type ChartWindow = { kind: 'last'; span: ChartSpan } | ({ kind: 'fixed' } & TimeRange);
const DEFAULT_SPAN: ChartSpan = '24h';

/** What is shown unless the address says otherwise: a day, or as long as an indicator that is read once in hours or days needs to make a line. */
export function usualSpan(intervalMs: number | undefined): ChartSpan {
  if (intervalMs === undefined || intervalMs < 2 * HOUR) return DEFAULT_SPAN;
  return intervalMs < 12 * HOUR ? '7d' : '30d';
}

/** Nobody compares longer than this, and the server keeps no more. */
const LONGEST = 4 * 366 * DAY;

/** The window that the address's `window` names; the usual one when it names none or an unknown one. */
export function windowNamed(text: string | null, usual: ChartSpan = DEFAULT_SPAN): ChartWindow {
  const instants = /^(\d{10,14})-(\d{10,14})$/.exec(text ?? '');
  if (instants !== null) {
    const [from, to] = [Number(instants[1]), Number(instants[2])];
    if (from < to && to - from <= LONGEST) return { kind: 'fixed', from, to };
  }
  return { kind: 'last', span: chartSpans.find((one) => one === text) ?? usual };
}

/** How the address names it. */
export function nameOfWindow(window: ChartWindow): string {
  return window.kind === 'fixed' ? `${window.from}-${window.to}` : window.span;
}

/** Empty room right of now, as a share of the picture: what comes next is seen coming. */
const AHEAD = 0.025;

/** From when to when the picture goes at `now`. */
export function rangeOf(window: ChartWindow, now: number): TimeRange {
  if (window.kind === 'fixed') return { from: window.from, to: window.to };
  const ms = spanMs[window.span];
  return { from: now - ms, to: now + ms * AHEAD };
}

export function lengthOf(window: ChartWindow): number {
  return window.kind === 'fixed' ? window.to - window.from : spanMs[window.span];
}

/** An event with some of what came before and after it, without which nobody sees what it changed. */
export function windowOfEvent({ from, to }: TimeRange): ChartWindow {
  const margin = Math.max(HOUR, Math.round((to - from) / 8));
  return { kind: 'fixed', from: from - margin, to: to + margin };
}

export function isSameWindow(a: ChartWindow, b: ChartWindow): boolean {
  return nameOfWindow(a) === nameOfWindow(b);
}
