import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ClockRecord, cityTime, runFast, speedAt, trueTime } from './clock.ts';

const hour = 3_600_000;

it('shows true time until something is played', () => {
  expect(cityTime(trueTime, 1_800_000_000_123)).toBe(1_800_000_000_123);
  expect(speedAt(trueTime, 1_800_000_000_123)).toBe(1);
});

it('passes two days in 48 minutes at 60 times, and stays ahead afterwards', () => {
  const start = 1_800_000_000_000;
  const fast = runFast(trueTime, { real: start, speed: 60, until: start + 48 * hour });
  expect(cityTime(fast, start)).toBe(start);
  expect(cityTime(fast, start + 60_000)).toBe(start + hour);
  expect(speedAt(fast, start + 47 * 60_000)).toBe(60);
  expect(cityTime(fast, start + 48 * 60_000)).toBe(start + 48 * hour);
  expect(speedAt(fast, start + 48 * 60_000)).toBe(1);
  expect(cityTime(fast, start + 49 * 60_000)).toBe(start + 48 * hour + 60_000);
});

it('is not disturbed by a server that was away: only the record and the true time count', () => {
  const fast = runFast(trueTime, { real: 1000, speed: 100, until: 1000 + hour });
  expect(cityTime(fast, 1000 + 10 * hour)).toBe(1000 + hour + 10 * hour - hour / 100);
});

it('never runs backwards, however it is sped up and slowed down', () => {
  const step = fc.record({ pause: fc.integer({ min: 0, max: 5 * hour }), speed: fc.integer({ min: 1, max: 120 }), last: fc.integer({ min: 1, max: 50 * hour }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), fc.array(fc.integer({ min: 0, max: hour }), { maxLength: 8 }), (steps, looks) => {
      let record: ClockRecord = trueTime;
      let real = 1_800_000_000_000;
      let shown = cityTime(record, real);
      for (const { pause, speed, last } of steps) {
        for (const look of looks) {
          real += look;
          const now = cityTime(record, real);
          expect(now).toBeGreaterThanOrEqual(shown);
          expect(now - shown).toBeGreaterThanOrEqual(look - 1);
          shown = now;
        }
        real += pause;
        record = runFast(record, { real, speed, until: cityTime(record, real) + last });
        expect(cityTime(record, real)).toBeGreaterThanOrEqual(shown);
        shown = cityTime(record, real);
      }
    }),
  );
});
