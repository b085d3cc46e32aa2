/**
 * Which recorded day is played on which day of the city. A span of days around the recording's `today` is laid over the calendar
 * so that `today` falls on the anchor day, and repeats by whole spans. Pure arithmetic on day numbers.
 */

export interface Span {
  /** The recorded day that is played on the anchor day. */
  today: number;
  /** Recorded days played before and after it. */
  before: number;
  after: number;
  /** The city's day that shows `today`. */
  anchor: number;
  /** Whether the span repeats for ever; else it is played once. */
  loop: boolean;
}

export const firstDay = ({ today, before }: Span): number => today - before;
export const lastDay = ({ today, after }: Span): number => today + after;

/** The first day of the city on which anything is played. */
export const firstCityDay = ({ anchor, before }: Span): number => anchor - before;

/** The last day of the city on which anything is played. */
export const lastCityDay = ({ anchor, after, loop }: Span): number => (loop ? Number.POSITIVE_INFINITY : anchor + after);

/** The recorded day for a day of the city; null when nothing is played on it. */
export function recordedDay(span: Span, cityDay: number): number | null {
  if (cityDay < firstCityDay(span) || cityDay > lastCityDay(span)) return null;
  const length = span.before + 1 + span.after;
  return firstDay(span) + ((cityDay - firstCityDay(span)) % length);
}
