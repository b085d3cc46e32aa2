/** What several files of a city's folder are made of: ids, names, durations, units. Each says in its message what would be right. */
import { z } from 'zod';
import { bilingualSchema, ID_PATTERN } from '../contract/index.ts';
import { DURATION_PATTERN, parseDuration } from './duration.ts';
import { hint } from './near.ts';
import { unitIds } from './units.ts';

export const quoted = (input: unknown): string => JSON.stringify(input) ?? 'nothing';

export const id = z
  .string()
  .regex(ID_PATTERN, { error: (issue) => `must be snake_case (a lower-case letter, then letters, digits or _; at most 80), not ${quoted(issue.input)}` })
  .describe('An id: snake_case, unique, never reused for something else.');
export const name = bilingualSchema.describe('The name in Chinese (zh) and English (en); both are shown.');

/** `10m`, `1h30m`, `45s`, `1d` in YAML; milliseconds inside. */
export const durationSchema = z
  .string()
  .regex(DURATION_PATTERN, { error: (issue) => `must be a duration such as 45s, 10m, 1h30m or 1d, not ${quoted(issue.input)}` })
  .describe('A duration such as 45s, 10m, 1h30m or 1d.')
  .transform((text) => parseDuration(text) ?? 0);
export const positiveDuration = durationSchema.refine((ms) => ms > 0, 'must be longer than 0s');

export const unit = z
  .enum(unitIds, {
    error: (issue) => (typeof issue.input === 'string' ? `unknown unit ${quoted(issue.input)}${hint(issue.input, unitIds)} (all units: ${unitIds.join(', ')})` : undefined),
  })
  .describe('The unit, by its id in the table of units.');
export const longitude = z.number().min(-180).max(180);
export const latitude = z.number().min(-90).max(90);
export const bounds = z
  .tuple([longitude, latitude, longitude, latitude])
  .refine(([west, south, east, north]) => west < east && south < north, 'must be west, south, east, north, with west < east and south < north')
  .describe('West, south, east, north in degrees.');
export const relativePath = z
  .string()
  .regex(/^(?!\/)(?!.*\.\.)[\p{L}\p{N}_./-]+$/u, {
    error: (issue) => `must be a path inside the city folder (letters, digits, . _ - and /; neither a leading / nor ..), not ${quoted(issue.input)}`,
  })
  .describe('A path inside the city folder.');

export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
