/** People and what they use: kinds of days, traffic, networks under load, and how much help the city needs. */
import { yearWave } from './days.ts';
import { allDay, type Builders, CITY, clamp, grid, hourOf, isNothing, joined, keptPerStep, NOTHING, perTown, type World } from './fields.ts';
import { keyOf, smooth, unit } from './noise.ts';
import { GRID } from './profiles.ts';

/** Newcomers leave in the fortnight before New Year and come back within a fortnight after its first week. */
function away(world: World, day: number): Float32Array {
  const from = world.days.fromNewYear(day);
  if (from === null) return NOTHING;
  return allDay(from < 0 ? clamp(1 + from / 14, 0, 1) : clamp(1 - (from - 5) / 13, 0, 1));
}

const hill = (hour: number, middle: number, width: number): number => Math.exp(-(((hour - middle) / width) ** 2));

function festival(world: World, day: number): Float32Array {
  const [today, yesterday] = [world.days.festivity(day), world.days.festivity(day - 1)];
  // The last evening of the year ends at midnight; what is left of it is on the next day.
  if (today === 0 && yesterday < 1) return NOTHING;
  return grid((i) => {
    const hour = i / 12;
    const evening = today === 1 ? hill(hour, 23.2, 2.4) : today * hill(hour, 20, 2.2);
    return evening + (yesterday === 1 ? hill(hour, -0.8, 1.2) : 0);
  });
}

function traffic(world: World, day: number): Float32Array {
  const commute = world.profile('commute', day);
  const rush = world.day('rush', CITY, day);
  const gone = world.day('away', CITY, day);
  const stage = world.day('typhoon', CITY, day);
  return grid((i) => ((commute[i] as number) * (1 - 0.28 * (gone[i] as number)) + 0.35 * (rush[i] as number)) * (1 - 0.18 * (stage[i] as number)));
}

const congestion = (world: World, day: number): Float32Array[] => {
  const demand = world.day('traffic', CITY, day);
  const key = keyOf(world.seed, 'jams');
  return perTown(world, (town, { density }) => {
    const rain = world.day('rain', town, day);
    const standing = world.day('ponding', town, day);
    return grid((i) => {
      const driven = demand[i] as number;
      const busy = 0.04 + (0.1 + 0.09 * density) * driven * (1 + 0.08 * smooth(key ^ town, hourOf(day, i) * 1.5));
      const wet = 0.1 * Math.min(1, (rain[i] as number) / 10) * driven;
      return clamp(busy + wet + 0.6 * (1 - Math.exp(-(standing[i] as number) / 14)) * Math.min(1, 0.6 + 0.4 * driven), 0, 0.98);
    });
  });
};

/** Cooling and heating on top of the day's shape, so that the mean of a year is 1. */
function powerLoad(world: World, day: number): Float32Array {
  const shape = world.profile('power', day);
  const temp = world.day('temp', CITY, day);
  const [heat, cold, gone] = (['heat', 'cold', 'away'] as const).map((driver) => world.day(driver, CITY, day)) as [Float32Array, Float32Array, Float32Array];
  const growth = 1 + 0.03 * ((day - 20_454) / 365.25);
  const stage = world.day('typhoon', CITY, day);
  const off = world.days.isHoliday(day) ? 0.93 : 1;
  return grid((i) => {
    const cooling = 0.016 * Math.max(0, (temp[i] as number) - 24) + 0.028 * (heat[i] as number);
    const heating = 0.012 * (cold[i] as number) + 0.006 * Math.max(0, 8 - (temp[i] as number));
    return 0.93 * (shape[i] as number) * growth * off * (1 + cooling + heating) * (1 - 0.22 * (gone[i] as number)) * (1 - 0.05 * (stage[i] as number));
  });
}

function waterDemand(world: World, day: number): Float32Array {
  const shape = world.profile('homes', day);
  const heat = world.day('heat', CITY, day);
  const gone = world.day('away', CITY, day);
  return grid((i) => (0.25 + 0.75 * (shape[i] as number)) * (1 + 0.03 * yearWave(day, 207) + 0.022 * (heat[i] as number)) * (1 - 0.2 * (gone[i] as number)));
}

function gasDemand(world: World, day: number): Float32Array {
  const shape = world.profile('kitchens', day);
  const cold = world.day('cold', CITY, day);
  const gone = world.day('away', CITY, day);
  return grid((i) => (0.85 + 0.07 * yearWave(day, 15) + 0.06 * (cold[i] as number)) * (shape[i] as number) * (1 - 0.15 * (gone[i] as number)));
}

const damage = (world: World, day: number): Float32Array[] =>
  perTown(world, (town) => {
    const wind = world.day('wind', town, day);
    return wind.some((speed) => speed > 13) ? grid((i) => (Math.max(0, (wind[i] as number) - 13) / 11) ** 2) : NOTHING;
  });

