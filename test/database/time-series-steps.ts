/** What may happen to a store, at random: writes in any order, followers, compression, and time that passes. */
import fc from 'fast-check';
import { type City, compress, consume, HOUR, indicators, levelOf, MINUTE, rainOf, refresh, SECOND, write } from './time-series-city.ts';
import type { Sent, Width } from './time-series-model.ts';

type Step =
  | { do: 'write'; readings: readonly (Omit<Sent, 'series' | 'observedAt'> & { of: number; hour: number; minute: number; second: number })[]; mayRepeat: boolean }
  | { do: 'backfill'; of: number; hour: number; n: number; value: number }
  | { do: 'consume' | 'refresh' | 'compress' }
  | { do: 'pass'; ms: number };

/** Hours around the days' ends and the change of clocks, few enough that readings meet. */
const hour = fc.constantFrom(0, 1, 23, 24, 25, 26, 27, 30, 47, 48, 72, 94);
const reading = fc.record({
  of: fc.constantFrom(0, 1),
  hour,
  minute: fc.constantFrom(0, 5, 30, 55),
  second: fc.constantFrom(0, 10, 50),
  value: fc.integer({ min: -9, max: 9 }),
  quality: fc.constantFrom(0, 0, 0, 1, 5, 2, 14),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('write' as const), readings: fc.array(reading, { minLength: 1, maxLength: 30 }), mayRepeat: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('backfill' as const), of: fc.constantFrom(0, 1), hour, n: fc.integer({ min: 1, max: 200 }), value: fc.integer({ min: -9, max: 9 }) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('consume' as const, 'refresh' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('compress' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(MINUTE, HOUR, 26 * HOUR) }) },
);
export const steps = fc.array(fc.record({ step, look: fc.constantFrom<Width>('1m', '10m', '1h', '6h', '1d', '7d') }), { minLength: 4, maxLength: 14 });

export async function take(city: City, one: Step, base: number): Promise<void> {
  const id = (of: number): number => (of === 0 ? levelOf(city) : rainOf(city));
  switch (one.do) {
    case 'write':
      return write(
        city,
        one.readings.map(({ of, hour: h, minute, second, value, quality }) => ({
          series: id(of),
          observedAt: base + h * HOUR + minute * MINUTE + (of === 0 ? second * SECOND : 0),
          value,
          quality,
        })),
        one.mayRepeat,
      );
    case 'backfill': {
      const intervalMs = one.of === 0 ? indicators.level.intervalMs : indicators.rain.intervalMs;
      return write(
        city,
        Array.from({ length: one.n }, (_, k) => ({ series: id(one.of), observedAt: base + one.hour * HOUR + k * intervalMs, value: one.value + (k % 3), quality: 0 })),
        false,
      );
    }
    case 'consume':
      return consume(city);
    case 'refresh':
      return refresh(city);
    case 'compress':
      return compress(city);
    case 'pass':
      city.now += one.ms;
  }
}
