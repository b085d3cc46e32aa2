import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Catalogue } from '../../server/catalogue/catalogue.ts';
import { scenarios } from '../scenarios/index.ts';
import { cityDay, correlation, demonstrationCity, mean } from './city.fixture.ts';
import type { Driver } from './drivers.ts';
import type { World } from './fields.ts';
import { DAY, HOUR } from './model.ts';
import { happeningsOf, influenceOf } from './occurrences.ts';
import { createSimulator, type Simulator } from './simulator.ts';
import { createWorld } from './world.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });
let catalogue: Catalogue;
let world: World;
beforeAll(async () => {
  catalogue = await demonstrationCity();
  world = createWorld({ catalogue, seed: 1, influence: () => () => null });
});

const dayNumber = (date: string): number => world.dayOf(cityDay(date));
const townOf = (id: string): number => world.towns.findIndex((town) => town.id === id);
/** A driver's five-minute values over some days, as one list. */
const joined = (from: World, driver: Driver, { town, day, days }: { town: number; day: number; days: number }): number[] =>
  Array.from({ length: days }, (_, n) => [...from.day(driver, town, day + n)]).flat();
/** By how many steps `later` follows `earlier`: where their correlation is greatest. */
function lagOf(earlier: readonly number[], later: readonly number[], longest: number): number {
  const of = (lag: number): number => correlation(earlier.slice(0, earlier.length - lag), later.slice(lag));
  return Array.from({ length: longest }, (_, lag) => lag).reduce((best, lag) => (of(lag) > of(best) ? lag : best), 0);
}

describe('the climate', () => {
  it('rains some 150 days a year and 900 to 1,800 mm, most in June', () => {
    const town = townOf('gulou');
    const first = dayNumber('2024-01-01');
    const fallen = Array.from({ length: 731 }, (_, n) => ({ day: first + n, mm: mean([...world.day('rain', town, first + n)]) * 24 }));
    const wet = fallen.filter(({ mm }) => mm >= 0.1).length / 2;
    expect(wet).toBeGreaterThan(110);
    expect(wet).toBeLessThan(200);
    const year = fallen.reduce((sum, { mm }) => sum + mm, 0) / 2;
    expect(year).toBeGreaterThan(900);
    expect(year).toBeLessThan(1_800);
    const inMonth = (month: number): number => fallen.filter(({ day }) => new Date(day * DAY).getUTCMonth() === month).reduce((sum, { mm }) => sum + mm, 0);
    expect(inMonth(5)).toBeGreaterThan(2 * inMonth(11));
  });

  it('is cold in January and hot in July, warmer in the afternoon and in the old town', () => {
    const of = (town: string, date: string): number[] => joined(world, 'temp', { town: townOf(town), day: dayNumber(date), days: 28 });
    expect(mean(of('gulou', '2026-01-04'))).toBeLessThan(10);
    expect(mean(of('gulou', '2026-07-04'))).toBeGreaterThan(26);
    expect(mean(of('gulou', '2026-04-04'))).toBeGreaterThan(mean(of('hengshan', '2026-04-04')) + 1);
    const april = of('bailu', '2026-04-04');
    const at = (hour: number): number => mean(april.filter((_, i) => i % 288 === hour * 12));
    expect(at(14)).toBeGreaterThan(at(5) + 3);
  });

  it('turns the tide twice a day over some three metres at springs', () => {
    const tide = joined(world, 'tide', { town: -1, day: dayNumber('2026-05-01'), days: 30 });
    expect(Math.max(...tide) - Math.min(...tide)).toBeGreaterThan(2.4);
    expect(Math.max(...tide) - Math.min(...tide)).toBeLessThan(3.6);
    const highs = tide.filter((level, i) => i > 0 && level > (tide[i - 1] ?? 9) && level >= (tide[i + 1] ?? 9)).length;
    expect(highs).toBeGreaterThan(54);
    expect(highs).toBeLessThan(62);
  });
});

