/** Aggregates from other systems, and windows whose readings are kept: what an administrator sends about the past. */
import { z } from 'zod';
import { indicatorIdSchema, instantSchema, placeIdSchema } from './ids.ts';

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
    t: column.max(50_000),
    count: column,
    sum: column,
    min: nullableColumn,
    max: nullableColumn,
    last: nullableColumn.optional(),
    badCount: column.optional(),
    suspectCount: column.optional(),
  })
  .superRefine((rollup, context) => {
    for (const key of ['count', 'sum', 'min', 'max', 'last', 'badCount', 'suspectCount'] as const) {
      const length = rollup[key]?.length;
      if (length !== undefined && length !== rollup.t.length) context.addIssue({ code: 'custom', path: [key], message: `has ${length} entries; t has ${rollup.t.length}` });
    }
  });
export type RollupInput = z.infer<typeof rollupInputSchema>;

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
