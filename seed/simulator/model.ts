/**
 * How an indicator behaves, as data. A model table (`seed/models/<domain>.ts`) names for each indicator of a domain its usual value, the shape
 * of its day and week, what it answers to and how it scatters; `generate.ts` turns that into readings. A model never draws chance of its own
 * and never looks at a clock, so the same seed number gives the same city.
 *
 * The value of a series at an instant is
 *
 *   usual  = base × profile × season × holiday × break × growth × scale × share of the facet
 *   value  = usual × Π (1 + gain·x) over 'multiply' couplings + Σ gain·x over 'add' couplings + own offset + noise + episodes
 *
 * then, for counts, a Poisson draw with that mean; clamped and rounded to the indicator's decimals. A table in full:
 *
 *   import { HOUR, type ModelTable } from '../simulator/model.ts';
 *
 *   export const hotlineModels: ModelTable = {
 *     // Tickets of a town by topic: rain and what follows from it brings flooding and tree tickets, heat brings water and power ones.
 *     hotline_tickets_created: {
 *       base: 1.82, // per 15 min in an average town, all topics
 *       distribution: 'poisson',
 *       profile: 'hotline',
 *       holiday: 0.75,
 *       scale: 'population',
 *       noise: { sd: 0.15, persistence: 6 * HOUR },
 *       couplings: [{ driver: 'distress', effect: 'multiply', gain: 1.2, lagMs: 0.5 * HOUR }],
 *       facets: {
 *         noise: { share: 0.16, profile: 'evening' },
 *         water_supply: { share: 0.07, couplings: [{ driver: 'waterCut', effect: 'multiply', gain: 4 }] },
 *       },
 *     },
 *     // Answered by people: worse when more call. 97 % ± 0.5, and 1.5 points less for each doubling of calls through distress.
 *     hotline_answer_rate: {
 *       base: 97,
 *       distribution: 'share',
 *       noise: { sd: 0.5, persistence: 2 * HOUR },
 *       couplings: [{ driver: 'distress', effect: 'add', gain: -1.5 }],
 *       episodes: [{ perYear: 6, minutes: [40, 120], add: [-3, -6] }],
 *     },
 *   };
 *
 * A quiet day must be quiet: keep base ± 4 × (noise.sd + spread) clear of the mildest limit at every hour of the profile, and let crossings
 * come from drivers and from `episodes` (about 5 to 40 crossings a day over the whole city, all indicators together).
 */
import type { Driver } from './drivers.ts';

export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

/** Indicator id to its model. An indicator without one gets `defaultModel`. */
export type ModelTable = Readonly<Record<string, Model>>;

/**
 * `gauge`: any number. `share`: a percentage, kept within 0…100. `poisson`: events counted in the interval, whole numbers; `base` is the mean
 * of one interval. `stock`: a number of open things (tickets waiting, faults), whole, not negative, moving slowly.
 */
export type Distribution = 'gauge' | 'share' | 'poisson' | 'stock';

/** Shapes of the day by kind of day, in `profiles.ts`, each with mean 1 over an ordinary week. */
export type ProfileName =
  | 'flat'
  /** Emergency calls 110, 120: least at 5, rising all day to an evening plateau. */
  | 'emergency'
  /** 12345: working hours, half on weekends. */
  | 'hotline'
  /** Offices, halls, building sites by day; nearly nothing at night and on weekends. */
  | 'office'
  /** Roads: peaks at 8 and 18 on working days, a broad hill on other days. */
  | 'commute'
  /** Metro and bus passengers: sharper peaks than roads, nothing at night. */
  | 'transit'
  /** Long-distance travel: an even day from 6 to 22. */
  | 'travel'
  /** Noise, disputes, bars: evening until midnight, more on Fridays and weekends. */
  | 'evening'
  /** Meals brought to the door: 11–13 and 17–20. */
  | 'meals'
  /** Water in homes: breakfast and evening. */
  | 'homes'
  /** Gas in kitchens: three meals. */
  | 'kitchens'
  /** Electric load: morning shoulder, afternoon and evening; a little less on weekends. */
  | 'power'
  /** Factories: round the clock with a working-day bulge. */
  | 'industry'
  /** Shops and streets: 10–21, more on weekends. */
  | 'shops'
  /** Scenic spots and squares: afternoons of weekends and holidays. */
  | 'leisure'
  /** Out-patients and wards: mornings, Mondays. */
  | 'hospital'
  /** School hours of working days. */
  | 'school'
  /** Muck trucks, street vendors at night: 20–4. */
  | 'night'
  /** Net and media: lunch, evening until late. */
  | 'online'
  /** Cars parked at home and in hospitals: high by day, lower at night. */
  | 'parking';