const powerCut = (world: World, day: number): Float32Array[] =>
  perTown(world, (town) => {
    const [thunder, broken, standing] = (['thunder', 'damage', 'ponding'] as const).map((driver) => joined(world, driver, { town, day, back: 1 })) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    // Repaired by half within three hours.
    const kept = keptPerStep(3);
    let cut = 0;
    const field = new Float32Array(GRID);
    for (let k = 0; k < 2 * GRID; k++) {
      cut = cut * kept + (1 - kept) * (1.2 * (thunder[k] as number) + 5 * (broken[k] as number) + 0.05 * (standing[k] as number));
      if (k >= GRID) field[k - GRID] = 0.05 + cut;
    }
    return field;
  });

/** Calls follow what happened by some ten minutes: until it is seen, and a telephone found. */
const CALL_STEPS = 2;

const distress = (world: World, day: number): Float32Array[] => {
  const city = (['heat', 'opinion', 'typhoon'] as const).map((driver) => joined(world, driver, { town: CITY, day, back: 1 })) as [Float32Array, Float32Array, Float32Array];
  return perTown(world, (town) => {
    const of = (driver: 'rain' | 'thunder' | 'ponding' | 'damage' | 'powerCut' | 'waterCut' | 'gasLeak'): Float32Array => joined(world, driver, { town, day, back: 1 });
    const [rain, thunder, standing, broken, dark, dry, gas] = (['rain', 'thunder', 'ponding', 'damage', 'powerCut', 'waterCut', 'gasLeak'] as const).map(of) as Float32Array[];
    const at = (field: Float32Array | undefined, k: number): number => field?.[k] ?? 0;
    return grid((i) => {
      const k = GRID + i - CALL_STEPS;
      const weather = 0.05 * Math.log1p(at(rain, k)) + 0.06 * at(thunder, k) + 0.045 * at(standing, k) ** 0.9 + 0.8 * at(broken, k);
      const networks = 0.09 * Math.max(0, at(dark, k) - 0.1) + 0.14 * at(dry, k) + 1.2 * at(gas, k);
      return weather + networks + 0.015 * at(city[0], k) + 0.05 * at(city[1], k) + 0.22 * at(city[2], k);
    });
  });
};

const repairs = (world: World, day: number): Float32Array[] =>
  perTown(world, (town) => {
    const needed = joined(world, 'distress', { town, day, back: 2 });
    if (isNothing(needed)) return NOTHING;
    const kept = keptPerStep(8);
    let waiting = 0;
    const field = new Float32Array(GRID);
    for (let k = 0; k < needed.length; k++) {
      waiting = waiting * kept + (1 - kept) * (needed[k] as number);
      if (k >= 2 * GRID) field[k - 2 * GRID] = waiting;
    }
    return field;
  });

/** A winter wave whose height and week differ from year to year, and a lower one in July. */
function flu(world: World, day: number): Float32Array {
  const key = keyOf(world.seed, 'flu');
  // Years of influenza run from July to June.
  const year = new Date((day - 182) * 86_400_000).getUTCFullYear();
  const peak = 18 + 40 * (unit(key, year) - 0.5);
  const days = day - Date.UTC(year + 1, 0, 1) / 86_400_000 - peak;
  const height = 0.45 + 0.4 * unit(key ^ 1, year);
  return allDay(0.08 + height * Math.exp(-((days / 34) ** 2)) + 0.12 * Math.max(0, yearWave(day, 195)) ** 8 + 0.02 * smooth(key ^ 2, day / 9));
}

/** Now and then something is talked about for some hours, some fifteen times a year. */
function opinion(world: World, day: number): Float32Array {
  const key = keyOf(world.seed, 'talk');
  const topics = [day - 1, day].filter((one) => unit(key, one * 4) < 0.04);
  if (topics.length === 0) return NOTHING;
  return grid((i) => {
    let talk = 0;
    for (const one of topics) {
      const age = hourOf(day, i) - one * 24 - 8 - 10 * unit(key, one * 4 + 1);
      if (age > 0) talk += (0.5 + unit(key, one * 4 + 2)) * (age < 2 ? age / 2 : Math.exp(-(age - 2) / 4));
    }
    return talk < 0.01 ? 0 : talk;
  });
}

export const peopleBuilders: Builders = {
  workday: (world, day) => allDay(world.days.isWorkday(day) ? 1 : 0),
  holiday: (world, day) => allDay(world.days.isHoliday(day) ? 1 : 0),
  school: (world, day) => allDay(world.days.isSchoolDay(day) ? 1 : 0),
  rush: (world, day) => (world.days.isRush(day) ? grid((i) => hill(i / 12, 17, 3.2)) : NOTHING),
  away,
  festival,
  traffic,
  congestion,
  powerLoad,
  waterDemand,
  gasDemand,
  damage,
  powerCut,
  distress,
  repairs,
  flu,
  opinion,
};
