/**
 * The air at one station: particles, ozone and nitrogen dioxide, and the index made of them. They are made together, because the index is
 * by its definition the worst of its parts: a wall that showed a good index beside bad particles would not be believed.
 */
import { yearWave } from '../simulator/days.ts';
import type { Driver } from '../simulator/drivers.ts';
import { type CustomModel, HOUR, type SeriesContext } from '../simulator/model.ts';
import { keyOf, normal, smooth } from '../simulator/noise.ts';

/** µg/m³, each the mean of an hour. */
interface Air {
  pm25: number;
  pm10: number;
  o3: number;
  no2: number;
}

const WINTER = 15;
const SUMMER = 190;
/** Ozone is made from what traffic left, in the sun of the hours before. */
const OZONE_LAG = 2 * HOUR;

/** Scatter around 1 that is the same in all that is measured at one station. */
function scatterAt(placeKey: number, name: string, { spread, sd }: { spread: number; sd: number }): (instant: number) => number {
  const key = keyOf(placeKey, name);
  const own = spread * Math.max(-2.5, Math.min(2.5, normal(key, -7)));
  return (instant) => 1 + own + sd * (0.7 * smooth(key, instant / (9 * HOUR)) + 0.4 * smooth(key ^ 1, instant / (2 * HOUR)));
}

/** @returns what the air holds at an instant */
function airAt({ fields, town, placeKey }: SeriesContext): (instant: number) => Air {
  const ofDust = scatterAt(placeKey, 'dust', { spread: 0.05, sd: 0.06 });
  const ofGas = scatterAt(placeKey, 'gas', { spread: 0.07, sd: 0.07 });
  return (instant) => {
    const day = fields.dayOf(instant);
    const read = (driver: Driver, lagMs = 0): number => fields.at(driver, town, instant - lagMs);
    const still = read('stagnation') - 0.35;
    const washed = 1 / (1 + 0.03 * read('rain12h'));
    const gale = Math.max(0, read('wind') - 6);

    const pm25 =
      36 *
      (1 + 0.3 * yearWave(day, WINTER)) *
      (1 + 1.8 * still) *
      (0.9 + 0.25 * read('congestion') + 0.5 * read('festival')) *
      (1 - 0.12 * read('away')) *
      washed *
      ofDust(instant);
    const dust = (14 + 0.35 * Math.max(0, 75 - read('humidity')) + 3 * Math.min(gale, 6)) * (0.7 + 0.3 * read('traffic')) * washed;
    const no2 = 37 * (1 + 0.25 * yearWave(day, WINTER)) * (1 + 1.2 * still) * (0.5 + 2.6 * read('congestion')) * (1 - 0.35 * read('sun')) * ofGas(instant);
    const made = read('sun', OZONE_LAG) * (0.45 + 0.022 * Math.max(0, read('temp'))) * (1 + 0.05 * read('heat')) * (1 + 0.5 * still);
    const o3 = 52 * (1 + 0.25 * yearWave(day, SUMMER)) + 105 * made * ofGas(instant) - 0.3 * no2;
    return { pm25: Math.max(3, pm25), pm10: Math.max(6, 1.25 * pm25 + dust), o3: Math.max(5, o3), no2: Math.max(4, no2) };
  };
}

/** Limits of the classes at index 0, 50, 100, 150, 200, 300, 400 and 500. */
const INDEX = [0, 50, 100, 150, 200, 300, 400, 500] as const;
const classes: Readonly<Record<keyof Air, readonly number[]>> = {
  pm25: [0, 35, 75, 115, 150, 250, 350, 500],
  pm10: [0, 50, 150, 250, 350, 420, 500, 600],
  o3: [0, 160, 200, 300, 400, 800, 1000, 1200],
  no2: [0, 100, 200, 700, 1200, 2340, 3090, 3840],
};

/** The index of one pollutant, on the straight line between the limits of its class. */
function indexOf(pollutant: keyof Air, value: number): number {
  const limits = classes[pollutant];
  const above = limits.findIndex((limit) => value < limit);
  if (above < 1) return above === 0 ? 0 : 500;
  const [low, high] = [limits[above - 1] as number, limits[above] as number];
  const [from, to] = [INDEX[above - 1] as number, INDEX[above] as number];
  return from + ((to - from) * (value - low)) / (high - low);
}

const custom =
  (figure: (air: Air) => number): CustomModel =>
  (series) => {
    const air = airAt(series);
    return ({ from, stepMs, count }, out) => {
      for (let i = 0; i < count; i++) out[i] = figure(air(from + i * stepMs));
    };
  };

/** Models of what an air station reports. */
export const airOf = (pollutant: keyof Air): CustomModel => custom((air) => air[pollutant]);

/** The air quality index: the worst of the four, rounded up as its rule asks; each is rounded first, as it is reported. */
export const airIndex: CustomModel = custom((air) => Math.ceil(Math.max(...(Object.keys(classes) as (keyof Air)[]).map((name) => indexOf(name, Math.round(air[name]))))));
