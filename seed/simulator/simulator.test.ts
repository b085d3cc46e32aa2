import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Catalogue } from '../../server/catalogue/catalogue.ts';
import { loadCatalogue } from '../../server/catalogue/load.ts';
import { models } from '../models/index.ts';
import { cityDay, demonstrationCity, mean } from './city.fixture.ts';
import { DAY, HOUR, MINUTE } from './model.ts';
import { type Column, createSimulator, type Occurrence, type Simulator } from './simulator.ts';

let catalogue: Catalogue;
let city: Simulator;
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });
beforeAll(async () => {
  catalogue = await demonstrationCity();
  city = simulate([]);
});

const simulate = (scenarios: readonly Occurrence[], seed = 1): Simulator => createSimulator({ catalogue, seed, scenarios });
/** A column as text short enough to compare: every bit of it counts. */
const digest = (columns: readonly Column[]): string => {
  const hash = createHash('sha256');
  for (const part of ['t', 'value', 'deliveredAt'] as const) for (const column of columns) hash.update(new Uint8Array((column[part] ?? column.t).slice(0, column.length).buffer));
  return hash.digest('hex');
};
const pairs = ({ t, value, length, deliveredAt }: Column): number[][] => Array.from({ length }, (_, i) => [t[i] as number, value[i] as number, deliveredAt?.[i] ?? 0]);
const find = (simulator: Simulator, indicator: string, place?: string): number =>
  simulator.series.findIndex((series) => series.indicator === indicator && (place === undefined || series.place === place));
const all = (indicator: string): number[] => city.series.flatMap((series, index) => (series.indicator === indicator ? [index] : []));
/** One series of each indicator. */
const oneEach = (): number[] => [...new Map(city.series.map(({ indicator }, index) => [indicator, index])).values()];

describe('a simulated city', () => {
  const from = cityDay('2026-06-18') + 5 * HOUR + 137_000;

  it('has every series that the catalogue expects', () => {
    expect(city.series.map(({ indicator, place, facet }) => ({ indicator, place, facet }))).toEqual(catalogue.expectedSeries);
    expect(new Set(city.series.map(({ indicator }) => indicator)).size).toBe(catalogue.indicators.size);
  });

  it('makes a window the same whole, in parts, and out of order', () => {
    const cuts = [0, 7 * MINUTE, 11 * HOUR, 11 * HOUR + 1, 26 * HOUR, 2 * DAY];
    const windows = cuts.slice(1).map((cut, i) => [from + (cuts[i] as number), from + cut] as const);
    const differing = oneEach().filter((index) => {
      const parts = windows.toReversed().map(([begin, end]) => city.readings(index, begin, end));
      return digest(parts.reverse()) !== digest([city.readings(index, from, from + 2 * DAY)]);
    });
    expect(differing).toEqual([]);
  });

  it('is the same after a restart, whatever was asked before, and another for another seed number', async () => {
    vi.resetModules();
    const fresh = (await import('./simulator.ts')).createSimulator({ catalogue, seed: 1, scenarios: [] });
    const other = simulate([], 2);
    const read = (simulator: Simulator, index: number): string => digest([simulator.readings(index, from, from + DAY)]);
    expect(oneEach().filter((index) => read(fresh, index) !== read(city, index))).toEqual([]);
    expect(oneEach().filter((index) => read(other, index) === read(city, index)).length).toBeLessThan(oneEach().length * 0.1);
  });

  it('keeps values within what is physically possible but for rare spikes', () => {
    let outside = 0;
    let count = 0;
    for (const index of oneEach()) {
      const { indicator } = city.series[index] ?? { indicator: '' };
      const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = catalogue.definitions.get(indicator)?.validRange ?? {};
      const { value, length } = city.readings(index, from, from + 4 * DAY);
      for (let i = 0; i < length; i++) if (!((value[i] as number) >= min && (value[i] as number) <= max)) outside++;
      count += length;
    }
    expect(outside / count).toBeLessThan(5e-5);
  });

  it('reports on time: gauges at seconds of their own, slow and counted things on the clock, days at midnight', () => {
    const secondsOf = (index: number): number => ((city.readings(index, from, from + DAY).t[0] as number) % MINUTE) / 1000;
    expect(new Set(all('pond_depth').map(secondsOf)).size).toBeGreaterThan(20);
    for (const index of all('police_calls')) expect((city.readings(index, from, from + DAY).t[0] as number) % (15 * MINUTE)).toBe(0);
    for (const index of all('fraud_loss')) expect(city.readings(index, from, from + 2 * DAY).t[0]).toBe(cityDay('2026-06-19'));
  });

  it('delivers a count when its interval is over, and one reading in three hundred late', () => {
    const delays = all('pond_depth').flatMap((index) => {
      const { t, deliveredAt, length } = city.readings(index, from, from + DAY);
      return Array.from({ length }, (_, i) => (deliveredAt?.[i] as number) - (t[i] as number));
    });
    const late = delays.filter((delay) => delay > 2 * MINUTE);
    expect(late.length / delays.length).toBeGreaterThan(0.002);
    expect(late.length / delays.length).toBeLessThan(0.004);
    expect(Math.max(...late)).toBeLessThan(3.1 * HOUR);
    const index = find(city, 'police_calls');
    const { t, deliveredAt } = city.readings(index, from, from + HOUR);
    expect((deliveredAt?.[0] as number) - (t[0] as number)).toBeGreaterThan(15 * MINUTE);
  });

  it('misses about half a percent of its readings', () => {
    const share = mean(all('road_speed_ratio').map((index) => city.readings(index, from, from + 20 * DAY).length / (20 * 288)));
    expect(share).toBeGreaterThan(0.988);
    expect(share).toBeLessThan(0.998);
  });

  it('streams each reading once, twice for one in five hundred, in order of delivery', () => {
    const begin = cityDay('2026-06-18') + 10 * HOUR + 50 * MINUTE;
    const seconds = Array.from({ length: 20 }, (_, minute) => city.deliveries(begin + minute * MINUTE, begin + (minute + 1) * MINUTE)).flat();
    expect(seconds).toEqual(city.deliveries(begin, begin + 20 * MINUTE));
    expect(seconds.every(({ deliveredAt }, i) => i === 0 || deliveredAt >= (seconds[i - 1]?.deliveredAt as number))).toBe(true);
    expect(seconds.length).toBeGreaterThan(8_000);
    const keys = seconds.map(({ indicator, place, facet, observedAt }) => `${indicator} ${place} ${facet} ${observedAt}`);
    const twice = keys.length - new Set(keys).size;
    expect(twice / keys.length).toBeGreaterThan(0.0008);
    expect(twice / keys.length).toBeLessThan(0.003);
    // What was observed in a quiet quarter of an hour and is due at once is all there.
    const due = all('pond_depth').flatMap((index) =>
      pairs(city.readings(index, begin, begin + 15 * MINUTE)).flatMap(([t = 0, , delivered = 0]) =>
        delivered < begin + 20 * MINUTE ? [`pond_depth ${city.series[index]?.place} null ${t}`] : [],
      ),
    );
    const streamed = new Set(keys);
    expect(due.filter((key) => !streamed.has(key))).toEqual([]);
  });
});

