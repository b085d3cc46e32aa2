/**
 * A series' true values: what a perfect sensor would report, from its model. Each instant's value depends on the instant alone, so a chunk
 * may be cut anywhere.
 */
import type { IndicatorDefinition } from '../../server/catalogue/schema.ts';
import { yearWave } from './days.ts';
import { addEpisodes } from './episodes.ts';
import type { World } from './fields.ts';
import { type Chunk, type Coupling, DAY, type FacetModel, HOUR, MINUTE, type Model, type Noise, type SeriesContext } from './model.ts';
import { addSmooth, addWhite, hash, normal, poisson } from './noise.ts';
import { fill, isIdleAtZero, sample, shapeOf } from './sample.ts';
import { MEAN_POPULATION } from './towns.ts';

/** Writes the values of a chunk's instants (all in one day of the city) into `out`. */
export type Generator = (chunk: Chunk, out: Float64Array) => void;

export interface GeneratorInput {
  model: Model;
  definition: IndicatorDefinition;
  series: SeriesContext;
  world: World;
  /** What scenarios do to the true value, before it is counted and rounded. */
  overlay?: Generator | undefined;
}

/** Growth is counted from here. */
const GROWTH_FROM = 20_454; // 2026-01-01
const WHITE_SHARE = 0.2;
/** Smooth noise of three speeds together forgets as natural things do: fast at first, then slowly. */
const octaves = [
  { spacing: 2.6, variance: 0.5 },
  { spacing: 0.9, variance: 0.3 },
  { spacing: 0.3, variance: 0.2 },
] as const;

export function createGenerator(input: GeneratorInput): Generator {
  const { model, series } = input;
  const usual = model.custom?.(series) ?? usualOf(input);
  const finish = finishOf(input);
  const scatter = scatterOf(input);
  return (chunk, out) => {
    usual(chunk, out);
    scatter(chunk, out);
    if (model.episodes !== undefined) addEpisodes(out, chunk, { key: series.key, episodes: model.episodes });
    input.overlay?.(chunk, out);
    finish(chunk, out);
  };
}

/** Everything that does not scatter: base, day, year, and what the city's drivers do to it. */
function usualOf({ model, definition, series, world }: GeneratorInput): Generator {
  const facet = facetOf(model, definition, series.facet);
  const profile = facet.profile ?? model.profile;
  const { profileStrength = 1, profileAdd } = model;
  const couplings = [...(model.couplings ?? []), ...(facet.couplings ?? [])].sort((a, b) => Number(a.effect === 'add') - Number(b.effect === 'add'));
  const people = model.scale === 'population' && series.town >= 0 ? (world.towns[series.town]?.population ?? MEAN_POPULATION) / MEAN_POPULATION : 1;
  const base = facet.base * people;
  const couple = coupler(series);
  const factorOf = dayFactor({ ...model, holiday: facet.holiday ?? model.holiday ?? 1 }, world);

  return (chunk, out) => {
    const { from, stepMs, count } = chunk;
    const day = world.dayOf(from);
    const level = base * factorOf(day);
    if (profile === undefined) out.fill(level, 0, count);
    else {
      // Intervals of half a day and longer hold all hours alike.
      if (stepMs > 6 * HOUR) out.fill(1, 0, count);
      else fill(out, world.profile(profile, day), { offsetMs: from - world.startOf(day), stepMs, begin: 0, end: count });
      if (profileAdd === undefined) for (let i = 0; i < count; i++) out[i] = level * (1 + profileStrength * ((out[i] as number) - 1));
      else for (let i = 0; i < count; i++) out[i] = level + profileAdd * ((out[i] as number) - 1);
    }
    for (const coupling of couplings) couple(coupling, chunk, out);
  };
}

/** Driver values of one coupling; one for all series, as none outlives the chunk. */
let scratch = new Float64Array(1_440);

/** A day's figures are made of the whole day: its drivers are taken at noon, and lagged ones before. */
const NOON = 12 * HOUR;

function coupler({ fields, town }: SeriesContext): (coupling: Coupling, chunk: Chunk, out: Float64Array) => void {
  return (coupling, chunk, out) => {
    const { driver, effect, gain, lagMs = 0 } = coupling;
    const { count, stepMs } = chunk;
    if (scratch.length < count) scratch = new Float64Array(2 * count);
    const shifted = stepMs >= DAY ? lagMs - NOON : lagMs;
    if (!sample(scratch, chunk, { fields, driver, town, lagMs: shifted })) {
      if (isIdleAtZero(coupling)) return;
      scratch.fill(0, 0, count);
    }
    shapeOf(coupling, scratch, count);
    if (effect === 'add') for (let i = 0; i < count; i++) (out[i] as number) += gain * (scratch[i] as number);
    else for (let i = 0; i < count; i++) (out[i] as number) *= Math.max(0, 1 + gain * (scratch[i] as number));
  };
}

/** What the day of the year and of the calendar multiply the base by. */
function dayFactor({ season, holiday = 1, schoolBreak = 1, growth = 0 }: Model, { days }: World): (day: number) => number {
  if (season === undefined && holiday === 1 && schoolBreak === 1 && growth === 0) return () => 1;
  let known = Number.NaN;
  let factor = 1;
  return (day) => {
    if (day === known) return factor;
    known = day;
    factor = 1 + growth * ((day - GROWTH_FROM) / 365.25);
    if (season !== undefined) factor *= 1 + season.amplitude * yearWave(day, season.peakDay);
    if (holiday !== 1 && days.isHoliday(day)) factor *= holiday;
    if (schoolBreak !== 1 && !days.isTerm(day)) factor *= schoolBreak;
    return factor;
  };
}

