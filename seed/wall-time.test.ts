import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, dayNumber, dayOf, parseWall, zoneClock } from './wall-time.ts';

const newYork = zoneClock('America/New_York');
const wall = (text: string): number => {
  const parsed = parseWall(text);
  if (parsed === null) throw new Error(`not a wall time: ${text}`);
  return parsed;
};

describe('wall time', () => {
  it('reads the forms that publishers use', () => {
    expect(parseWall('2023-09-29T11:54:23')).toBe(Date.UTC(2023, 8, 29, 11, 54, 23));
    expect(parseWall('2016-07-11 17:00:00')).toBe(Date.UTC(2016, 6, 11, 17));
    expect(parseWall('2015-03-01T00:00')).toBe(Date.UTC(2015, 2, 1));
    expect(parseWall('2015-03-01T00:00:00.5')).toBe(Date.UTC(2015, 2, 1) + 500);
  });

  it.each(['', 'yesterday', '2015-02-30', '2015-13-01', '2015-03-01T24:00', '2015-03-01T00:60', '15-03-01'])('refuses %j', (text) => {
    expect(parseWall(text)).toBeNull();
  });

  it('gives one instant for an ordinary wall time', () => {
    expect(newYork.instantsOf(wall('2026-01-15T12:00'))).toEqual([Date.parse('2026-01-15T12:00:00-05:00')]);
    expect(newYork.instantsOf(wall('2026-07-15T12:00'))).toEqual([Date.parse('2026-07-15T12:00:00-04:00')]);
  });

  it('gives none in the hour that daylight saving skips', () => {
    expect(newYork.instantsOf(wall('2026-03-08T02:30'))).toEqual([]);
    expect(newYork.firstInstantFrom(wall('2026-03-08T02:30'))).toBe(Date.parse('2026-03-08T03:30:00-04:00'));
  });

  it('gives two in the hour that daylight saving repeats, earliest first', () => {
    expect(newYork.instantsOf(wall('2026-11-01T01:30'))).toEqual([Date.parse('2026-11-01T01:30:00-04:00'), Date.parse('2026-11-01T01:30:00-05:00')]);
  });

  it('handles zones with half hours and zones that skip midnight', () => {
    const kolkata = zoneClock('Asia/Kolkata');
    expect(kolkata.instantsOf(wall('2026-01-15T12:00'))).toEqual([Date.parse('2026-01-15T12:00:00+05:30')]);
    const santiago = zoneClock('America/Santiago');
    expect(santiago.instantsOf(wall('2026-09-06T00:00'))).toEqual([]);
    expect(santiago.firstInstantFrom(wall('2026-09-06T00:00'))).toBe(Date.parse('2026-09-06T01:00:00-03:00'));
  });

  it('comes back to every instant it shows', () => {
    const clocks = ['America/New_York', 'Asia/Shanghai', 'Australia/Lord_Howe', 'America/Bogota'].map(zoneClock);
    const instants = fc.integer({ min: Date.UTC(2012, 0, 1) / 1000, max: Date.UTC(2030, 0, 1) / 1000 });
    fc.assert(
      fc.property(instants, fc.constantFrom(...clocks), (second, clock) => {
        expect(clock.instantsOf(clock.wallOf(second * 1000))).toContain(second * 1000);
      }),
    );
  });

  it('numbers days, and refuses what is no date', () => {
    expect(dayNumber('1970-01-02')).toBe(1);
    expect(dayOf(wall('2023-09-29T23:59:59')) * DAY_MS).toBe(wall('2023-09-29'));
    expect(() => dayNumber('2023-09-31')).toThrow(RangeError);
    expect(() => dayNumber('2023-09-29T00:00')).toThrow(RangeError);
  });
});
