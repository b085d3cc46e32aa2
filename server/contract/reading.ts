/** Readings on the wire: what is sent in, and what is answered. */
import { z } from 'zod';
import { facetSchema, indicatorIdSchema, instantSchema, placeIdSchema, seriesIdSchema } from './ids.ts';
import { qualities, qualityReasons, resolutions } from './words.ts';

export const qualitySchema = z.enum(qualities);
export type Quality = z.infer<typeof qualitySchema>;

export const qualityReasonSchema = z.enum(qualityReasons);
export type QualityReason = z.infer<typeof qualityReasonSchema>;

/** One reading as sent to `POST /api/v1/readings`. */
export const readingInputSchema = z.object({
  indicator: z.string(),
  place: z.string(),
  facet: z.string().nullish(),
  /** ISO 8601 with an offset, or epoch milliseconds. Start of the interval where there is one (unless the source declares `stampedAt: end`). */
  observedAt: z.union([z.string(), z.number()]),
  value: z.number(),
  quality: qualitySchema.optional(),
  qualityReason: qualityReasonSchema.optional(),
});
export type ReadingInput = z.infer<typeof readingInputSchema>;

export const readingsBodySchema = z.object({ readings: z.array(readingInputSchema) });

export const rejectedReadingSchema = z.object({
  /** Position in the request, counted from 0 (for NDJSON: the line; blank lines count). */
  index: z.number().int(),
  code: z.string(),
  /** Key path inside the reading, where one key is to blame. */
  path: z.string(),
  message: z.string(),
});
export type RejectedReading = z.infer<typeof rejectedReadingSchema>;

/** Every reading is counted once: accepted + duplicates + revised + rejected.length = readings sent. */
export const ingestAnswerSchema = z.object({
  /** Stored for the first time. */
  accepted: z.number().int(),
  /** The same reading was there already; nothing changed. */
  duplicates: z.number().int(),
  /** A stored reading was corrected; the old value went to its revisions. */
  revised: z.number().int(),
  rejected: z.array(rejectedReadingSchema),
});
export type IngestAnswer = z.infer<typeof ingestAnswerSchema>;

/** The newest reading of a series. Age is `server time - observedAt`; `stale` was true at the server's `now`. */
export const latestSchema = z.object({
  series: seriesIdSchema,
  indicator: indicatorIdSchema,
  place: placeIdSchema,
  facet: facetSchema.nullable(),
  observedAt: instantSchema,
  receivedAt: instantSchema.nullable(),
  value: z.number(),
  quality: qualitySchema,
  qualityReason: qualityReasonSchema.nullable(),
  stale: z.boolean(),
  simulated: z.boolean(),
});
export type Latest = z.infer<typeof latestSchema>;

export const resolutionSchema = z.enum(resolutions);
export type Resolution = z.infer<typeof resolutionSchema>;

/**
 * One series' past in columns: the n-th entry of every array belongs to the bucket that starts at `t[n]`.
 * A bucket without readings is absent from `t`, never invented; `bucketMs` (null for raw) tells a gap from a neighbour.
 * `mean`, `min`, `max`, `last` are null for a bucket that holds only bad readings (`count` 0, `badCount` > 0), and where a fold is unknown.
 */
export const historySeriesSchema = z.object({
  /** Null for a fold over places: it is no series of the store. */
  series: seriesIdSchema.nullable(),
  indicator: indicatorIdSchema,
  place: placeIdSchema,
  facet: facetSchema.nullable(),
  simulated: z.boolean(),
  /** The stored form that was read. */
  resolution: resolutionSchema,
  /** Width of the buckets shown, milliseconds (a day is nominal: the city's days have 23 to 25 hours); null for raw. */
  bucketMs: z.number().nullable(),
  /** Longest distance between neighbours that is not a gap, milliseconds. */
  gapMs: z.number(),
  t: z.array(z.number()),
  min: z.array(z.number().nullable()),
  max: z.array(z.number().nullable()),
  mean: z.array(z.number().nullable()),
  sum: z.array(z.number()),
  count: z.array(z.number()),
  last: z.array(z.number().nullable()),
  badCount: z.array(z.number()),
  suspectCount: z.array(z.number()),
  /** Those of `t` whose bucket was changed by readings that came after it could be read as complete. */
  revised: z.array(z.number()),
  /** For a fold: by which rule, over how many places, and how many of them were known in each bucket. */
  parts: z.object({ fold: z.enum(['sum', 'mean', 'max', 'min']), total: z.number().int(), known: z.array(z.number()) }).nullable(),
});
export type HistorySeries = z.infer<typeof historySeriesSchema>;