export interface Coupling {
  driver: Driver;
  /** `add`: gain·x in the indicator's unit; `multiply`: the usual value times (1 + gain·x), never below 0. */
  effect: 'add' | 'multiply';
  gain: number;
  /**
   * What x is for a driver value d. `linear` (default): d − from (from defaults to 0); `above`: max(0, d − from); `below`: max(0, from − d);
   * `log`: ln(1 + max(0, d − from)), for what saturates slowly.
   */
  shape?: 'linear' | 'above' | 'below' | 'log';
  from?: number;
  /** x goes no further than this (in size). */
  upTo?: number;
  /** The effect follows the driver by so much. */
  lagMs?: number;
}

export interface Noise {
  /** Standard deviation: in the indicator's unit; for `poisson` as a share of the mean (on top of Poisson's own scatter; 0.1…0.3). */
  sd: number;
  /** How long a departure lasts (ms); 0 or absent: every reading for itself. */
  persistence?: number;
  /** Share of the variance that every reading has for itself, when there is persistence; default 0.2. */
  white?: number;
}

/** A real little thing that happens to one series: a pressure dip, a queue, a jam. Seeded, and the same in any window. */
export interface Episode {
  /** How often at one series, in the mean. 150 series × 12 a year are 5 a day: keep it small. */
  perYear: number;
  minutes: readonly [number, number];
  /** Added at its height, chosen between the two, in the indicator's unit (for `poisson`: to the mean). */
  add?: readonly [number, number];
  /** Or the value multiplied by. */
  times?: readonly [number, number];
  /** `hump` (default): rises and falls; `step`: there at once and gone at once; `jolt`: there at once, fading. */
  shape?: 'hump' | 'step' | 'jolt';
}

export interface FacetModel {
  /** Part of the whole; shares are normalised, so they need not sum to 1. For `gauge` and `share` use `base` instead. */
  share?: number;
  /** A value of its own instead of the whole's base times its share. */
  base?: number;
  profile?: ProfileName;
  holiday?: number;
  /** Beside the couplings of the whole. */
  couplings?: readonly Coupling[];
}

export interface Model {
  /** The usual value, in the indicator's unit, of one interval for counts: at an average place or town (`scale`), averaged over the week. */
  base: number;
  distribution: Distribution;
  /** How it goes through day and week; absent: flat. */
  profile?: ProfileName;
  /** How strongly: 1 (default) follows the profile wholly, 0.3 weakly. */
  profileStrength?: number;
  /** Instead of multiplying: this many units are added for each 1 that the profile is above its mean. For shares and gauges. */
  profileAdd?: number;
  /** Over the year: base × (1 + amplitude) on the peak day (1…366) and × (1 − amplitude) half a year away. */
  season?: { amplitude: number; peakDay: number };
  /** Factor on public holidays (the profile is a Sunday's then); default 1. */
  holiday?: number;
  /** Factor outside of school terms; default 1. */
  schoolBreak?: number;
  /** Per year, counted from 2026: 0.03 grows by 3 %. */
  growth?: number;
  /** `population`: base is an average town's (122,700 people); the town's own number counts. `none` (default). */
  scale?: 'population' | 'none';
  /** How places differ for good: the sd of a fixed offset, in the unit (for `poisson`: as a share). Default: noise.sd. */
  spread?: number;
  noise?: Noise;
  couplings?: readonly Coupling[];
  episodes?: readonly Episode[];
  /** By facet id; facets not named get an even part of what is left. */
  facets?: Readonly<Record<string, FacetModel>>;
  /** Bounds beside the indicator's validRange. */
  min?: number;
  max?: number;
  /** For what the words above cannot say. Takes the place of `usual` and couplings; noise, episodes, clamp and rounding follow as always. */
  custom?: CustomModel;
}

/** The instants `from + i × stepMs`, i < count, all within one day of the city. */
export interface Chunk {
  from: number;
  stepMs: number;
  count: number;
}

/** The driver fields, at any instant. */
export interface Fields {
  /** Values of `driver` for each 5 minutes (288) of the city's day `day` (see `dayOf`); shared, not to be written to. */
  day(driver: Driver, town: number, day: number): Float32Array;
  /** One value, interpolated. */
  at(driver: Driver, town: number, instant: number): number;
  /** The number of the city's day that holds an instant, and the instant it begins at. */
  dayOf(instant: number): number;
  startOf(day: number): number;
  /** Sea over mean sea level at the mouth without surge, m. */
  astronomicalTide(instant: number): number;
}

export interface SeriesContext {
  indicator: string;
  place: string;
  facet: string | null;
  /** The number of the town it lies in, −1 for the city as a whole. */
  town: number;
  /** 1, 2 … within the type: 7 for river_07; 0 where the id has no number. `of` is how many of the type there are. */
  number: number;
  of: number;
  intervalMs: number;
  /** Seed of this series, for `noise.ts`; two indicators at one place share `placeKey`. */
  key: number;
  placeKey: number;
  fields: Fields;
}

/** Called once for each series; what it returns writes `chunk.count` values into `out`, depending on the instants alone. */
export type CustomModel = (series: SeriesContext) => (chunk: Chunk, out: Float64Array) => void;
