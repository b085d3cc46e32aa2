import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvMappingSchema } from '../catalogue/csv-schema.ts';
import { createTimeReader } from './csv-time.ts';

function readerFor(time: object, zone = 'Asia/Shanghai') {
  const mapping = csvMappingSchema.parse({ time: { column: 1, ...time }, place: 'underpass_1', indicator: 'flood_depth', value: { column: 2 } });
  return createTimeReader(mapping.time, zone);
}

const iso = (text: string, time: object = {}, zone?: string): string => {
  const read = readerFor(time, zone)(text);
  return read.kind === 'instant' ? new Date(read.at).toISOString().replace('.000Z', 'Z') : read.message;
};

describe('times found out by themselves, in Shanghai', () => {
  it.each([
    ['2026-01-02 03:04', '2026-01-01T19:04:00Z'],
    ['2026-01-02 03:04:05', '2026-01-01T19:04:05Z'],
    ['2026-01-02 03:04:05.25', '2026-01-01T19:04:05.250Z'],
    ['2026-01-02T03:04', '2026-01-01T19:04:00Z'],
    ['2026/1/2 3:04', '2026-01-01T19:04:00Z'],
    ['2026.1.2 3:04', '2026-01-01T19:04:00Z'],
    ['2026年1月2日 3时', '2026-01-01T19:00:00Z'],
    ['2026年1月2日3时', '2026-01-01T19:00:00Z'],
    ['2026年1月2日3点4分', '2026-01-01T19:04:00Z'],
    ['2026年01月02日 03时04分05秒', '2026-01-01T19:04:05Z'],
    ['２０２６－０１－０２　０３：０４', '2026-01-01T19:04:00Z'],
    ['2026/1/2 下午 3:04', '2026-01-02T07:04:00Z'],
    ['2026/1/2 上午12:30', '2026-01-01T16:30:00Z'],
    ['2026/1/2 12:30 PM', '2026-01-02T04:30:00Z'],
    ['20260102', '2026-01-01T16:00:00Z'],
    ['20260102 0304', '2026-01-01T19:04:00Z'],
    ['202601020304', '2026-01-01T19:04:00Z'],
    ['20260102030405', '2026-01-01T19:04:05Z'],
    ['2026-01-02', '2026-01-01T16:00:00Z'],
    ['46024', '2026-01-01T16:00:00Z'],
    ['46024.5', '2026-01-02T04:00:00Z'],
    ['46024.0416666667', '2026-01-01T17:00:00Z'],
    ['46024.04167', '2026-01-01T17:00:00Z'],
    ['2026-01-02 0.125', '2026-01-01T19:00:00Z'],
    ['46024 3:04', '2026-01-01T19:04:00Z'],
    ['1767294245000', '2026-01-01T19:04:05Z'],
  ])('%s', (text, expected) => {
    expect(iso(text)).toBe(expected);
  });
});

describe('24:00 is midnight at the end of that day', () => {
  it.each(['2026-01-31 24:00', '2026-01-31 24:00:00', '2026-01-31 24', '2026年1月31日 24时', '2026/1/31 24:00', '20260131 2400', '2026-01-31T24:00:00+08:00'])('%s', (text) => {
    expect(iso(text)).toBe('2026-01-31T16:00:00Z');
  });

  it('in a declared format too', () => {
    expect(iso('31.01.2026 24:00', { format: 'dd.MM.yyyy HH:mm' })).toBe('2026-01-31T16:00:00Z');
  });

  it.each(['2026-01-31 24:01', '2026-01-31 24:00:01', '2026-01-31 25'])('but %s is no time', (text) => {
    expect(iso(text)).toContain('is no time');
  });
});

describe('an offset is honoured wherever it stands', () => {
  it.each([
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z'],
    ['2026-01-02T03:04+0530', '2026-01-01T21:34:00Z'],
    ['2026-01-02 03:04 -05:00', '2026-01-02T08:04:00Z'],
  ])('%s', (text, expected) => {
    expect(iso(text)).toBe(expected);
  });

  it('in a declared format', () => {
    expect(iso('02/01/2026 03:04 +01:00', { format: 'dd/MM/yyyy HH:mm ZZ' })).toBe('2026-01-02T02:04:00Z');
  });
});

describe('declared formats', () => {
  it.each([
    ['31.12.2026 23:05', 'dd.MM.yyyy HH:mm', '2026-12-31T15:05:00Z'],
    ['1/2/2026 3:04 PM', 'M/d/yyyy h:mm a', '2026-01-02T07:04:00Z'],
    ['02-Jan-26', 'dd-MMM-yy', '2026-01-01T16:00:00Z'],
    ['46024.5', 'excel', '2026-01-02T04:00:00Z'],
    ['1767294245', 'X', '2026-01-01T19:04:05Z'],
    ['1767294245000', 'x', '2026-01-01T19:04:05Z'],
  ])('%s as %s', (text, format, expected) => {
    expect(iso(text, { format })).toBe(expected);
  });

  it.each(['HH:mm', 'dd HH:mm', 'yyyy HH', "'yyyy-MM-dd' HH:mm"])('%s names no day and is refused when the mapping is read', (format) => {
    expect(() => readerFor({ format })).toThrow('year, month and day');
  });
});

