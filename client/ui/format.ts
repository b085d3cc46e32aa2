/**
 * How numbers, ages, times and levels are written. Pure: language, zone and now are arguments. A minus is U+2212, as wide as
 * a plus, so that no number jumps sideways; times are the city's, never the computer's.
 */
import type { Bilingual, Level } from '../../server/contract/index.ts';
import en from './en.json' with { type: 'json' };
import zh from './zh.json' with { type: 'json' };

export type Language = 'zh' | 'en';
const texts = { zh, en };
export const locales: Record<Language, string> = { zh: 'zh-CN', en: 'en-GB' };

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Intl objects cost some 0.1 ms to make and are asked for hundreds of times a second. */
const numberFormats = new Map<string, Intl.NumberFormat>();
const timeFormats = new Map<string, Intl.DateTimeFormat>();

/** `value` with exactly `decimals` digits after the point. */
export function formatNumber(value: number, decimals: number, lang: Language): string {
  return print(value, numberFormat(lang, decimals, decimals));
}

/** A limit as it was set: "40", "0.45", without zeros that nobody wrote. */
export function formatLimit(value: number, lang: Language): string {
  return print(value, numberFormat(lang, 0, 6));
}

function numberFormat(lang: Language, least: number, most: number): Intl.NumberFormat {
  const key = `${lang} ${least} ${most}`;
  let format = numberFormats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(locales[lang], { minimumFractionDigits: least, maximumFractionDigits: most });
    numberFormats.set(key, format);
  }
  return format;
}

function print(value: number, format: Intl.NumberFormat): string {
  const printed = format.format(value).replace('-', '\u2212');
  // A tiny negative would be printed as −0, which says something that is not so.
  return /[1-9]/.test(printed) ? printed : printed.replace('\u2212', '');
}

const fill = (text: string, values: Record<string, number>): string => text.replace(/\{\{(\w+)\}\}/g, (_, key: string) => String(values[key] ?? ''));

/** One unit, rounded down, as an age is read: "31 秒", "12 min". Negative ages (a clock ahead) are shown as 0 s. */
export function formatAge(ms: number, lang: Language): string {
  const age = Math.max(0, ms);
  const words = texts[lang].age;
  if (age < MINUTE) return fill(words.second, { n: Math.floor(age / SECOND) });
  if (age < HOUR) return fill(words.minute, { n: Math.floor(age / MINUTE) });
  if (age < 2 * DAY) return fill(words.hour, { n: Math.floor(age / HOUR) });
  return fill(words.day, { n: Math.floor(age / DAY) });
}

/** Two units where one would be too coarse: "3 分 51 秒", "2 h 05 min" becomes "2 h 5 min", "1 天 23 小时". */
export function formatSpan(ms: number, lang: Language): string {
  const span = Math.max(0, ms);
  const words = texts[lang].span;
  if (span < MINUTE) return formatAge(span, lang);
  if (span >= DAY) {
    const [days, hours] = [Math.floor(span / DAY), Math.floor((span % DAY) / HOUR)];
    // Beyond a week nobody counts the hours.
    return hours === 0 || days >= 7 ? fill(words.day, { d: days }) : fill(words.dayHour, { d: days, h: hours });
  }
  if (span < HOUR) return fill(words.minuteSecond, { m: Math.floor(span / MINUTE), s: Math.floor((span % MINUTE) / SECOND) });
  return fill(words.hourMinute, { h: Math.floor(span / HOUR), m: Math.floor((span % HOUR) / MINUTE) });
}

function timeFormat(kind: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${kind} ${zone}`;
  let format = timeFormats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, hourCycle: 'h23', ...options });
    timeFormats.set(key, format);
  }
  return format;
}

const dateOptions = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;

/** The city's date, `2026-08-27`. */
export function formatDate(at: number, zone: string): string {
  return timeFormat('date', zone, dateOptions).format(at);
}

/** The city's date in words: "2026年8月27日", "27 August 2026". */
export function formatLongDate(at: number, zone: string, lang: Language): string {
  return wordFormat('long', zone, lang).format(at);
}

/** "星期四", "Thursday". */
export function formatWeekday(at: number, zone: string, lang: Language): string {
  return wordFormat('weekday', zone, lang).format(at);
}

function wordFormat(kind: 'long' | 'weekday', zone: string, lang: Language): Intl.DateTimeFormat {
  const key = `${kind} ${zone} ${lang}`;
  let format = timeFormats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(locales[lang], { timeZone: zone, ...(kind === 'long' ? { dateStyle: 'long' } : { weekday: 'long' }) });
    timeFormats.set(key, format);
  }
  return format;
}

export interface TimeOptions {
  zone: string;
  /** Today is the city's day of this instant. */
  now: number;
  seconds?: boolean;
}

/** The city's time, 24 h; with the date in front when it is not today, with the year when it is not this year's. */
export function formatTime(at: number, options: TimeOptions): string {
  const clock = formatClock(at, options.zone, options.seconds === true);
  const [date, today] = [formatDate(at, options.zone), formatDate(options.now, options.zone)];
  if (date === today) return clock;
  return `${date.slice(0, 4) === today.slice(0, 4) ? date.slice(5) : date} ${clock}`;
}

/** The city's clock alone, 24 h. */
export function formatClock(at: number, zone: string, seconds: boolean): string {
  return timeFormat(seconds ? 'clock-s' : 'clock', zone, { hour: '2-digit', minute: '2-digit', ...(seconds ? { second: '2-digit' } : {}) }).format(at);
}

/** Display only: I is the worst. */
export const levelNumerals: Record<Level, string> = { red: 'I', orange: 'II', yellow: 'III', blue: 'IV' };

export function levelWord(level: Level, lang: Language): string {
  return texts[lang].levels[level];
}

/** "I 红", "III Yellow". */
export function levelName(level: Level, lang: Language): string {
  return `${levelNumerals[level]} ${levelWord(level, lang)}`;
}

/** A name of the catalogue in the page's language. */
export function nameIn(name: Bilingual, lang: Language): string {
  return name[lang];
}
