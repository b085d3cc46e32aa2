/** Sources on the wire: how each fares, and what of it is in quarantine. */
import { z } from 'zod';
import { bilingualSchema, instantSchema } from './ids.ts';

/** The pseudo-source of readings that came by the HTTP door without a source. No source of a city may take this id. */
export const HTTP_SOURCE_ID = 'http';

/**
 * `never`: nothing was ever stored of it; `ok`; `silent`: nothing came within `expectedEveryMs` and a tenth; `failing`: its transport is
 * broken, or what it sends is refused.
 */
export const sourceStateSchema = z.enum(['never', 'ok', 'silent', 'failing']);
export type SourceState = z.infer<typeof sourceStateSchema>;

export const sourceHealthSchema = z.object({
  id: z.string(),
  name: bilingualSchema,
  /** As in `sources/*.yaml`; `http` for the pseudo-source of readings without one. */
  kind: z.string(),
  simulated: z.boolean(),
  state: sourceStateSchema,
  /** When it came into this state. */
  since: instantSchema,
  /** When something of it was last stored (a repetition counts: it is alive). */
  lastSuccessAt: instantSchema.nullable(),
  /** Newest observation time it sent. */
  lastObservedAt: instantSchema.nullable(),
  /** How far `lastObservedAt` is behind the server's clock; never below 0. */
  lagMs: z.number().nullable(),
  /** Readings stored in the last minute. */
  ratePerMinute: z.number(),
  /** Since the server started, like `duplicates`, `revised`, `rejected` and `errors`. */
  accepted: z.number().int(),
  duplicates: z.number().int(),
  revised: z.number().int(),
  /** Refused readings and originals. */
  rejected: z.number().int(),
  /** Failures of its transport, and of the store while it sent. */
  errors: z.number().int(),
  lastError: z.object({ at: instantSchema, message: z.string() }).nullable(),
  /** Entries in quarantine. */
  quarantined: z.number().int(),
  /** Longest pause that is still usual; null: it may pause for ever. */
  expectedEveryMs: z.number().nullable(),
});
export type SourceHealth = z.infer<typeof sourceHealthSchema>;

export const sourcesAnswerSchema = z.object({ serverTime: instantSchema, sources: z.array(sourceHealthSchema) });

export const quarantineEntrySchema = z.object({
  id: z.number().int(),
  receivedAt: instantSchema,
  /** The same original may come again: then `times` grows and this moves on. */
  lastReceivedAt: instantSchema,
  times: z.number().int(),
  code: z.string(),
  path: z.string(),
  message: z.string(),
  format: z.string(),
  /** At most the first 64 kB; bytes that are not UTF-8 are shown as U+FFFD. */
  original: z.string(),
  isCut: z.boolean(),
  detail: z.record(z.string(), z.string()),
});
export type QuarantineEntry = z.infer<typeof quarantineEntrySchema>;

export const quarantineAnswerSchema = z.object({
  serverTime: instantSchema,
  /** All entries of the source, and their size. */
  total: z.number().int(),
  bytes: z.number().int(),
  /** Refused originals that the bounds (number, size) have cost since the store was made. */
  dropped: z.number().int(),
  /** Newest first. */
  entries: z.array(quarantineEntrySchema),
  /** Hand in as `before` for the next page; null: this was the last. */
  next: z.number().int().nullable(),
});

/** Without `ids`: the oldest thousand. */
export const replayBodySchema = z.strictObject({ ids: z.array(z.number().int().positive()).min(1).max(1000).optional() });

export const replayAnswerSchema = z.object({
  /** Entries read again. */
  read: z.number().int(),
  /** Entries that left: everything in them is stored. */
  left: z.number().int(),
  /** Entries that stay, with their new reason. */
  stayed: z.number().int(),
  accepted: z.number().int(),
  duplicates: z.number().int(),
  revised: z.number().int(),
  /** The newest entry that was read; entries after it were not. */
  lastId: z.number().int().nullable(),
});
export type ReplayAnswer = z.infer<typeof replayAnswerSchema>;