describe('what is no time is refused with what to do', () => {
  it.each([
    ['01/02/2026 03:04', 'day or month first'],
    ['合计', 'skipRows'],
    ['2026-02-30 03:04', 'time.format'],
    ['2026-13-01', 'time.format'],
    ['2026-01-02 23:60', 'time.format'],
    ['3:04', 'time.format'],
    ['2026/1/2 下午 15:04', 'time.format'],
    [`2026-01-02 ${'.1 '.repeat(50_000)}`, 'time.format'],
  ])('%s', (text, part) => {
    expect(iso(text)).toContain(part);
  });
});

describe('where clocks change', () => {
  const newYork = 'America/New_York';
  it.each([
    ['2026-03-08 01:59:59', '2026-03-08T06:59:59Z'],
    ['2026-03-08 03:00', '2026-03-08T07:00:00Z'],
    ['2026-11-01 00:59', '2026-11-01T04:59:00Z'],
    ['2026-11-01 02:00', '2026-11-01T07:00:00Z'],
    ['2026-11-01 24:00', '2026-11-02T05:00:00Z'],
    ['2026-03-07 24:00', '2026-03-08T05:00:00Z'],
    ['2026-07-01 12:00', '2026-07-01T16:00:00Z'],
  ])('%s in New York', (text, expected) => {
    expect(iso(text, {}, newYork)).toBe(expected);
  });

  it.each(['2026-03-08 02:00', '2026-03-08 02:30', '2026-03-08 02:59:59'])('%s was skipped in New York and is refused', (text) => {
    expect(iso(text, {}, newYork)).toContain('does not exist in America/New_York');
  });

  it.each(['2026-03-29 02:30', '2026-03-29 02:00'])('%s was skipped in Berlin and is refused in a declared format too', (text) => {
    expect(iso(text, { format: 'yyyy-MM-dd HH:mm' }, 'Europe/Berlin')).toContain('does not exist');
  });

  it('takes a time that came twice as declared: earlier unless said otherwise', () => {
    const text = '2026-11-01 01:30';
    expect(iso(text, {}, newYork)).toBe('2026-11-01T05:30:00Z');
    expect(iso(text, { ambiguous: 'later' }, newYork)).toBe('2026-11-01T06:30:00Z');
    expect(iso(text, { ambiguous: 'refuse' }, newYork)).toContain('came twice');
    expect(readerFor({}, newYork)(text)).toMatchObject({ isAmbiguous: true });
    expect(iso(`${text} -05:00`, { ambiguous: 'refuse' }, newYork)).toBe('2026-11-01T06:30:00Z');
  });

  it('knows that Shanghai had summer time until 1991', () => {
    expect(iso('1991-09-14 12:00')).toBe('1991-09-14T03:00:00Z');
    expect(iso('1991-09-15 00:30', { ambiguous: 'later' })).toMatch(/^1991-09-14T1[56]:30:00Z$/);
  });

  it('knows a day that a zone left out whole, and half-hour changes', () => {
    expect(iso('2011-12-30 12:00', {}, 'Pacific/Apia')).toContain('does not exist');
    expect(iso('2011-12-31 00:00', {}, 'Pacific/Apia')).toBe('2011-12-30T10:00:00Z');
    expect(iso('2026-10-04 02:15', {}, 'Australia/Lord_Howe')).toContain('does not exist');
  });

  it('the zone of the mapping goes before the city’s', () => {
    expect(iso('2026-01-02 03:04', { zone: 'UTC' })).toBe('2026-01-02T03:04:00Z');
  });

  it('brings back every instant that a zone’s wall shows once, or the first of two', () => {
    const readers = new Map(['America/New_York', 'Asia/Shanghai', 'Australia/Lord_Howe', 'Europe/London'].map((zone) => [zone, readerFor({}, zone)]));
    const wallOf = (at: number, zone: string): string => new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(at);
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(2000, 0, 1) / 1000, max: Date.UTC(2037, 0, 1) / 1000 }), fc.constantFrom(...readers.keys()), (seconds, zone) => {
        const at = seconds * 1000;
        const wall = wallOf(at, zone);
        const read = readers.get(zone)?.(wall);
        if (read?.kind !== 'instant') throw new Error(`${wall} in ${zone} was refused`);
        expect(wallOf(read.at, zone)).toBe(wall);
        if (!read.isAmbiguous) expect(read.at).toBe(at);
        else expect(read.at).toBeLessThanOrEqual(at);
      }),
      { numRuns: 400, seed: 7 },
    );
  });
});
