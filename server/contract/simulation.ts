/** The one clock of a demonstration city, and the scenarios played on it. A city without a simulator has none of this. */
import { z } from 'zod';
import { bilingualSchema, ID_PATTERN, instantSchema } from './ids.ts';

/** A week in an hour and a half: faster than this the store would fall behind the clock. */
export const FASTEST = 120;
const scenarioIdSchema = z.string().regex(ID_PATTERN);

export const scenarioSchema = z.object({
  id: z.number().int(),
  /** The script's id: `typhoon`. */
  scenario: scenarioIdSchema,
  name: bilingualSchema,
  /** On the demonstration's clock. */
  startsAt: instantSchema,
  endsAt: instantSchema,
  /** Stopped before its end, at this instant; null while it was not. */
  stoppedAt: instantSchema.nullable(),
});
export type PlayedScenario = z.infer<typeof scenarioSchema>;

export const simulationSchema = z.object({
  serverTime: instantSchema,
  /** How many seconds of the city pass in one: 1 but while a scenario is played faster. */
  speed: z.number(),
  /** How far the city's clock is ahead of the true one, milliseconds: what fast scenarios have left behind. */
  aheadMs: z.number(),
  scenarios: z.array(scenarioSchema),
});
export type Simulation = z.infer<typeof simulationSchema>;

export const playBodySchema = z.strictObject({
  scenario: scenarioIdSchema,
  name: bilingualSchema,
  durationMs: z
    .number()
    .int()
    .positive()
    .max(31 * 86_400_000),
  /** When it begins; default: now. In the past, it is put into history. */
  startsAt: z.number().int().optional(),
  /** Only for a scenario that begins now. */
  speed: z.number().min(1).max(FASTEST).default(1),
});
export type PlayBody = z.infer<typeof playBodySchema>;

/** What the simulator remembers of its own back-fill, kept in the store so that a stop loses nothing. */
export const progressBodySchema = z.strictObject({ progress: z.record(z.string(), z.unknown()) });
