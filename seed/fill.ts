/**
 * Puts in what a publisher leaves out because nothing happened, so that silence means silence: dry zeros between the floods of a
 * recording that holds floods only, and zeros for hours without a call. Everything put in is marked `filled`. Pure.
 */
import { byWall, type Recorded, type SeriesKey, seriesName } from './recorded.ts';
import { DAY_MS } from './wall-time.ts';

/**
 * Two wet readings of one sensor further apart than this belong to two floods. Within a flood the longest recorded pause is about
 * forty minutes; nothing is known there, so nothing is put in.
 */
const SAME_FLOOD_MS = 3_600_000;

export interface FillPlan {
  /** The series that are to be filled, also those without a single recorded reading. */
  series: readonly SeriesKey[];
  /** Days of the recording, first and last included. */
  firstDay: number;
  lastDay: number;
  /** Distance between the zeros, milliseconds; divides a day. */
  everyMs: number;
}

/** All readings with dry zeros at the heartbeat, wherever a sensor was not in a flood. Recorded readings stay as they are. */
export function fillDry(recorded: readonly Recorded[], plan: FillPlan): Recorded[] {
  const bySeries = groupBySeries(recorded);
  const filled = plan.series.flatMap((series) => {
    const own = bySeries.get(seriesName(series)) ?? [];
    let next = 0;
    return marks(plan).flatMap((wall) => {
      while (next < own.length && (own[next]?.wall ?? 0) <= wall) next += 1;
      return isDry(wall, own[next - 1], own[next]) ? [zero(series, wall)] : [];
    });
  });
  return [...recorded, ...filled].sort(byWall);
}

/** Whether nothing recorded speaks against a dry street at `wall`, between its neighbours of the same sensor. */
function isDry(wall: number, before: Recorded | undefined, after: Recorded | undefined): boolean {
  if (before?.wall === wall) return false;
  if (before === undefined) return true;
  if (after !== undefined && after.wall - before.wall <= SAME_FLOOD_MS) return before.value === 0 && after.value === 0;
  return before.value === 0 || wall - before.wall > SAME_FLOOD_MS;
}

/** All readings with a zero for each interval of each series that has none. */
export function fillAbsent(recorded: readonly Recorded[], plan: FillPlan): Recorded[] {
  const bySeries = groupBySeries(recorded);
  const filled = plan.series.flatMap((series) => {
    const there = new Set((bySeries.get(seriesName(series)) ?? []).map(({ wall }) => wall));
    return marks(plan).flatMap((wall) => (there.has(wall) ? [] : [zero(series, wall)]));
  });
  return [...recorded, ...filled].sort(byWall);
}

const zero = ({ indicator, place, facet }: SeriesKey, wall: number): Recorded => ({ wall, indicator, place, facet, value: 0, quality: 'good', qualityReason: 'filled' });

function marks({ firstDay, lastDay, everyMs }: FillPlan): number[] {
  const first = firstDay * DAY_MS;
  return Array.from({ length: Math.floor(((lastDay - firstDay + 1) * DAY_MS) / everyMs) }, (_, i) => first + i * everyMs);
}

function groupBySeries(recorded: readonly Recorded[]): Map<string, Recorded[]> {
  const groups = new Map<string, Recorded[]>();
  for (const reading of recorded) {
    const name = seriesName(reading);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [reading]);
    else group.push(reading);
  }
  return groups;
}
