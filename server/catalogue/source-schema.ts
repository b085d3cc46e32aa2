/** `sources/*.yaml`: who sends readings, in which units and stamps, and by which door. One kind for each connector. */
import { z } from 'zod';
import { qualitySchema } from '../contract/index.ts';
import { csvDropFields, csvMappingSchema } from './csv-schema.ts';
import { mqttFields } from './mqtt-schema.ts';
import { id, name, positiveDuration, unit } from './schema-parts.ts';

const sourceSeries = z.strictObject({
  unit: unit.optional().describe('The unit it is sent in, when not the indicator’s own.'),
  stampedAt: z.enum(['start', 'end']).optional(),
  quality: qualitySchema.optional(),
});
const sourceCommon = {
  id,
  name,
  attribution: z.string().optional().describe('Whose data, under which terms.'),
  simulated: z.boolean().default(false).describe('True for simulators and replays: everything it sends carries the label.'),
  stampedAt: z.enum(['start', 'end']).default('start').describe('Whether the sender stamps an interval with its start or its end.'),
  absent: z.enum(['zero', 'unknown']).default('unknown').describe('What the absence of a reading means.'),
  indicators: z.record(id, sourceSeries).default({}).describe('What it sends, and in which unit.'),
  expectedEvery: positiveDuration
    .optional()
    .describe('How often something must come from it, or it is told to be silent. Default: the smallest interval of the indicators it declares.'),
  lineProtocol: z
    .strictObject({ measurements: z.record(z.string(), id).default({}), placeTag: z.string().default('place'), facetTag: z.string().default('facet') })
    .optional()
    .describe('How Influx line protocol is mapped.'),
};
const pushSource = z.strictObject({
  ...sourceCommon,
  kind: z.literal('push').describe('Sends to the HTTP door with a token of its own.'),
  csv: csvMappingSchema.optional().describe('How its CSV uploads are read.'),
});
const replaySource = z.strictObject({
  ...sourceCommon,
  kind: z.literal('replay').describe('A recording, sent again with its time shifted by whole days.'),
  recording: id.describe('The recording’s name in seed/recordings.'),
  /** The recorded day that becomes today, local to the recording. */
  today: z.iso.date().describe('The recorded day that is played as today.'),
  days: z
    .strictObject({ before: z.number().int().min(0).max(60), after: z.number().int().min(0).max(60) })
    .describe('How many recorded days around it are played; then the span repeats.'),
  heartbeat: positiveDuration.optional().describe('For recordings of events only: how often a dry zero is sent between them, marked as filled in.'),
});
const mqttSource = z.strictObject({ ...sourceCommon, kind: z.literal('mqtt').describe('Subscribes to a broker.'), ...mqttFields });
const csvDropSource = z.strictObject({ ...sourceCommon, kind: z.literal('csv_drop').describe('Reads the CSV files that are put into a folder.'), ...csvDropFields });
const simulatorSource = z.strictObject({
  ...sourceCommon,
  kind: z.literal('simulator').describe('The demonstration’s simulator, standing in for a department’s feed.'),
  simulated: z.literal(true).default(true),
  domains: z.array(id).min(1).describe('The domains whose indicators it sends; a domain has one simulator.'),
});
const laterSource = z.looseObject({ ...sourceCommon, kind: z.enum(['http_poll', 'sql_poll']).describe('Not built yet: loads as not active.') });
export const sourceSchema = z.discriminatedUnion('kind', [pushSource, replaySource, mqttSource, csvDropSource, simulatorSource, laterSource]);
export const sourcesSchema = z.strictObject({ sources: z.array(sourceSchema) });
export const activeSourceKinds: ReadonlySet<string> = new Set(['push', 'replay', 'mqtt', 'csv_drop', 'simulator']);

export type Source = z.infer<typeof sourceSchema>;
export type ReplaySource = z.infer<typeof replaySource>;
export type MqttSource = z.infer<typeof mqttSource>;
export type CsvDropSource = z.infer<typeof csvDropSource>;
