/** Query strings, checked by a schema; a name that comes once or many times is a list either way. */
import type { Request } from 'express';
import { z } from 'zod';
import { parseIsoInstant } from '../contract/index.ts';

export const listParameter = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .transform((value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]));

/** An instant: ISO 8601 with an offset, or epoch ms. */
export const instantParameter = z.string().transform((text, context) => {
  const ms = /^-?\d{1,15}$/.test(text) ? Number(text) : parseIsoInstant(text);
  if (ms !== null) return ms;
  context.addIssue({ code: 'custom', message: 'must be ISO 8601 with an offset (2026-01-31T08:00:00+08:00) or epoch milliseconds' });
  return z.NEVER;
});

export function parseQuery<T extends z.ZodType>(request: Request, schema: T): z.infer<T> {
  return schema.parse(request.query);
}
