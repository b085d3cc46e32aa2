import { describe, expect, test } from 'vitest';
import { timeTicks } from './time-ticks.ts';

const HOUR = 3_600_000;
const local = (ticks: { t: number }[], zone: string) =>
  ticks.map(({ t }) => new Intl.DateTimeFormat('en-GB', { timeZone: zone, day: '2-digit', hour: '2-digit', minute: '2-digit' }).format(t));

describe('ticks of the time axis', () => {
  test('they stand at full hours of the city, not of the computer', () => {
    const from = Date.parse('2023-09-29T08:20:00Z');
    expect(local(timeTicks(from, from + 6 * HOUR, { zone: 'America/New_York', count: 6 }), 'America/New_York')).toEqual([
      '29, 05:00',
      '29, 06:00',
      '29, 07:00',
      '29, 08:00',
      '29, 09:00',
      '29, 10:00',
    ]);
    expect(local(timeTicks(from, from + 2 * HOUR, { zone: 'Asia/Kathmandu', count: 4 }), 'Asia/Kathmandu')).toEqual(['29, 15:00', '29, 16:00']);
  });

  test('midnight is a day', () => {
    const from = Date.parse('2023-09-28T22:00:00+08:00');
    expect(timeTicks(from, from + 4 * HOUR, { zone: 'Asia/Shanghai', count: 4 }).filter((tick) => tick.isDay)).toEqual([
      { t: Date.parse('2023-09-29T00:00:00+08:00'), isDay: true },
    ]);
  });

  test('days stay midnights across the change to winter time', () => {
    const from = Date.parse('2023-11-03T12:00:00-04:00');
    expect(local(timeTicks(from, from + 4 * 24 * HOUR, { zone: 'America/New_York', count: 4 }), 'America/New_York')).toEqual(['04, 00:00', '05, 00:00', '06, 00:00', '07, 00:00']);
  });

  test('six-hour ticks keep to the clock on the day of 23 hours', () => {
    const from = Date.parse('2024-03-10T00:00:00-05:00');
    expect(local(timeTicks(from, from + 23 * HOUR, { zone: 'America/New_York', count: 4 }), 'America/New_York')).toEqual([
      '10, 00:00',
      '10, 06:00',
      '10, 12:00',
      '10, 18:00',
      '11, 00:00',
    ]);
  });

  test('six-hour ticks keep to the clock on the day of 25 hours', () => {
    const from = Date.parse('2023-11-05T00:00:00-04:00');
    const ticks = timeTicks(from, from + 25 * HOUR, { zone: 'America/New_York', count: 5 });
    expect(local(ticks, 'America/New_York')).toEqual(['05, 00:00', '05, 06:00', '05, 12:00', '05, 18:00', '06, 00:00']);
    expect((ticks[1]?.t ?? 0) - from).toBe(7 * HOUR);
  });

  test('the hour that comes twice has two ticks, the one that is left out none', () => {
    const autumn = Date.parse('2023-11-05T00:00:00-04:00');
    expect(local(timeTicks(autumn, autumn + 3 * HOUR, { zone: 'America/New_York', count: 3 }), 'America/New_York')).toEqual(['05, 00:00', '05, 01:00', '05, 01:00', '05, 02:00']);
    const spring = Date.parse('2024-03-10T01:00:00-05:00');
    expect(local(timeTicks(spring, spring + 2 * HOUR, { zone: 'America/New_York', count: 2 }), 'America/New_York')).toEqual(['10, 01:00', '10, 03:00', '10, 04:00']);
  });

  test('a day that begins at one o’clock has its tick there', () => {
    const zone = 'America/Santiago';
    const from = Date.parse('2023-09-01T12:00:00-04:00');
    const days = timeTicks(from, from + 96 * HOUR, { zone, count: 4 });
    expect(local(days, zone)).toEqual(['02, 00:00', '03, 01:00', '04, 00:00', '05, 00:00']);
    expect(days.every((tick) => tick.isDay)).toBe(true);
    const hours = timeTicks(from + 24 * HOUR, from + 48 * HOUR, { zone, count: 4 });
    expect(local(hours, zone)).toEqual(['02, 12:00', '02, 18:00', '03, 01:00', '03, 06:00', '03, 12:00']);
    expect(hours.map((tick) => tick.isDay)).toEqual([false, false, true, false, false]);
  });

  test('a day that has midnight twice begins once', () => {
    const from = Date.parse('2023-11-03T12:00:00-04:00');
    const days = timeTicks(from, from + 96 * HOUR, { zone: 'America/Havana', count: 4 });
    expect(local(days, 'America/Havana')).toEqual(['04, 00:00', '05, 00:00', '06, 00:00', '07, 00:00']);
    expect(days[1]?.t).toBe(Date.parse('2023-11-05T00:00:00-04:00'));
  });

  test('both ends of the axis may carry a tick', () => {
    expect(timeTicks(0, 2 * HOUR, { zone: 'UTC', count: 2 })).toEqual([
      { t: 0, isDay: true },
      { t: HOUR, isDay: false },
      { t: 2 * HOUR, isDay: false },
    ]);
  });

  test('there are about as many as asked for, at most', () => {
    for (const hours of [6, 24, 168, 720]) {
      const ticks = timeTicks(0, hours * HOUR, { zone: 'UTC', count: 8 });
      expect(ticks.length).toBeGreaterThanOrEqual(3);
      expect(ticks.length).toBeLessThanOrEqual(9);
    }
  });
});
