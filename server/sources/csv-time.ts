/**
 * Pure: local times as departments write them, to instants. What always holds: a text has one instant or is refused by a reason;
 * a local time that the zone's clocks skipped is refused, and one that they passed twice follows the mapping's declaration.
 */
import { DateTime, IANAZone } from 'luxon';
import type { CsvMapping } from '../catalogue/csv-schema.ts';

export type TimeResult = { kind: 'instant'; at: number; isAmbiguous: boolean } | { kind: 'refused'; message: string };
export type TimeReader = (text: string) => TimeResult;

type Ambiguous = CsvMapping['time']['ambiguous'];
/** A time as it was read: of the wall (epoch ms as if the wall were UTC), or an instant already. */
type Reading = { kind: 'local'; wall: number } | { kind: 'instant'; at: number } | null;

/** No time is longer; what is, is not looked at. */
const MAX_TEXT = 100;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Reads times of one column (or of a date and a time column, joined by one space) by the mapping. */
export function createTimeReader(time: CsvMapping['time'], cityZone: string): TimeReader {
  const zone = time.zone ?? cityZone;
  const toInstant = createZoneReader(zone, time.ambiguous);
  const read = readerOf(time.format);
  let lastText = '';
  let last: TimeResult | null = null;
  return (text) => {
    // Rows of many stations share one time; it is read once.
    if (last !== null && text === lastText) return last;
    const found = text.length > MAX_TEXT ? null : read(text);
    lastText = text;
    if (found === null) last = { kind: 'refused', message: notRead(text, time.format) };
    else if (found.kind === 'instant') last = { kind: 'instant', at: found.at, isAmbiguous: false };
    else last = toInstant(found.wall, text);
    return last;
  };
}

function notRead(text: string, format: string): string {
  const shown = JSON.stringify(text.slice(0, 60));
  if (format !== 'auto') return `${shown} is no time of the format ${format}.`;
  if (/^\d{1,2}[-/.]\d{1,2}[-/.]\d{4}/.test(text)) return `${shown} may be day or month first: declare time.format, such as dd/MM/yyyy HH:mm.`;
  if (!/\d/.test(text)) return `${shown} is no time. If such rows are footers, name them in skipRows.`;
  return `${shown} is no time that is known by itself: declare time.format.`;
}

