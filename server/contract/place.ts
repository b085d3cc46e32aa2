/** Places: the city, its regions, stations and facilities are one kind of thing, so that a reading, a rule or a chart needs one word for "where". */
import { z } from 'zod';
import { bilingualSchema, placeIdSchema } from './ids.ts';

export const placeKinds = ['city', 'region', 'station', 'facility'] as const;
export const placeKindSchema = z.enum(placeKinds);

export const placeSchema = z.object({
  id: placeIdSchema,
  kind: placeKindSchema,
  name: bilingualSchema,
  /** The place this one lies in; null for the city. */
  parent: placeIdSchema.nullable(),
  /** WGS 84, degrees; null where a place has no point of its own. */
  location: z.object({ longitude: z.number(), latitude: z.number() }).nullable(),
  /** What a person would add in brackets: the true city of a recorded station, for instance. */
  note: bilingualSchema.nullable(),
  retired: z.boolean(),
});
export type Place = z.infer<typeof placeSchema>;
