/** Events: marked windows of time that people compare with: a storm, a typhoon, a drill. They change no data. */
import { z } from 'zod';
import { bilingualSchema, ID_PATTERN, instantSchema } from './ids.ts';

/** What an event was. `storm`, `typhoon`, `heatwave`, `holiday`, `drill` …: a snake_case word that the page may know a name for. */
const eventKindSchema = z.string().regex(ID_PATTERN);

export const eventBodySchema = z
  .strictObject({
    kind: eventKindSchema,
    name: bilingualSchema,
    /** Epoch milliseconds, `to` excluded. */
    from: z.number().int(),
    to: z.number().int(),
  })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'must be later than from' });
export type EventBody = z.infer<typeof eventBodySchema>;

export const eventSchema = z.object({ id: z.number().int(), kind: eventKindSchema, name: bilingualSchema, from: instantSchema, to: instantSchema });
export type CityEvent = z.infer<typeof eventSchema>;
export const eventsAnswerSchema = z.object({ events: z.array(eventSchema) });
