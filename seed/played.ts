/**
 * Recordings laid over the city's calendar: every reading with the instant it claims and the instant it is to be sent. The hour a
 * value was recorded at is the hour it is played at, on the city's clock. In the hour that daylight saving skips nothing is
 * played; the hour that it repeats is played twice. Pure.
 */
import type { ReadingInput } from '../server/contract/index.ts';
import { byWall, type Recorded, type Recording } from './recorded.ts';
import { firstCityDay, firstDay, lastCityDay, lastDay, recordedDay, type Span } from './span.ts';
import { DAY_MS, dayOf, type ZoneClock } from './wall-time.ts';

/** One reading of one source, ready to be sent. */
export interface Played {
  source: string;
  /** When it becomes known: at once, or when its interval is over. Epoch milliseconds. */
  sendAt: number;
  reading: ReadingInput & { observedAt: number };
}

export interface Track {
  source: string;
  intervalMs: number;
  span: Span;
  /** The span's readings by recorded day. */
  days: ReadonlyMap<number, readonly Recorded[]>;
}

export function trackOf(source: string, recording: Recording, span: Span): Track {
  const days = new Map<number, Recorded[]>();
  for (const reading of recording.readings) {
    const day = dayOf(reading.wall);
    if (day < firstDay(span) || day > lastDay(span)) continue;
    const ofDay = days.get(day);
    if (ofDay === undefined) days.set(day, [reading]);
    else ofDay.push(reading);
  }
  for (const ofDay of days.values()) ofDay.sort(byWall);
  return { source, intervalMs: recording.intervalMs, span, days };
}

/** A stretch of time: later than `after`, and not later than `until` (epoch milliseconds). */
export interface Stretch {
  after: number;
  until: number;
}

/** What one track sends in a stretch, in the order of sending; endless when the stretch is. Holds one day at a time. */
export function* playedIn(track: Track, clock: ZoneClock, { after, until }: Stretch): Generator<Played> {
  const { span } = track;
  if (track.days.size === 0) return;
  // The day before may still send its last interval after its midnight.
  const from = Math.max(firstCityDay(span), dayOf(clock.wallOf(after)) - 1);
  for (let cityDay = from; cityDay <= lastCityDay(span); cityDay += 1) {
    if (clock.firstInstantFrom(cityDay * DAY_MS) > until) return;
    for (const played of playDay(track, clock, cityDay)) {
      if (played.sendAt > after && played.sendAt <= until) yield played;
    }
  }
}

function playDay(track: Track, clock: ZoneClock, cityDay: number): Played[] {
  const day = recordedDay(track.span, cityDay);
  const readings = day === null ? undefined : track.days.get(day);
  if (day === null || readings === undefined) return [];
  const shift = (cityDay - day) * DAY_MS;
  // Many sensors share a wall time: the heartbeats of all, and every full hour.
  const known = new Map<number, readonly number[]>();
  const instantsOf = (wall: number): readonly number[] => {
    const instants = known.get(wall) ?? clock.instantsOf(wall + shift);
    known.set(wall, instants);
    return instants;
  };
  const played = readings.flatMap(({ wall, ...reading }) =>
    instantsOf(wall).map((observedAt) => ({ source: track.source, sendAt: observedAt + track.intervalMs, reading: { ...reading, observedAt } })),
  );
  return played.sort((a, b) => a.sendAt - b.sendAt);
}

/** Several ordered sequences as one, ordered by the time of sending; at equal times the earlier sequence goes first. */
export function* merge(sequences: readonly Iterator<Played>[]): Generator<Played> {
  const heads = sequences.map((sequence) => ({ sequence, next: sequence.next() }));
  for (;;) {
    let first: (typeof heads)[number] | undefined;
    for (const head of heads) {
      if (head.next.done) continue;
      if (first === undefined || first.next.done || head.next.value.sendAt < first.next.value.sendAt) first = head;
    }
    if (first === undefined || first.next.done) return;
    yield first.next.value;
    first.next = first.sequence.next();
  }
}