describe('causes', () => {
  it('join at midnight as if there were no days', () => {
    const first = dayNumber('2026-06-14');
    for (const driver of ['runoff', 'ponding', 'canal', 'river', 'wetness', 'repairs', 'temp', 'heat', 'rain6h'] as const) {
      const values = joined(world, driver, { town: 2, day: first, days: 6 });
      const steps = values.slice(1).map((value, i) => Math.abs(value - (values[i] as number)));
      const midnights = steps.filter((_, i) => (i + 1) % 288 === 0);
      expect(Math.max(...midnights), driver).toBeLessThanOrEqual(Math.max(...steps.filter((_, i) => (i + 1) % 288 !== 0)) + 1e-3);
    }
  });

  it('follow one another in a storm: rain, gutters, streets, jams, calls, canals, repairs, river', () => {
    const startsAt = cityDay('2026-05-12') + 13 * HOUR;
    const stormy = createWorld({ catalogue, seed: 1, influence: influenceOf(happeningsOf([{ scenario: 'cloudburst', startsAt }], scenarios)) });
    const day = stormy.dayOf(startsAt);
    const peakOf = (driver: Driver, town: number): number => {
      const values = joined(stormy, driver, { town, day, days: 2 });
      return values.indexOf(Math.max(...values));
    };
    const gulou = townOf('gulou');
    const chains = [
      ['rain', 'runoff'],
      ['rain', 'ponding', 'distress', 'repairs'],
      ['rain', 'canal'],
    ] as const;
    for (const chain of chains) {
      const peaks = chain.map((driver) => peakOf(driver, gulou));
      expect(peaks, chain.join(' ')).toEqual([...new Set(peaks)].sort((a, b) => a - b));
    }
    expect(peakOf('river', -1)).toBeGreaterThan(peakOf('canal', -1));
    const quiet = joined(world, 'congestion', { town: gulou, day, days: 1 });
    const jammed = joined(stormy, 'congestion', { town: gulou, day, days: 1 });
    expect(Math.max(...jammed.map((value, i) => value - (quiet[i] as number)))).toBeGreaterThan(0.3);
  });

  it('take hours down the river: a wave passes station after station', () => {
    const city: Simulator = createSimulator({ catalogue, seed: 1, scenarios: [] });
    const from = cityDay('2026-06-01');
    const levels = (place: string): number[] => {
      const { t, value, length } = city.readings(
        city.series.findIndex((series) => series.indicator === 'river_level_over_warning' && series.place === place),
        from,
        from + 30 * DAY,
      );
      // On five minutes of its own, a gap filled with what was before it.
      const list = new Array<number>(30 * 288).fill(Number.NaN);
      for (let i = 0; i < length; i++) list[Math.floor(((t[i] as number) - from) / 300_000)] = value[i] as number;
      for (let i = 0; i < list.length; i++) if (!(Math.abs(list[i] as number) < 5)) list[i] = list[i - 1] ?? -1;
      // A mean over the tide's 12 h 25 min takes the tide out.
      return list.slice(149).map((_, i) => mean(list.slice(i, i + 149)));
    };
    // Where the tide is hardly felt; 18.8 km at 8 km/h are 2 h 20 min.
    const hours = lagOf(levels('river_01'), levels('river_09'), 60) / 12;
    expect(hours).toBeGreaterThan(1.5);
    expect(hours).toBeLessThan(3.2);
  });

  it('lag as documented over a rainy month: canals by hours, the river by half a day', () => {
    const window = { day: dayNumber('2026-06-01'), days: 30 };
    const rain = joined(world, 'rain', { town: -1, ...window });
    const canal = lagOf(rain, joined(world, 'canal', { town: -1, ...window }), 120) / 12;
    const river = lagOf(rain, joined(world, 'river', { town: -1, ...window }), 260) / 12;
    expect(canal).toBeGreaterThan(1);
    expect(canal).toBeLessThan(6);
    expect(river).toBeGreaterThan(canal + 2);
    expect(river).toBeLessThan(16);
  });

  it('make heat raise the load and cold the gas', () => {
    const days = { town: -1, day: dayNumber('2026-07-01'), days: 55 };
    const daily = (values: readonly number[]): number[] => Array.from({ length: values.length / 288 }, (_, n) => mean(values.slice(n * 288, (n + 1) * 288)));
    expect(correlation(daily(joined(world, 'heat', days)), daily(joined(world, 'powerLoad', days)))).toBeGreaterThan(0.6);
    const winter = { town: -1, day: dayNumber('2025-12-01'), days: 40 };
    expect(correlation(daily(joined(world, 'cold', winter)), daily(joined(world, 'gasDemand', winter)))).toBeGreaterThan(0.8);
  });
});

describe('the calendar', () => {
  it('knows holidays, worked weekends, terms and New Year', () => {
    const flag = (driver: Driver, date: string): number => world.day(driver, -1, dayNumber(date))[150] as number;
    expect([flag('workday', '2026-10-01'), flag('holiday', '2026-10-01')]).toEqual([0, 1]);
    expect([flag('workday', '2024-02-04'), flag('holiday', '2024-02-04')]).toEqual([1, 0]); // a worked Sunday
    expect([flag('workday', '2026-11-14'), flag('holiday', '2026-11-14')]).toEqual([0, 0]); // a Saturday
    expect([flag('school', '2026-11-12'), flag('school', '2026-07-30')]).toEqual([1, 0]);
    expect(flag('away', '2026-02-17')).toBeGreaterThan(0.9);
    expect(flag('away', '2026-05-20')).toBe(0);
  });
});
