/** Air: temperature, wind, humidity, fog, sun and how long pollution stays. The climate of the Chinese east coast at 30° north. */
import { dayOfYear, yearWave } from './days.ts';
import { type Builders, CITY, clamp, grid, hourOf, joined, NOTHING, perTown, type World } from './fields.ts';
import { between, keyOf, smooth, unit } from './noise.ts';
import { GRID } from './profiles.ts';
import type { TownFacts } from './towns.ts';

/** °C of the year's mean and half its range: 4.8 in mid January, 28.8 in late July. */
const YEAR_MEAN = 16.8;
const YEAR_RANGE = 12;
const WARMEST_DAY = 207;

/** The departure of the air from the season's usual, in °C: fronts every few days, stronger in winter. */
function anomaly(world: World, day: number, hour: number): number {
  const key = keyOf(world.seed, 'air');
  const strength = 1 - 0.4 * yearWave(day, WARMEST_DAY);
  return strength * (2.6 * smooth(key, hour / 96) + 1.3 * smooth(key ^ 1, hour / 30));
}

/** Share of the sky that is covered. */
function cloud(world: World, town: number, at: { day: number; i: number }): number {
  const raining = (world.day('rain', town, at.day)[at.i] as number) > 0.2;
  return raining ? 0.97 : clamp(0.45 + 0.32 * smooth(keyOf(world.seed, 'cloud'), hourOf(at.day, at.i) / 20), 0, 1);
}

/** The day's rise and fall: coolest at 5, warmest at half past two. */
const dayWave = (hour: number): number => {
  const part = (((hour - 5) % 24) + 24) % 24;
  return part < 9.5 ? -Math.cos((Math.PI * part) / 9.5) : Math.cos((Math.PI * (part - 9.5)) / 14.5);
};

const warmth: Readonly<Record<TownFacts['terrain'], number>> = { urban: 0.9, plain: 0, hill: -1.8, coast: -0.4 };
const range: Readonly<Record<TownFacts['terrain'], number>> = { urban: 3.6, plain: 4.1, hill: 4.4, coast: 2.9 };

const temp = (world: World, day: number): Float32Array[] =>
  perTown(world, (town, { terrain }) =>
    grid((i) => {
      const hour = hourOf(day, i);
      const season = YEAR_MEAN + YEAR_RANGE * yearWave(day, WARMEST_DAY);
      const clear = 1 - 0.7 * cloud(world, town, { day, i });
      const cooled = Math.min(3, 0.25 * (world.day('rain', town, day)[i] as number)) + 3 * (world.day('thunder', town, day)[i] as number);
      return season + anomaly(world, day, hour) + warmth[terrain] + range[terrain] * clear * 1.35 * dayWave(hour % 24) - cooled;
    }),
  );

/** Means over the last 24 hours, at every five minutes. */
function dayMeans(world: World, day: number): Float32Array {
  const both = joined(world, 'temp', { town: CITY, day, back: 1 });
  let sum = 0;
  for (let k = 1; k <= GRID; k++) sum += both[k] as number;
  return grid((i) => {
    if (i > 0) sum += (both[GRID + i] as number) - (both[i] as number);
    return sum / GRID;
  });
}

const drop24h = (world: World, day: number): Float32Array[] =>
  perTown(world, (town) => {
    const both = joined(world, 'temp', { town, day, back: 1 });
    return grid((i) => (both[i] as number) - (both[GRID + i] as number));
  });

const exposure: Readonly<Record<TownFacts['terrain'], number>> = { urban: 0.85, plain: 1, hill: 1.1, coast: 1.35 };

const wind = (world: World, day: number): Float32Array[] =>
  perTown(world, (town, { terrain }) => {
    const thunder = world.day('thunder', town, day);
    const key = keyOf(world.seed, 'wind');
    return grid((i) => {
      const hour = hourOf(day, i);
      const weather = Math.exp(0.3 * smooth(key, hour / 18) + 0.15 * smooth(key ^ (town + 2), hour / 2));
      return 2.3 * exposure[terrain] * weather * (1 + 0.22 * dayWave(hour % 24)) + 4.5 * (thunder[i] as number);
    });
  });