/** A facet's part of the whole, with its own shape where it has one. */
function facetOf(model: Model, definition: IndicatorDefinition, facet: string | null): FacetModel & { base: number } {
  if (facet === null) return { base: model.base };
  const own = model.facets?.[facet] ?? {};
  const isPart = model.distribution === 'poisson' || model.distribution === 'stock';
  const named = definition.facets.map(({ id }) => model.facets?.[id]?.share);
  const total = named.reduce<number>((sum, share) => sum + (share ?? 0), 0);
  const unnamed = named.filter((share) => share === undefined).length;
  // Facets that are not named get as much as the mean of those that are, or all alike.
  const even = total === 0 ? 1 : total / Math.max(1, named.length - unnamed);
  const share = own.share ?? even;
  const whole = total + unnamed * even;
  return { ...own, base: own.base ?? (isPart ? (model.base * share) / whole : model.base) };
}

/** Adds the series' own offset and noise; for counts both are shares of the mean. */
function scatterOf({ model, series }: GeneratorInput): Generator {
  const isCount = model.distribution === 'poisson';
  const { sd = 0 } = model.noise ?? {};
  const spread = model.spread ?? sd;
  const offset = Math.max(-2.5, Math.min(2.5, normal(series.key, -7))) * spread;
  const add = model.noise === undefined || sd === 0 ? null : noiseOf(model.noise, series);
  if (!isCount) {
    return (chunk, out) => {
      if (offset !== 0) for (let i = 0; i < chunk.count; i++) (out[i] as number) += offset;
      add?.(chunk, out);
    };
  }
  return (chunk, out) => {
    if (scratch.length < chunk.count) scratch = new Float64Array(2 * chunk.count);
    scratch.fill(1 + offset, 0, chunk.count);
    add?.(chunk, scratch);
    for (let i = 0; i < chunk.count; i++) (out[i] as number) *= Math.max(0.05, scratch[i] as number);
  };
}

function noiseOf({ sd, persistence = 0, white = WHITE_SHARE }: Noise, { key, intervalMs }: SeriesContext): Generator {
  const waves = octaves.map(({ spacing, variance }, n) => ({ key: hash(key, 11 + n), spacingMs: spacing * persistence, variance: variance * (1 - white) }));
  // What changes faster than it is read is white.
  const slow = waves.filter(({ spacingMs }) => spacingMs > 2 * intervalMs).map(({ variance, ...wave }) => ({ ...wave, amplitude: sd * Math.sqrt(variance) }));
  const rest = persistence === 0 ? 1 : white + waves.filter(({ spacingMs }) => spacingMs <= 2 * intervalMs).reduce((sum, { variance }) => sum + variance, 0);
  const fast = { key: hash(key, 10), amplitude: sd * Math.sqrt(rest) };
  return (chunk, out) => {
    for (const wave of slow) addSmooth(out, chunk, wave);
    if (fast.amplitude > 0) addWhite(out, chunk, fast);
  };
}

/** Draws counts, clamps and rounds. */
function finishOf({ model, definition, series }: GeneratorInput): Generator {
  const { distribution } = model;
  const whole = distribution === 'poisson' || distribution === 'stock';
  const { min: least = Number.NEGATIVE_INFINITY, max: most = Number.POSITIVE_INFINITY } = definition.validRange ?? {};
  const low = Math.max(least, model.min ?? Number.NEGATIVE_INFINITY, distribution === 'gauge' ? Number.NEGATIVE_INFINITY : 0);
  const high = Math.min(most, model.max ?? Number.POSITIVE_INFINITY, distribution === 'share' ? 100 : Number.POSITIVE_INFINITY);
  const scale = 10 ** (whole ? 0 : definition.decimals);
  const key = hash(series.key, 3);
  return ({ from, stepMs, count }, out) => {
    if (distribution === 'poisson') {
      const first = Math.floor(from / stepMs);
      for (let i = 0; i < count; i++) out[i] = poisson(key, first + i, out[i] as number);
    }
    for (let i = 0; i < count; i++) {
      const value = Math.round((out[i] as number) * scale) / scale;
      out[i] = value < low ? low : Math.min(value, high);
    }
  };
}

/** For an indicator nobody modelled: half way to its mildest limit, hardly moving. */
export function defaultModel({ kind, validRange }: IndicatorDefinition, limit: { value: number; direction: 'above' | 'below' | 'away' } | null): Model {
  const least = validRange?.min ?? 0;
  const base =
    limit === null ? least + ((validRange?.max ?? least + 100) - least) * 0.3 : limit.direction === 'below' ? limit.value + 0.3 * Math.abs(limit.value) + 0.5 : limit.value * 0.5;
  const distance = limit === null ? Math.abs(base) : Math.abs(limit.value - base);
  if (kind === 'interval_count') return { base: Math.min(base, 0.25), distribution: 'poisson', spread: 0 };
  return { base, distribution: 'gauge', noise: { sd: distance * 0.08, persistence: 90 * MINUTE }, spread: distance * 0.08 };
}
