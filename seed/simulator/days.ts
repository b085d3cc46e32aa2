/**
 * The city's calendar as the simulator sees it: what kind of day each is, and what festivals do. Days are counted from 1970-01-01 in the
 * city's time; a city with daylight saving is simulated on its standard time, as people's days shift with the clock only by name.
 */
import type { Catalogue } from '../../server/catalogue/catalogue.ts';
import { dayNumber } from '../wall-time.ts';
import type { DayKind } from './profiles.ts';

export interface Days {
  kind(day: number): DayKind;
  isWorkday(day: number): boolean;
  isHoliday(day: number): boolean;
  isSchoolDay(day: number): boolean;
  /** Inside a school term, weekends too. */
  isTerm(day: number): boolean;
  /** Days since New Year's Day of the lunar calendar (negative before it), at the nearest one; null when it is months away. */
  fromNewYear(day: number): number | null;
  /** A run of at least three holidays begins on the next day, or ends today. */
  isRush(day: number): boolean;
  /** 0…1: how much of a feast the evening is. */
  festivity(day: number): number;
}

/** Farther from the New Year than this, nobody is away for it. */
const NEW_YEAR_REACH = 24;
const TRADITIONAL = /春节|中秋|元宵|Spring Festival|Mid-Autumn/;
const NEW_YEAR = /春节|Spring Festival/;

export function daysOf(catalogue: Catalogue): Days {
  const { holidays = [], workdays = [], terms = [] } = catalogue.calendar ?? {};
  const off = new Map(holidays.map(({ date, name }) => [dayNumber(date), `${name.zh ?? ''} ${name.en ?? ''}`]));
  const madeUp = new Set(workdays.map(({ date }) => dayNumber(date)));
  const inTerms = terms.map(({ from, to }) => [dayNumber(from), dayNumber(to)] as const);
  const newYears = newYearsOf(off);
  const weekday = (day: number): number => (((day + 4) % 7) + 7) % 7;
  const isHoliday = (day: number): boolean => off.has(day);
  const isWorkday = (day: number): boolean => madeUp.has(day) || (!isHoliday(day) && weekday(day) !== 0 && weekday(day) !== 6);
  // Without terms nobody said when schools are closed.
  const isTerm = (day: number): boolean => inTerms.length === 0 || inTerms.some(([from, to]) => day >= from && day <= to);
  const isLongFrom = (day: number): boolean => isHoliday(day) && isHoliday(day + 1) && isHoliday(day + 2) && !isHoliday(day - 1);
  const isLongTo = (day: number): boolean => isHoliday(day) && isHoliday(day - 1) && isHoliday(day - 2) && !isHoliday(day + 1);
  return {
    kind: (day) => (isWorkday(day) ? 'workday' : !isHoliday(day) && weekday(day) === 6 ? 'saturday' : 'sunday'),
    isWorkday,
    isHoliday,
    isSchoolDay: (day) => isWorkday(day) && isTerm(day),
    isTerm,
    isRush: (day) => isLongFrom(day + 1) || isLongTo(day),
    fromNewYear(day) {
      const nearest = newYears.find((newYear) => Math.abs(day - newYear) <= NEW_YEAR_REACH);
      return nearest === undefined ? null : day - nearest;
    },
    festivity(day) {
      if (isLastOfYear(day)) return 1;
      const name = off.get(day);
      if (name === undefined) return 0;
      return TRADITIONAL.test(name) ? 0.7 : 0.5;
    },
  };
}

/** The holidays begin on New Year's Eve or on the day itself: two days' difference matter to nobody here. */
function newYearsOf(off: ReadonlyMap<number, string>): number[] {
  return [...off].flatMap(([day, name]) => (NEW_YEAR.test(name) && !NEW_YEAR.test(off.get(day - 1) ?? '') ? [day] : []));
}

function isLastOfYear(day: number): boolean {
  const date = new Date(day * 86_400_000);
  return date.getUTCMonth() === 11 && date.getUTCDate() === 31;
}

/** The day of the year, 0 to 365. */
export function dayOfYear(day: number): number {
  if (day !== known.day) {
    const year = new Date(day * 86_400_000).getUTCFullYear();
    known = { day, ofYear: day - Date.UTC(year, 0, 1) / 86_400_000 };
  }
  return known.ofYear;
}

/** The last answer: the same day is asked for some hundred times in a row. */
let known = { day: Number.NaN, ofYear: 0 };

/** −1…1 over the year, 1 on `peakDay` (1…366). */
export const yearWave = (day: number, peakDay: number): number => Math.cos((2 * Math.PI * (dayOfYear(day) + 1 - peakDay)) / 365.25);
