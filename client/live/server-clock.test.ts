import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createServerClock } from './server-clock.ts';

const DAY = 86_400_000;

test('it tells the server’s time on a computer whose clock is wrong', () => {
  const clock = createServerClock(0);
  clock.hear(5 * DAY, 1000);
  expect([clock.timeAt(1000), clock.timeAt(3500)]).toEqual([5 * DAY, 5 * DAY + 2500]);
});

test('between two signs a fast clock runs at its speed', () => {
  const clock = createServerClock(0);
  clock.hear(DAY, 0);
  clock.setSpeed(60);
  expect(clock.timeAt(500)).toBe(DAY + 30_000);
});

test('a sign that came late makes no step back', () => {
  const clock = createServerClock(0);
  clock.hear(DAY, 0);
  clock.setSpeed(60);
  const before = clock.timeAt(1000);
  // The same second of the city, heard 300 ms later than the last one was.
  clock.hear(DAY + 60_000, 1300);
  expect(clock.timeAt(1300)).toBe(before);
  expect(clock.timeAt(1600)).toBe(DAY + 78_000);
});

test('a clock that was set back is followed', () => {
  const clock = createServerClock(0);
  clock.hear(3 * DAY, 0);
  clock.timeAt(100);
  clock.hear(DAY, 1000);
  expect(clock.timeAt(1000)).toBe(DAY);
});

test('after the link fell silent nobody knows the speed, and it goes on as any clock', () => {
  const clock = createServerClock(0);
  clock.hear(DAY, 0);
  clock.setSpeed(60);
  expect(clock.timeAt(3_600_000)).toBe(DAY + 5000 * 60 + 3_595_000);
});

test('with signs that come up to a second late it never goes back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 120 }), fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 30 }), (speed, delays) => {
      const clock = createServerClock(0);
      clock.setSpeed(speed);
      let before = Number.NEGATIVE_INFINITY;
      for (const [i, delay] of delays.entries()) {
        clock.hear(i * 1000 * speed, i * 1000 + delay);
        const now = clock.timeAt(i * 1000 + delay);
        expect(now).toBeGreaterThanOrEqual(before);
        before = now;
      }
    }),
  );
});
