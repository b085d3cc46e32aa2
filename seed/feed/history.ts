/** What happened in the demonstration's past: three cloudbursts within three months, and last year's typhoon. Pure. */
import type { Bilingual } from '../../server/contract/index.ts';
import type { Occurrence } from '../simulator/simulator.ts';
import { DAY_MS, parseWall, type ZoneClock } from '../wall-time.ts';
import { dayStart, HOUR_MS, type Window } from './plan.ts';

export interface PastEvent {
  occurrence: Occurrence;
  kind: 'storm' | 'typhoon';
  name: Bilingual;
  /** Whole days of the city. */
  window: Window;
}

/** Days before the first start; far enough apart that each stands for itself on a chart of three months. */
const CLOUDBURST_DAYS = [20, 45, 72] as const;

/** The same past for the same first start. */
export function pastEvents(zone: ZoneClock, base: number): PastEvent[] {
  const storms = CLOUDBURST_DAYS.map((days): PastEvent => {
    const from = dayStart(zone, base - days * DAY_MS);
    const day = new Date(zone.wallOf(from));
    const [month, date] = [day.getUTCMonth() + 1, day.getUTCDate()];
    return {
      occurrence: { scenario: 'cloudburst', startsAt: from + 13 * HOUR_MS },
      kind: 'storm',
      name: { zh: `${month}月${date}日短时强降雨`, en: `Cloudburst of ${date} ${monthNames[month - 1]}` },
      window: { from, to: dayStart(zone, from + DAY_MS + HOUR_MS) },
    };
  });
  const year = new Date(zone.wallOf(base)).getUTCFullYear() - 1;
  const landfall = zone.firstInstantFrom(parseWall(`${year}-09-17`) ?? 0);
  const typhoon: PastEvent = {
    occurrence: { scenario: 'typhoon', startsAt: landfall + 2 * HOUR_MS },
    kind: 'typhoon',
    name: { zh: `台风“青鸢”（${year}）`, en: `Typhoon Qingyuan (${year})` },
    window: { from: landfall, to: dayStart(zone, landfall + 3 * DAY_MS + HOUR_MS) },
  };
  return [...storms, typhoon];
}

const monthNames = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
