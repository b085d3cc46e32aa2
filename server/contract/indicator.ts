/** Indicators: what is observed, with its unit, kind and display. Mirrors `indicators/*.yaml`, resolved (no defaults left to guess). */
import { z } from 'zod';
import { bilingualSchema, facetSchema, indicatorIdSchema, placeIdSchema, seriesIdSchema, sourceIdSchema } from './ids.ts';
import { placeKindSchema } from './place.ts';

/** How a value relates to time. `observedAt` is the start of the interval for every kind that has one. */
export const indicatorKinds = ['gauge', 'interval_count', 'cumulative', 'rate', 'index'] as const;
export const indicatorKindSchema = z.enum(indicatorKinds);

/** How values of several places become one of a larger place. */
export const foldSchema = z.enum(['sum', 'mean', 'max', 'min', 'none']);

export const indicatorSchema = z.object({
  id: indicatorIdSchema,
  name: bilingualSchema,
  domain: z.string(),
  domainName: bilingualSchema,
  /** The group of domains it is shown under (`groups` of the city); null where the city has none. */
  group: z.string().nullable(),
  /** The unit's id (`cm`, `celsius`); `unitLabel` is what is printed after a number: nothing for an index or a ratio. */
  unit: z.string(),
  unitLabel: z.object({ zh: z.string(), en: z.string() }),
  kind: indicatorKindSchema,
  grain: placeKindSchema,
  fold: foldSchema,
  /** Expected distance between readings, milliseconds. */
  intervalMs: z.number().int().positive(),
  /** A series whose newest reading is older than this is stale, milliseconds. */
  staleAfterMs: z.number().int().positive(),
  /** Which direction is worse: the display compares with it, rules do not. */
  worse: z.enum(['high', 'low', 'both']),
  decimals: z.number().int().min(0).max(6),
  facets: z.array(z.object({ id: facetSchema, name: bilingualSchema })),
  /** How the map draws it: as a column whose height is the value, or as a dot. */
  mapStyle: z.enum(['column', 'dot']),
  retired: z.boolean(),
});
export type Indicator = z.infer<typeof indicatorSchema>;

export const seriesSchema = z.object({
  id: seriesIdSchema,
  indicator: indicatorIdSchema,
  place: placeIdSchema,
  facet: facetSchema.nullable(),
  /** Made by a simulator or a replay, not by the city's present. Never shown without its label. */
  simulated: z.boolean(),
  /** The source that wrote it last; null before the first reading. */
  source: sourceIdSchema.nullable(),
});
export type Series = z.infer<typeof seriesSchema>;
