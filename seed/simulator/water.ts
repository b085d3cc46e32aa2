/**
 * What becomes of rain: wet soil, full gutters, water on the streets, higher canals, and hours later a higher river; and the tide. Stores are
 * filled from some days before and then run through the day, so that a day can be made without those in between.
 */
import { type Builders, clamp, grid, hourOf, isNothing, joined, keptPerStep, NOTHING, PER_HOUR, perTown, type World } from './fields.ts';
import { keyOf, unit } from './noise.ts';
import { GRID } from './profiles.ts';

/** The soil forgets a fifth a day, so that nothing older than three weeks counts. */
const SOIL_KEPT = 0.8;
const SOIL_DAYS = 21;
const SOIL_KEPT_STEP = SOIL_KEPT ** (1 / GRID);

/** What is left in the soil at the end of a day of the rain that fell on it, mm. */
function leftOfDay(rates: Float32Array): number {
  if (rates === NOTHING) return 0;
  let left = 0;
  for (let i = 0; i < GRID; i++) left = left * SOIL_KEPT_STEP + (rates[i] as number) / PER_HOUR;
  return left;
}

const wetness = (world: World, day: number): Float32Array[] =>
  perTown(world, (town) => {
    let stored = 0;
    for (let back = SOIL_DAYS; back >= 1; back--) stored = stored * SOIL_KEPT + leftOfDay(world.day('rain', town, day - back));
    const rates = world.day('rain', town, day);
    return grid((i) => {
      stored = stored * SOIL_KEPT_STEP + (rates[i] as number) / PER_HOUR;
      return 42 + 58 * (1 - Math.exp(-stored / 85));
    });
  });

/** Runs `step` over `back` days before and the day itself, keeping the day. */
function run(rates: Float32Array, step: (rate: number) => number): Float32Array {
  if (isNothing(rates)) return NOTHING;
  const field = new Float32Array(GRID);
  const before = rates.length - GRID;
  for (let k = 0; k < rates.length; k++) {
    const level = step(rates[k] as number);
    if (k >= before) field[k - before] = level < 1e-4 ? 0 : level;
  }
  return field;
}

const runoff = (world: World, day: number): Float32Array[] =>
  perTown(world, (town) => {
    const kept = keptPerStep(40 / 60);
    let stored = 0;
    return run(joined(world, 'rain', { town, day, back: 1 }), (rate) => {
      stored = stored * kept + rate / PER_HOUR;
      return stored;
    });
  });

/** What street drains swallow, mm/h: dense towns have more sealed ground than drains. */
const drainage = (density: number): number => 27 - 8 * density;

/** What drains refuse takes some minutes to run down to the weak spot: half of it has arrived after seven. */
const GUTTER_HALF_HOURS = 7 / 60;
/** cm that seep away in five minutes, so that the last film dries. */
const SEEPS = 0.05;

/** Standing water above a drain's capacity. A weak spot gathers the water of its surroundings: `gather` cm for each mm that drains refuse. */
export function pond(rates: Float32Array, drain: { capacity: number; gather: number; halfHours: number }): Float32Array {
  const [kept, keptInGutter] = [keptPerStep(drain.halfHours), keptPerStep(GUTTER_HALF_HOURS)];
  let gutter = 0;
  let depth = 0;
  return run(rates, (rate) => {
    gutter += Math.max(0, rate - drain.capacity) / PER_HOUR;
    const arriving = gutter * (1 - keptInGutter);
    gutter -= arriving;
    depth = Math.max(0, depth * kept + drain.gather * arriving - SEEPS);
    return depth;
  });
}

const ponding = (world: World, day: number): Float32Array[] =>
  perTown(world, (town, { density }) => pond(joined(world, 'rain', { town, day, back: 1 }), { capacity: drainage(density), gather: 1.6, halfHours: 0.6 }));

/** Two stores one after the other: what comes out of a catchment. */
function cascade({ first, second, gain }: { first: number; second: number; gain: number }): (rate: number) => number {
  const [keptFirst, keptSecond] = [keptPerStep(first), keptPerStep(second)];
  let upper = 0;
  let level = 0;
  return (rate) => {
    upper = upper * keptFirst + rate / PER_HOUR;
    const flows = upper * (1 - keptFirst);
    level = level * keptSecond + flows * gain;
    return level;
  };
}

/** Canals carry their own town's water and some of everybody's. */
const canal = (world: World, day: number): Float32Array[] => {
  const everybody = joined(world, 'rain', { town: -1, day, back: 3 });
  return perTown(world, (town) => {
    const own = joined(world, 'rain', { town, day, back: 3 });
    return run(
      own.map((rate, k) => 0.6 * rate + 0.4 * (everybody[k] as number)),
      cascade({ first: 1.6, second: 6, gain: 0.011 }),
    );
  });
};

const river = (world: World, day: number): Float32Array => run(joined(world, 'rain', { town: -1, day, back: 4 }), cascade({ first: 6, second: 9, gain: 0.0125 }));

/** Semi-diurnal and diurnal waves of the tide: hours of the period, metres. A range of 3 m at springs. */
const waves = [
  { name: 'm2', period: 12.4206, height: 0.92 },
  { name: 's2', period: 12, height: 0.34 },
  { name: 'n2', period: 12.6583, height: 0.17 },
  { name: 'k1', period: 23.9345, height: 0.14 },
  { name: 'o1', period: 25.8193, height: 0.1 },
] as const;

/** The tide without surge, by hours since 1970. */
export function tideAt(seed: number): (hour: number) => number {
  const parts = waves.map(({ name, period, height }) => ({ speed: (2 * Math.PI) / period, height, phase: 2 * Math.PI * unit(keyOf(seed, name), 0) }));
  return (hour) => {
    let level = 0;
    for (const { speed, height, phase } of parts) level += height * Math.cos(speed * hour + phase);
    return level;
  };
}

const tide = (world: World, day: number): Float32Array => {
  const surge = world.day('surge', -1, day);
  const astronomical = tideAt(world.seed);
  return grid((i) => astronomical(hourOf(day, i)) + (surge[i] as number));
};

/** Wind on the coast pushes a little water in on ordinary days, too. */
const surge = (world: World, day: number): Float32Array => {
  const blowing = world.day('wind', -1, day);
  return grid((i) => clamp(0.02 * ((blowing[i] as number) - 2.5), -0.04, 0.25));
};

export const waterBuilders: Builders = { wetness, runoff, ponding, canal, river, tide, surge };