/** A foggy morning in seventy in summer, one in twelve in winter; dense ones are rare, and wind clears them. */
function fog(world: World, day: number): Float32Array[] {
  const key = keyOf(world.seed, 'fog');
  const likely = 0.05 - 0.035 * yearWave(day, WARMEST_DAY);
  if (unit(key, day * 4) >= likely) return world.towns.map(() => NOTHING);
  const height = 0.3 + 0.6 * unit(key, day * 4 + 1) ** 2;
  const clears = between(key, day * 4 + 2, [6.5, 10]);
  return perTown(world, (town, { terrain }) => {
    const here = height * (terrain === 'urban' ? 0.85 : 1) * (1 + 0.14 * smooth(key ^ 7, day * 31 + town * 3.7));
    const blowing = world.day('wind', town, day);
    return grid((i) => {
      const hour = i / 12;
      const swell = hour < 3 ? hour / 3 : hour < clears - 1.5 ? 1 : Math.max(0, (clears - hour) / 1.5);
      return clamp(here * swell * clamp(1.6 - (blowing[i] as number) / 5, 0, 1), 0, 0.98);
    });
  });
}

/** The sun's height over the horizon as a share of the zenith, by the day's declination. */
function sunHeight(world: World, day: number, hour: number): number {
  const declination = -0.409 * Math.cos((2 * Math.PI * (dayOfYear(day) + 10)) / 365.25);
  const latitude = (world.latitude * Math.PI) / 180;
  return Math.max(0, Math.sin(latitude) * Math.sin(declination) + Math.cos(latitude) * Math.cos(declination) * Math.cos((2 * Math.PI * (hour - 12)) / 24));
}

const sun = (world: World, day: number): Float32Array[] => perTown(world, (town) => grid((i) => sunHeight(world, day, i / 12) * (1 - 0.78 * cloud(world, town, { day, i }))));

const humidity = (world: World, day: number): Float32Array[] =>
  perTown(world, (town) => {
    const rain = world.day('rain', town, day);
    const fogged = world.day('fog', town, day);
    const key = keyOf(world.seed, 'damp');
    return grid((i) => {
      const hour = hourOf(day, i);
      const air = 74 + 5 * yearWave(day, 190) + 6 * smooth(key, hour / 28) - 8 * dayWave(hour % 24) * (1 - 0.5 * cloud(world, town, { day, i }));
      const wet = (rain[i] as number) > 0.1 ? 18 : 0;
      return clamp(air + wet + 25 * (fogged[i] as number), 15, 99);
    });
  });

/** Slow weather that keeps or clears the air: most in winter; wind and rain clear it. */
const stagnation = (world: World, day: number): Float32Array => {
  const key = keyOf(world.seed, 'still');
  const blowing = world.day('wind', CITY, day);
  const rain = world.day('rain', CITY, day);
  return grid((i) => {
    const hour = hourOf(day, i);
    const slow = 0.12 * smooth(key, hour / 48) + 0.1 * smooth(key ^ 1, hour / 22) + 0.06 * smooth(key ^ 2, hour / 7);
    const cleared = 0.02 * Math.max(0, (blowing[i] as number) - 4) + 0.05 * Math.min(3, rain[i] as number);
    return clamp(0.35 - 0.08 * yearWave(day, WARMEST_DAY) + slow - cleared - 0.04 * dayWave(hour % 24), 0, 1);
  });
};

const above = (means: Float32Array, sign: 1 | -1, bound: number): Float32Array => {
  if (means.every((mean) => sign * (mean - bound) <= 0)) return NOTHING;
  return grid((i) => Math.max(0, sign * ((means[i] as number) - bound)));
};

export const climateBuilders: Builders = {
  temp,
  drop24h,
  heat: (world, day) => above(dayMeans(world, day), 1, 26),
  cold: (world, day) => above(dayMeans(world, day), -1, 10),
  wind,
  fog,
  sun,
  humidity,
  stagnation,
};