function readerOf(format: string): (text: string) => Reading {
  if (format === 'auto') return readAuto;
  if (format === 'excel') return readSerial;
  if (format === 'x' || format === 'X')
    return (text) => (/^-?\d{1,16}(\.\d+)?$/.test(text) ? { kind: 'instant', at: Math.floor(Number(text) * (format === 'X' ? 1000 : 1)) } : null);
  const hasOffset = /[Zz]/.test(format.replaceAll(/'[^']*'/g, ''));
  // As a wall in UTC: the zone's gaps and overlaps are then decided by the mapping, not by the library.
  const parser = DateTime.buildFormatParser(format, { locale: 'en-US' });
  return (text) => {
    const parsed = DateTime.fromFormatParser(text, parser, { zone: 'utc', locale: 'en-US' });
    if (!parsed.isValid) return null;
    return hasOffset ? { kind: 'instant', at: parsed.toMillis() } : { kind: 'local', wall: parsed.toMillis() };
  };
}

/** A day of a spreadsheet's calendar, 1954 to 2119: other numbers are rather something else. */
const SERIAL = /^([2-7]\d{4})(?:\.(\d+))?$/;
/** Day 0 of a spreadsheet is 30 December 1899. */
const SERIAL_EPOCH_MS = Date.UTC(1899, 11, 30);

/** Spreadsheets keep days in floating point and often write five digits of them: to the second is what can be meant. */
function readSerial(text: string): Reading {
  const match = SERIAL.exec(text);
  if (match === null) return null;
  return { kind: 'local', wall: SERIAL_EPOCH_MS + Math.round(Number(text) * 86_400) * 1000 };
}

const DATE = String.raw`(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d\d)(\d\d))`;
const CLOCK = String.raw`(上午|下午|[AP]M)? ?(?:(\d{1,2})(?::|[时點点])(?:(\d{1,2})(?:分|(?::|分)(\d{1,2})(?:[.,](\d{1,9}))?秒?)?)?|(\d\d)(\d\d)(\d\d)?|(\d{1,2}))(?: ?([AP]M))?`;
const AUTO = new RegExp(`^${DATE}(?:(?:[T ] ?|(?<=日)|(?<=^\\d{8}))${CLOCK}(?: ?(Z|[+-]\\d\\d:?\\d\\d))?)?$`, 'i');
/** A time column of a spreadsheet as a part of the day, after its date. */
const FRACTION = /^(.*) (0?\.\d+)$/;

function readAuto(text: string): Reading {
  const serial = readSerial(text);
  if (serial !== null) return serial;
  if (/^\d{13}$/.test(text)) return { kind: 'instant', at: Number(text) };
  // Full-width digits and signs are what a Chinese keyboard writes.
  const plain = text.normalize('NFKC').replaceAll(/\s+/g, ' ');
  const fraction = FRACTION.exec(plain);
  if (fraction !== null) {
    const date = readAuto(fraction[1] as string);
    return date?.kind === 'local' && date.wall % DAY_MS === 0 ? { kind: 'local', wall: date.wall + Math.round(Number(fraction[2]) * 86_400) * 1000 } : null;
  }
  const serialDay = /^([2-7]\d{4}) (.+)$/.exec(plain);
  if (serialDay !== null) {
    const day = readSerial(serialDay[1] as string);
    return day?.kind === 'local' ? readAuto(`${new Date(day.wall).toISOString().slice(0, 10)} ${serialDay[2]}`) : null;
  }
  const match = AUTO.exec(plain);
  return match === null ? null : fromParts(match);
}

function fromParts(match: RegExpExecArray): Reading {
  const [, year, month, day, month2, day2, half, hour, minute, second, fraction, hour2, minute2, second2, hour3, half2, offset] = match;
  const [y, mo, d] = [Number(year), Number(month ?? month2), Number(day ?? day2)];
  const midnight = Date.UTC(y, mo - 1, d);
  const date = new Date(midnight);
  if (date.getUTCMonth() !== mo - 1 || date.getUTCDate() !== d) return null;
  const h = hourOf(Number(hour ?? hour2 ?? hour3 ?? 0), half ?? half2);
  const [mi, s] = [Number(minute ?? minute2 ?? 0), Number(second ?? second2 ?? 0)];
  const ms = Number((fraction ?? '').slice(0, 3).padEnd(3, '0'));
  const isEndOfDay = h === 24 && mi === 0 && s === 0 && ms === 0;
  if (h === null || (h > 23 && !isEndOfDay) || mi > 59 || s > 59) return null;
  const wall = midnight + h * 3_600_000 + mi * MINUTE_MS + s * 1000 + ms;
  return offset === undefined ? { kind: 'local', wall } : { kind: 'instant', at: wall - offsetMs(offset) };
}

/** The hour of 24; null for one that its half of the day does not have. */
function hourOf(hour: number, half: string | undefined): number | null {
  if (half === undefined) return hour;
  if (hour > 12) return null;
  const isLater = half === '下午' || half.toUpperCase() === 'PM';
  return (hour % 12) + (isLater ? 12 : 0);
}

function offsetMs(offset: string): number {
  if (offset.toUpperCase() === 'Z') return 0;
  const [hours, minutes] = [Number(offset.slice(1, 3)), Number(offset.slice(-2))];
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * MINUTE_MS;
}

/** Days without a change of offset, remembered; beyond it (three years and more) they are forgotten and found again. */
const MAX_DAYS = 1200;

/** From the wall's time to the instant in a zone. */
function createZoneReader(name: string, ambiguous: Ambiguous): (wall: number, text: string) => TimeResult {
  const zone = IANAZone.create(name);
  const offsetAt = (at: number): number => zone.offset(at) * MINUTE_MS;
  const plainDays = new Map<number, number | null>();

  /** The offset of the whole day of the wall, and null when it changes near it. */
  const offsetOfDay = (day: number): number | null => {
    const known = plainDays.get(day);
    if (known !== undefined) return known;
    const [before, after] = [offsetAt((day - 1) * DAY_MS), offsetAt((day + 2) * DAY_MS)];
    if (plainDays.size >= MAX_DAYS) plainDays.clear();
    const offset = before === after ? before : null;
    plainDays.set(day, offset);
    return offset;
  };

  return (wall, text) => {
    const plain = offsetOfDay(Math.floor(wall / DAY_MS));
    if (plain !== null) return { kind: 'instant', at: wall - plain, isAmbiguous: false };
    // The offsets in force a day before and a day after: the instant must lie under one of them.
    const [before, after] = [offsetAt(wall - DAY_MS), offsetAt(wall + DAY_MS)];
    const instants = (before === after ? [before] : [before, after]).map((offset) => wall - offset).filter((at) => at + offsetAt(at) === wall);
    const [one, other] = [...instants].sort((a, b) => a - b);
    if (one === undefined) return { kind: 'refused', message: `${JSON.stringify(text)} does not exist in ${name}: the clocks were put forward past it.` };
    if (other === undefined) return { kind: 'instant', at: one, isAmbiguous: false };
    if (ambiguous === 'refuse')
      return { kind: 'refused', message: `${JSON.stringify(text)} came twice in ${name}, as the clocks were put back: it needs an offset, or time.ambiguous.` };
    return { kind: 'instant', at: ambiguous === 'earlier' ? one : other, isAmbiguous: true };
  };
}
