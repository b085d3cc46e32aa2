/** Alerts on the wire. Three axes, never one enum: condition, acknowledgement, suppression. */
import { z } from 'zod';
import { alertIdSchema, bilingualSchema, facetSchema, indicatorIdSchema, instantSchema, placeIdSchema, ruleIdSchema, seriesIdSchema } from './ids.ts';
import { levels } from './words.ts';

export const levelSchema = z.enum(levels);
export type Level = z.infer<typeof levelSchema>;

/** What the data say. */
export const conditionSchema = z.enum(['inactive', 'pending', 'firing', 'resolved']);
export type Condition = z.infer<typeof conditionSchema>;

/** Who did it: written into every journal row. */
export const actorSchema = z.object({ kind: z.enum(['account', 'token', 'rule', 'system']), id: z.string(), name: z.string() });
export type Actor = z.infer<typeof actorSchema>;

export const alertSchema = z.object({
  id: alertIdSchema,
  rule: ruleIdSchema,
  ruleName: bilingualSchema,
  series: seriesIdSchema,
  indicator: indicatorIdSchema,
  place: placeIdSchema,
  facet: facetSchema.nullable(),
  condition: conditionSchema,
  /** The level now; for a resolved alert the last one; null while pending. */
  level: levelSchema.nullable(),
  /** The worst level since it began to fire. */
  worstLevel: levelSchema.nullable(),
  acknowledged: z.boolean(),
  acknowledgedAt: instantSchema.nullable(),
  acknowledgedBy: actorSchema.nullable(),
  /** Steps to come fill this axis; today it is always null. */
  suppression: z.null(),
  lifeSafety: z.boolean(),
  /** Start of the breach that led to it. */
  since: instantSchema,
  firedAt: instantSchema.nullable(),
  resolvedAt: instantSchema.nullable(),
  /** Since when the data say nothing; a firing alert stays firing. */
  unknownSince: instantSchema.nullable(),
  /** The reading that caused the last change, and the limit it is measured against. */
  value: z.number().nullable(),
  observedAt: instantSchema.nullable(),
  limit: z.number().nullable(),
  simulated: z.boolean(),
  /** The newest journal entry about it. Of two versions of one alert the one with the larger number is the truth. */
  journalId: z.number().int(),
});
export type Alert = z.infer<typeof alertSchema>;

export const journalEntrySchema = z.object({
  id: z.number().int(),
  at: instantSchema,
  kind: z.string(),
  alert: alertIdSchema.nullable(),
  actor: actorSchema,
  detail: z.record(z.string(), z.unknown()),
  /** SHA-256 over the previous entry's hash and this entry, hex. */
  hash: z.string(),
});
export type JournalEntry = z.infer<typeof journalEntrySchema>;

export const acknowledgeBodySchema = z.strictObject({ comment: z.string().trim().max(2000).optional() });
