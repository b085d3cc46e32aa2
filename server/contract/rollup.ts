/** Aggregates from other systems, and windows whose readings are kept: what an administrator sends about the past. */
import { z } from 'zod';
import { indicatorIdSchema, instantSchema, placeIdSchema } from './ids.ts';

/** Rows of one series in one rollup. */
const MAX_ROWS = 50_000;
const columnKeys = ['t', 'count', 'sum', 'min', 'max', 'last', 'badCount', 'suspectCount'] as const;
const column = z.array(z.number());
const nullableColumn = z.array(z.number().nullable());

/**
 * One series' aggregates in columns, as `/history` answers them: the n-th entry of every column belongs to the bucket that starts at
 * `t[n]`. `last`, `badCount` and `suspectCount` may be left out. With `count` 0 the others are null or 0.
 */
export const rollupInputSchema = z
  .strictObject({
    indicator: z.string(),
    place: z.string(),
    facet: z.string().nullish(),
    resolution: z.enum(['1m', '1h', '1d']),
    /** The time each row stands for, where that is longer than the resolution (quarters of an hour at `1m`); milliseconds. */
    widthMs: z.number().int().positive().optional(),
    t: column.max(MAX_ROWS),
    count: column,
    sum: column,
    min: nullableColumn,
    max: nullableColumn,
    last: nullableColumn.optional(),
    badCount: column.optional(),
    suspectCount: column.optional(),
  })
  .superRefine((rollup, context) => {
    for (const key of columnKeys) {
      const length = rollup[key]?.length;
      if (length !== undefined && length !== rollup.t.length) context.addIssue({ code: 'custom', path: [key], message: `has ${length} entries; t has ${rollup.t.length}` });
    }
  });
export type RollupInput = z.infer<typeof rollupInputSchema>;

const known: ReadonlySet<string> = new Set(['indicator', 'place', 'facet', 'resolution', 'widthMs', ...columnKeys]);

/** Where and why a rollup is none, as the schema says it. */
export interface RollupIssue {
  path: string;
  message: string;
}

/** As `rollupInputSchema` reads it. The schema looks at every number as if it might be anything; most rollups are plainly good, and it is asked only about the others. */
export function readRollup(value: unknown): { ok: true; rollup: RollupInput } | { ok: false; issue: RollupIssue } {
  if (isPlainRollup(value)) return { ok: true, rollup: value };
  const parsed = rollupInputSchema.safeParse(value);
  if (parsed.success) return { ok: true, rollup: parsed.data };
  const issue = parsed.error.issues[0];
  return { ok: false, issue: { path: issue?.path.join('.') ?? '', message: issue?.message ?? 'This is no rollup.' } };
}

/** True only for what the schema takes as it is; false may also be said of such. */
function isPlainRollup(value: unknown): value is RollupInput {
  if (typeof value !== 'object' || value === null) return false;
  const rollup = value as Partial<Record<keyof RollupInput, unknown>>;
  for (const key of Object.keys(rollup)) if (!known.has(key)) return false;
  const { indicator, place, facet, resolution, widthMs, t } = rollup;
  if (typeof indicator !== 'string' || typeof place !== 'string' || !(facet === undefined || facet === null || typeof facet === 'string')) return false;
  if (resolution !== '1m' && resolution !== '1h' && resolution !== '1d') return false;
  if (widthMs !== undefined && !(Number.isSafeInteger(widthMs) && (widthMs as number) > 0)) return false;
  if (!Array.isArray(t) || t.length > MAX_ROWS) return false;
  for (const key of columnKeys) {
    const column = rollup[key];
    const mayLack = key === 'last' || key === 'badCount' || key === 'suspectCount';
    if (!(column === undefined && mayLack) && !isColumn(column, { length: t.length, withNulls: key === 'min' || key === 'max' || key === 'last' })) return false;
  }
  return true;
}

function isColumn(column: unknown, { length, withNulls }: { length: number; withNulls: boolean }): boolean {
  if (!Array.isArray(column) || column.length !== length) return false;
  for (let i = 0; i < length; i++) {
    const value: unknown = column[i];
    if (!(Number.isFinite(value) || (withNulls && value === null))) return false;
  }
  return true;
}

export const rollupsBodySchema = z.strictObject({ rollups: z.array(z.unknown()).max(1000) });

/** Every row is counted once. `index` is the position in `rollups`, `row` that in its columns (null: the whole entry). */
export const rollupsAnswerSchema = z.object({
  accepted: z.number().int(),
  duplicates: z.number().int(),
  revised: z.number().int(),
  rejectedRows: z.number().int(),
  /** The first thousand refusals. */
  rejected: z.array(z.object({ index: z.number().int(), row: z.number().int().nullable(), code: z.string(), path: z.string(), message: z.string() })),
});
export type RollupsAnswer = z.infer<typeof rollupsAnswerSchema>;

export const preserveBodySchema = z
  .strictObject({
    name: z.string().trim().min(1).max(200),
    from: instantSchema,
    to: instantSchema,
    /** Left out: every indicator, every place. A region stands for what lies in it. */
    indicators: z.array(indicatorIdSchema).min(1).optional(),
    places: z.array(placeIdSchema).min(1).optional(),
  })
  .refine(({ from, to }) => from < to, { path: ['from'], message: 'must be before "to"' });
export type PreserveBody = z.infer<typeof preserveBodySchema>;

export const preservedWindowSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  from: instantSchema,
  to: instantSchema,
  indicators: z.array(z.string()).nullable(),
  places: z.array(z.string()).nullable(),
  createdAt: instantSchema,
});
export type PreservedWindow = z.infer<typeof preservedWindowSchema>;
export const preservedAnswerSchema = z.object({ preserved: z.array(preservedWindowSchema) });
