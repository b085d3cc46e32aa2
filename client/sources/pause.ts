/** How long a usual pause is, as it was set: "10 分钟" and not "10 分 0 秒". */
import { formatAge, formatSpan, type Language } from '../ui/format.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** `ms` in one unit when it is a whole number of it, else in two. */
export function formatPause(ms: number, lang: Language): string {
  return ms % (ms < HOUR ? MINUTE : HOUR) === 0 ? formatAge(ms, lang) : formatSpan(ms, lang);
}
