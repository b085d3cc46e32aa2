/**
 * The driver fields of a city, made when asked for and kept as long as there is room. What is kept is a matter of speed alone: a field that
 * was dropped is made again and is the same.
 */
import type { Catalogue } from '../../server/catalogue/catalogue.ts';
import { DAY_MS, zoneClock } from '../wall-time.ts';
import { climateBuilders } from './climate.ts';
import { daysOf } from './days.ts';
import { type Driver, drivers } from './drivers.ts';
import { type Builder, GRID_MS, isNothing, NOTHING, type World } from './fields.ts';
import type { ProfileName } from './model.ts';
import { keyOf } from './noise.ts';
import { peopleBuilders } from './people.ts';
import { GRID, profileDay } from './profiles.ts';
import { rainBuilders } from './rain.ts';
import { townFacts } from './towns.ts';
import { tideAt, waterBuilders } from './water.ts';

/** What scenarios add to a raw driver: for one town (−1: city) on one day; null when nothing. */
export type Influence = (driver: Driver, town: number, day: number) => Float32Array | null;

/** Room for fields, bytes: a year of the half dozen town drivers that one domain's models couple to. */
const ROOM_BYTES = 160_000_000;

/** No driver is made for instants before 1970 or after 2200. */
const LAST_DAY = 84_000;

const builders: Readonly<Partial<Record<Driver, Builder>>> = { ...rainBuilders, ...climateBuilders, ...waterBuilders, ...peopleBuilders };
const nothing: Builder = () => NOTHING;

interface Kept {
  /** One for each town, and last their mean; for the city's drivers only the latter. */
  parts: readonly Float32Array[];
  bytes: number;
  used: number;
}

export function createWorld({ catalogue, seed, influence }: { catalogue: Catalogue; seed: number; influence(world: World): Influence }): World {
  const towns = townFacts(catalogue);
  const days = daysOf(catalogue);
  const zone = zoneClock(catalogue.city.timeZone);
  // Standard time: the smaller of the offsets of winter and summer.
  const offset = Math.min(...[1_767_225_600_000, 1_782_864_000_000].map((instant) => zone.wallOf(instant) - instant));
  const kept = new Map<Driver, Map<number, Kept>>();
  const profiles = new Map<string, Float32Array>();
  const tide = tideAt(keyOf(seed, 'world'));
  let bytes = 0;
  let tick = 0;

  const make = (driver: Driver, day: number): Kept => {
    const built = day < 0 || day > LAST_DAY ? NOTHING : (builders[driver] ?? nothing)(world, day);
    const touched = drivers[driver] as { raw?: true; per: string };
    // One field for all towns becomes one for each where a scenario may touch them one by one.
    const list = Array.isArray(built) ? built : touched.per === 'town' && touched.raw ? towns.map(() => built) : [built];
    const whole = list.map((field, town) => joinInfluence(field, touched.raw ? influenced(driver, touched.per === 'town' ? town : -1, day) : null));
    const town = touched.per === 'town' ? (whole.length === 1 ? towns.map(() => whole[0] as Float32Array) : whole) : [];
    const parts = [...town, town.length > 0 ? meanField(town) : (whole[0] as Float32Array)];
    return { parts, bytes: new Set(parts.filter((part) => part !== NOTHING)).size * GRID * 4 + 400, used: tick };
  };
  const makeRoom = (): void => {
    const all = [...kept].flatMap(([driver, list]) => [...list].map(([day, { used, bytes: size }]) => ({ driver, day, used, size }))).sort((a, b) => a.used - b.used);
    for (const { driver, day, size } of all) {
      if (bytes <= ROOM_BYTES / 2) break;
      kept.get(driver)?.delete(day);
      bytes -= size;
    }
  };
  const fieldOf = (driver: Driver, day: number): Kept => {
    const list = kept.get(driver) ?? new Map<number, Kept>();
    kept.set(driver, list);
    let field = list.get(day);
    if (field === undefined) {
      field = make(driver, day);
      bytes += field.bytes;
      if (bytes > ROOM_BYTES) makeRoom();
      list.set(day, field);
    }
    field.used = ++tick;
    return field;
  };

  const startOf = (day: number): number => day * DAY_MS - offset;
  const dayOf = (instant: number): number => Math.floor((instant + offset) / DAY_MS);
  const world: World = {
    seed: keyOf(seed, 'world'),
    towns,
    days,
    latitude: catalogue.city.center[1],
    startOf,
    dayOf,
    astronomicalTide: (instant) => tide((instant + offset) / 3_600_000),
    day(driver, town, day) {
      const { parts } = fieldOf(driver, day);
      return (town >= 0 && parts.length > 1 ? parts[town] : parts[parts.length - 1]) ?? NOTHING;
    },
    at(driver, town, instant) {
      const day = dayOf(instant);
      const field = world.day(driver, town, day);
      return valueAt(field, (instant - startOf(day)) / GRID_MS);
    },
    profile(name, day) {
      const kinds = [days.kind(day - 1), days.kind(day), days.kind(day + 1)] as const;
      return remember(profiles, name, kinds);
    },
  };
  const influenced = influence(world);
  return world;
}

function remember(profiles: Map<string, Float32Array>, name: ProfileName, kinds: Parameters<typeof profileDay>[1]): Float32Array {
  const key = `${name} ${kinds.join(' ')}`;
  const field = profiles.get(key) ?? profileDay(name, kinds);
  profiles.set(key, field);
  return field;
}

/** A field at a place between its five minutes. */
export function valueAt(field: Float32Array, x: number): number {
  const i = Math.min(Math.floor(x), GRID - 1);
  const left = field[i] as number;
  return i === GRID - 1 ? left : left + ((field[i + 1] as number) - left) * (x - i);
}

function joinInfluence(field: Float32Array, added: Float32Array | null): Float32Array {
  const whole = added === null ? field : field.map((value, i) => value + (added[i] as number));
  return whole !== NOTHING && isNothing(whole) ? NOTHING : whole;
}

function meanField(parts: readonly Float32Array[]): Float32Array {
  if (parts.every((part) => part === NOTHING)) return NOTHING;
  const mean = new Float32Array(GRID);
  for (const part of parts) for (let i = 0; i < GRID; i++) (mean[i] as number) += (part[i] as number) / parts.length;
  return mean;
}
