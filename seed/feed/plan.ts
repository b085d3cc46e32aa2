/**
 * How finely the past of a demonstration is filled, series by series: readings for two days, quarters of an hour for two weeks, hours for
 * three months, days for as long as is asked; every minute of a storm for what tells of a flood; and five-minute data over three months for
 * a few series that thresholds are tried on. Pure. No stretch of a series is covered twice, and days of the city are never cut.
 */
import { DAY_MS, dayOf, type ZoneClock } from '../wall-time.ts';

export const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
const TRIAL_MS = 5 * MINUTE_MS;
const RECENT_MS = 2 * DAY_MS;
const QUARTERS_MS = 14 * DAY_MS;
const HOURS_MS = 90 * DAY_MS;

export type Stage = 'quarters' | 'storms' | 'hours' | 'trials' | 'days';
/** The newest first; what a planner looks at first before what waits to be searched for. */
export const stages: readonly Stage[] = ['quarters', 'hours', 'storms', 'trials', 'days'];

/** A stretch to be sent as aggregates of `widthMs` each. Epoch milliseconds, `to` excluded. */
export interface Segment {
  from: number;
  to: number;
  resolution: '1m' | '1h' | '1d';
  widthMs: number;
}

export interface Window {
  from: number;
  to: number;
}

export interface PastPlan {
  zone: ZoneClock;
  /** Where the live stream begins. */
  base: number;
  /** How many days back. */
  days: number;
  /** Windows of which every minute is kept, in whole days of the city. */
  storms: readonly Window[];
}

export interface PlannedSeries {
  intervalMs: number;
  /** Tells of a flood: its minutes in storms are kept. */
  isFlood: boolean;
  /** One of the few that thresholds are tried on. */
  isTrial: boolean;
}

/** The start of the city's day that holds `instant`. */
export const dayStart = (zone: ZoneClock, instant: number): number => zone.firstInstantFrom(dayOf(zone.wallOf(instant)) * DAY_MS);

/** From here on a series is sent as readings; before, as aggregates. */
export function recentFrom({ zone, base }: PastPlan, intervalMs: number): number {
  const from = base - RECENT_MS;
  if (intervalMs >= DAY_MS) return dayStart(zone, from);
  const step = Math.max(intervalMs, HOUR_MS);
  return Math.floor(from / step) * step;
}

/** The aggregate that is at least `widthMs` wide and holds at least one reading. */
function shape(intervalMs: number, widthMs: number): Pick<Segment, 'resolution' | 'widthMs'> {
  const wide = Math.max(intervalMs, widthMs);
  if (wide >= DAY_MS) return { resolution: '1d', widthMs: DAY_MS };
  return { resolution: wide < HOUR_MS ? '1m' : '1h', widthMs: wide };
}

/** What is sent of a series' past, by stage. */
export function segmentsOf(plan: PastPlan, series: PlannedSeries): Record<Stage, Segment[]> {
  const { zone, base } = plan;
  const cut = recentFrom(plan, series.intervalMs);
  const quartersFrom = dayStart(zone, base - QUARTERS_MS);
  const hoursFrom = dayStart(zone, base - HOURS_MS);
  const daysFrom = dayStart(zone, base - plan.days * DAY_MS);
  const storms = series.isFlood ? plan.storms.map(({ from, to }) => ({ from: Math.max(from, daysFrom), to: Math.min(to, cut) })).filter(({ from, to }) => from < to) : [];
  const between = (from: number, to: number, widthMs: number): Segment[] =>
    without({ from: Math.max(from, daysFrom), to }, storms).map((window) => ({ ...window, ...shape(series.intervalMs, widthMs) }));
  const isTrial = series.isTrial && series.intervalMs <= TRIAL_MS;
  return {
    quarters: isTrial ? [] : between(quartersFrom, cut, QUARTER_MS),
    hours: isTrial ? [] : between(hoursFrom, quartersFrom, HOUR_MS),
    storms: storms.map((window) => ({ ...window, ...shape(series.intervalMs, MINUTE_MS) })),
    trials: isTrial ? between(hoursFrom, cut, TRIAL_MS) : [],
    days: between(daysFrom, hoursFrom, DAY_MS),
  };
}

/** What is left of a window outside of `holes`, in order of time. */
function without(window: Window, holes: readonly Window[]): Window[] {
  let rest = window.from < window.to ? [window] : [];
  for (const hole of holes) {
    rest = rest.flatMap(({ from, to }) =>
      [
        { from, to: Math.min(to, hole.from) },
        { from: Math.max(from, hole.to), to },
      ].filter((part) => part.from < part.to),
    );
  }
  return rest.sort((a, b) => a.from - b.from);
}
