/** Ticks of a time axis at full hours and midnights of the city's zone, whatever the computer's own zone is, also on days of 23 or 25 hours. Pure. */
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Zones are whole quarters of an hour away from UTC. */
const QUARTER = 15 * MINUTE;

export interface TimeTick {
  t: number;
  /** The first hour of a day, nearly always midnight: the date is written, and its line is stronger. */
  isDay: boolean;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function localParts(t: number, zone: string): { day: number; hour: number; minute: number } {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' });
    formats.set(zone, format);
  }
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(t)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = part;
  return { day: Date.UTC(year, month - 1, day) / DAY, hour, minute };
}

const hourSteps = [1, 2, 3, 6, 12];
const daySteps = [1, 2, 3, 5, 7, 10, 14];

/** Ticks from `from` to `to`, at most about `count`. */
export function timeTicks(from: number, to: number, options: { zone: string; count: number }): TimeTick[] {
  const rough = (to - from) / Math.max(1, options.count);
  const hours = hourSteps.find((step) => step * HOUR >= rough);
  const days = daySteps.find((step) => step * DAY >= rough) ?? 30;
  const ticks: TimeTick[] = [];
  for (let t = Math.ceil(from / QUARTER) * QUARTER; t <= to; t += QUARTER) {
    const { day, hour, minute } = localParts(t, options.zone);
    if (minute !== 0) continue;
    // Where clocks change at midnight, a day begins at one o'clock, or has midnight twice and begins with the first.
    const isDay = hour <= 1 && localParts(t - QUARTER, options.zone).day !== day;
    const fits = hours === undefined ? isDay && day % days === 0 : isDay || hour % hours === 0;
    if (fits) ticks.push({ t, isDay });
    // The next candidate is an hour on; the last quarters of a jump between summer and winter are walked one by one.
    t += HOUR - QUARTER * 2;
  }
  return ticks;
}
