/**
 * The simulated city against recordings of real ones. The figures are statistics of public data, computed once:
 * Seattle fire and medical dispatches 2015–2022 (data.seattle.gov kzjm-xkqj); FloodNet NYC, 353 events of 3 cm and more at sensors without
 * tide, 2020–2026 (NYC Open Data aq7i-eu5q); Beijing PM2.5 at three stations 2015–2017 (UCI 501); I-94 westbound 2012–2018 (UCI 492).
 */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Catalogue } from '../../server/catalogue/catalogue.ts';
import { cityDay, correlation, demonstrationCity, mean, quantile } from './city.fixture.ts';
import { DAY, HOUR, MINUTE } from './model.ts';
import { createSimulator, type Simulator } from './simulator.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const recorded = {
  /** Calls by hour of the day, over their mean. */
  emergency: [
    0.782, 0.715, 0.643, 0.52, 0.498, 0.518, 0.639, 0.787, 0.964, 1.086, 1.169, 1.229, 1.274, 1.307, 1.287, 1.296, 1.313, 1.344, 1.308, 1.232, 1.161, 1.088, 0.972, 0.868,
  ],
  /** Vehicles by hour on working days and on weekends, over the mean of the week. */
  workday: [0.198, 0.121, 0.092, 0.11, 0.251, 0.817, 1.627, 1.835, 1.668, 1.484, 1.332, 1.412, 1.476, 1.477, 1.569, 1.704, 1.89, 1.763, 1.358, 1.009, 0.871, 0.818, 0.651, 0.425],
  weekend: [0.401, 0.248, 0.188, 0.121, 0.116, 0.195, 0.334, 0.485, 0.713, 0.949, 1.126, 1.236, 1.333, 1.335, 1.33, 1.324, 1.325, 1.268, 1.167, 0.986, 0.863, 0.815, 0.73, 0.517],
  /** Peak depth in cm (median, nine in ten), minutes above a fifth of the peak (median), and the part of them before the peak (median). */
  flood: { peak: [8.7, 29.3], minutes: 42, rise: 0.33 },
  /** Correlation of the logarithm of PM2.5 with itself after 1, 24 and 48 hours. */
  air: [0.946, 0.401, 0.142],
} as const;

let city: Simulator;
beforeAll(async () => {
  const catalogue: Catalogue = await demonstrationCity();
  city = createSimulator({ catalogue, seed: 1, scenarios: [] });
});

const all = (indicator: string): number[] => city.series.flatMap((series, index) => (series.indicator === indicator ? [index] : []));
const hourOf = (t: number): number => Math.floor(((t + 8 * HOUR) % DAY) / HOUR);
const isWeekend = (t: number): boolean => [0, 6].includes(new Date(t + 8 * HOUR).getUTCDay());

function byHour(indexes: readonly number[], { from, days }: { from: number; days: number }, counts: (t: number) => boolean = () => true): number[] {
  const [sums, numbers] = [new Array<number>(24).fill(0), new Array<number>(24).fill(0)];
  for (const index of indexes) {
    const { t, value, length } = city.readings(index, from, from + days * DAY);
    for (let i = 0; i < length; i++) {
      if (!counts(t[i] as number)) continue;
      const hour = hourOf(t[i] as number);
      sums[hour] = (sums[hour] ?? 0) + (value[i] as number);
      numbers[hour] = (numbers[hour] ?? 0) + 1;
    }
  }
  return sums.map((sum, hour) => sum / (numbers[hour] ?? 1));
}

describe('the day of emergency calls', () => {
  it.each(['police_calls', 'ems_calls'])('has the recorded shape: %s', (indicator) => {
    const shape = byHour(all(indicator), { from: cityDay('2026-03-02'), days: 56 });
    expect(correlation(shape, recorded.emergency)).toBeGreaterThan(0.93);
    const ratio = Math.max(...shape) / Math.min(...shape);
    expect(ratio).toBeGreaterThan(1.8);
    expect(ratio).toBeLessThan(4.5); // 2.7 as recorded
  });
});