describe('a city nobody modelled', () => {
  it('is simulated from what its catalogue says, clear of every limit', async () => {
    const loaded = await loadCatalogue(join(import.meta.dirname, '../../metrics-config/open-data'));
    if (!loaded.ok) throw new Error('the folder has problems');
    const { rules } = loaded.catalogue;
    const elsewhere = createSimulator({ catalogue: loaded.catalogue, seed: 1, scenarios: [] });
    const unmodelled = [...elsewhere.series.entries()].filter(([, { indicator }]) => models[indicator] === undefined);
    expect(unmodelled.length).toBeGreaterThan(20);
    const from = cityDay('2026-06-18');
    for (const [index, { indicator, place }] of unmodelled) {
      const { value, length } = elsewhere.readings(index, from, from + DAY);
      const readings = [...value.subarray(0, length)];
      for (const rule of rules.values()) {
        if (rule.kind !== 'threshold' || rule.scope.indicator !== indicator) continue;
        const limit = rule.limits[0]?.value as number;
        const over = readings.filter((reading) => (rule.direction === 'above' ? reading >= limit : reading <= limit));
        expect(over.length / Math.max(1, length), `${rule.id} at ${place}`).toBeLessThan(0.01);
      }
    }
  });
});

describe('scenarios', () => {
  const startsAt = cityDay('2026-05-12') + 13 * HOUR;

  it('change nothing before they begin, and nothing in the series they do not touch', () => {
    const storm = simulate([{ scenario: 'cloudburst', startsAt }]);
    const read = (simulator: Simulator, index: number, [begin, end]: readonly [number, number]): string => digest([simulator.readings(index, begin, end)]);
    const before = [startsAt - DAY, startsAt - 5 * MINUTE] as const;
    // A day's figures are of the whole day.
    expect(oneEach().filter((index) => (city.series[index]?.intervalMs ?? DAY) < DAY && read(storm, index, before) !== read(city, index, before))).toEqual([]);
    const during = [startsAt, startsAt + 3 * HOUR] as const;
    expect(read(storm, find(city, 'land_subsidence_rate'), during)).toBe(read(city, find(city, 'land_subsidence_rate'), during));
    expect(read(storm, find(city, 'hotline_calls'), during)).not.toBe(read(city, find(city, 'hotline_calls'), during));
  });

  it('end where they are stopped', () => {
    const stopped = simulate([{ scenario: 'cloudburst', startsAt, stopsAt: startsAt + 30 * MINUTE }]);
    const rain = find(
      city,
      'rain_1h',
      all('rain_1h')
        .map((index) => city.series[index])
        .find(({ place } = { indicator: '', place: '', facet: null, intervalMs: 0 }) => catalogue.places.get(place)?.parent === 'gulou')?.place,
    );
    const full = simulate([{ scenario: 'cloudburst', startsAt }]);
    const highest = (simulator: Simulator): number => Math.max(...simulator.readings(rain, startsAt, startsAt + 4 * HOUR).value);
    expect(highest(full)).toBeGreaterThan(50);
    expect(highest(stopped)).toBeLessThan(15);
  });

  it('silence the sensors they say', () => {
    const storm = simulate([{ scenario: 'typhoon', startsAt }]);
    const silent = all('wind_gust').filter((index) => storm.readings(index, startsAt + 22 * HOUR, startsAt + 28 * HOUR).length === 0);
    expect(silent.length).toBeGreaterThan(2);
    expect(silent.length).toBeLessThan(14);
  });

  it('are refused by name when they are not known', () => {
    expect(() => simulate([{ scenario: 'earthquake', startsAt }])).toThrow(/unknown scenario "earthquake"; known: typhoon/);
  });
});
