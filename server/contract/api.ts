/** Answers of the read calls, for the client and for the API's description. */
import { z } from 'zod';
import { alertSchema, journalEntrySchema, levelSchema } from './alert.ts';
import { bilingualSchema, instantSchema, placeIdSchema, sourceIdSchema } from './ids.ts';
import { indicatorSchema, seriesSchema } from './indicator.ts';
import { placeSchema } from './place.ts';
import { historySeriesSchema, latestSchema } from './reading.ts';

export const indicatorsAnswerSchema = z.object({ indicators: z.array(indicatorSchema) });
export const placesAnswerSchema = z.object({ places: z.array(placeSchema) });
export const seriesAnswerSchema = z.object({ series: z.array(seriesSchema) });
export const latestAnswerSchema = z.object({ serverTime: instantSchema, latest: z.array(latestSchema) });
export const historyAnswerSchema = z.object({ series: z.array(historySeriesSchema) });
export const alertsAnswerSchema = z.object({ serverTime: instantSchema, alerts: z.array(alertSchema) });
export const alertAnswerSchema = z.object({ alert: alertSchema, journal: z.array(journalEntrySchema) });

/** A limit as the client draws it. */
export const ruleLimitSchema = z.object({ level: levelSchema, value: z.number(), deadband: z.number() });

export const ruleSummarySchema = z.object({
  id: z.string(),
  name: bilingualSchema,
  kind: z.string(),
  /** False for a kind that this version does not evaluate; it is listed, never silently dropped. */
  active: z.boolean(),
  reason: z.string().nullable(),
  indicator: z.string().nullable(),
  direction: z.enum(['above', 'below']).nullable(),
  limits: z.array(ruleLimitSchema),
  /** Places with limits of their own: the whole ladder that holds there in place of `limits`. */
  placeLimits: z.record(z.string(), z.array(ruleLimitSchema)),
  /** Null: every place of the indicator's grain. */
  places: z.array(z.string()).nullable(),
  lifeSafety: z.boolean(),
});
export type RuleSummary = z.infer<typeof ruleSummarySchema>;
export const rulesAnswerSchema = z.object({ rules: z.array(ruleSummarySchema) });

/** `/api/v1/city`: what the page needs to draw its frame. */
export const cityAnswerSchema = z.object({
  id: z.string(),
  name: bilingualSchema,
  timeZone: z.string(),
  languages: z.array(z.enum(['zh', 'en'])),
  center: z.tuple([z.number(), z.number()]),
  zoom: z.number(),
  bounds: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  /** What is said permanently on the page when the data are not the city's present. */
  simulatedLabel: bilingualSchema.nullable(),
  /** Named parts of the map to jump to. */
  views: z.array(z.object({ place: placeIdSchema, name: bilingualSchema, bounds: z.tuple([z.number(), z.number(), z.number(), z.number()]) })),
  basemap: z.object({
    attribution: bilingualSchema,
    /** Vector tiles below the layers: a PMTiles archive that answers byte ranges. */
    tiles: z.object({ url: z.string(), minZoom: z.number(), maxZoom: z.number() }).nullable(),
    layers: z.array(z.object({ id: z.string(), kind: z.enum(['land', 'water', 'green', 'boundary', 'road', 'label']), url: z.string() })),
  }),
  /** What the domains of indicators are shown under, in order. */
  groups: z.array(z.object({ id: z.string(), name: bilingualSchema })),
  /** Layouts: the vital signs of each, in order; the first is shown unless another is chosen. */
  walls: z.array(z.object({ id: z.string(), name: bilingualSchema, tiles: z.array(z.object({ indicator: z.string(), place: z.string().nullable() })) })),
});
export type CityAnswer = z.infer<typeof cityAnswerSchema>;

export const sessionBodySchema = z.strictObject({ username: z.string().min(1).max(100), password: z.string().min(1).max(1000) });
export const linkBodySchema = z.strictObject({ token: z.string().min(1).max(256) });
export const sessionAnswerSchema = z.object({ account: z.object({ id: z.string(), name: z.string(), role: z.enum(['admin', 'viewer']) }) });
export type SessionAnswer = z.infer<typeof sessionAnswerSchema>;

export const tokenBodySchema = z.strictObject({
  kind: z.enum(['ingest', 'wall']),
  name: z.string().trim().min(1).max(200),
  /** Binds an ingest token to one source: its units and stamps apply, and it may send as no other. */
  source: sourceIdSchema.nullish(),
});
export const tokenAnswerSchema = z.object({
  id: z.string(),
  /** Shown this once; the server keeps only a digest. */
  token: z.string(),
});
export const tokensAnswerSchema = z.object({
  tokens: z.array(
    z.object({ id: z.string(), kind: z.enum(['ingest', 'wall']), name: z.string(), source: z.string().nullable(), createdAt: instantSchema, revokedAt: instantSchema.nullable() }),
  ),
});

export const errorAnswerSchema = z.object({ error: z.object({ code: z.string(), message: z.string(), path: z.string().optional() }) });