describe('the day of traffic', () => {
  it('has the recorded shape on working days and on weekends', () => {
    const window = { from: cityDay('2026-03-02'), days: 28 };
    // Roads are slower where there is more traffic.
    const slower = (counts: (t: number) => boolean): number[] => byHour(all('road_speed_ratio'), window, counts).map((speed) => 100 - speed);
    expect(
      correlation(
        slower((t) => !isWeekend(t)),
        recorded.workday,
      ),
    ).toBeGreaterThan(0.85);
    expect(correlation(slower(isWeekend), recorded.weekend)).toBeGreaterThan(0.85);
  });
});

describe('water on the streets', () => {
  it('comes fast, goes slowly and is mostly shallow, as recorded', () => {
    const floods = all('pond_depth').flatMap((index) => floodsOf(index, [cityDay('2025-05-15'), cityDay('2025-09-15')]));
    expect(floods.length).toBeGreaterThan(40);
    const of = (part: (flood: (typeof floods)[number]) => number, share: number): number => quantile(floods.map(part), share);
    const [median, high] = recorded.flood.peak;
    expect(of(({ peak }) => peak, 0.5)).toBeGreaterThan(median / 2);
    expect(of(({ peak }) => peak, 0.5)).toBeLessThan(median * 2);
    expect(of(({ peak }) => peak, 0.9)).toBeGreaterThan(high / 2);
    expect(of(({ peak }) => peak, 0.9)).toBeLessThan(high * 2);
    expect(of(({ minutes }) => minutes, 0.5)).toBeGreaterThan(recorded.flood.minutes / 2);
    expect(of(({ minutes }) => minutes, 0.5)).toBeLessThan(recorded.flood.minutes * 2);
    expect(Math.abs(of(({ rise }) => rise, 0.5) - recorded.flood.rise)).toBeLessThan(0.15);
  });
});

/** Each time a street was under 3 cm of water or more: as the recordings were measured. */
function floodsOf(index: number, [from, to]: readonly [number, number]): { peak: number; minutes: number; rise: number }[] {
  const { t, value, length } = city.readings(index, from, to);
  const floods: { peak: number; minutes: number; rise: number }[] = [];
  for (let i = 0; i < length; i++) {
    if ((value[i] as number) < 3 || (value[i] as number) > 200) continue;
    let end = i;
    while (end + 1 < length && (value[end + 1] as number) > 0 && (value[end + 1] as number) < 200) end++;
    let begin = i;
    while (begin > 0 && (value[begin - 1] as number) > 0) begin--;
    const depths = [...value.subarray(begin, end + 1)];
    const peak = Math.max(...depths);
    const top = depths.indexOf(peak);
    const first = depths.findIndex((depth) => depth >= peak / 5);
    const last = depths.findLastIndex((depth) => depth >= peak / 5);
    const minutes = ((t[begin + last] as number) - (t[begin + first] as number)) / MINUTE;
    if (minutes > 0) floods.push({ peak, minutes, rise: (top - first) / (last - first) });
    i = end;
  }
  return floods;
}

describe('dirty air', () => {
  it('lasts as recorded: most of it is still there after an hour, some after a day, little after two', () => {
    const index = all('pm25')[3] as number;
    const { value, length } = city.readings(index, cityDay('2025-01-01'), cityDay('2026-01-01'));
    const logs = [...value.subarray(0, length)].map((reading) => Math.log(Math.max(1, Math.min(reading, 500))));
    const withItself = (lag: number): number => correlation(logs.slice(0, logs.length - lag), logs.slice(lag));
    const [hour, day, two] = [withItself(1), withItself(24), withItself(48)];
    expect(hour).toBeGreaterThan(recorded.air[0] - 0.12);
    expect(Math.abs(day - recorded.air[1])).toBeLessThan(0.25);
    expect(two).toBeLessThan(day);
    expect(mean(logs)).toBeGreaterThan(2.5);
  });
});
