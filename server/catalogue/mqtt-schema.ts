/** What a source of kind `mqtt` declares: the broker, who we are to it, and for each topic how its payload becomes readings. */
import { z } from 'zod';
import { mappingProblem } from './mapping-text.ts';
import { id, quoted } from './schema-parts.ts';
import { canHaveLevel, filterProblem } from './topic-filter.ts';

/** The part of a text that the environment fills in: `${NAME}`. */
export const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;
const SCHEME = /^(mqtts?|wss?):\/\//;

const hasReference = (text: string): boolean => text.search(REFERENCE) >= 0;

const text = z
  .string()
  .min(1)
  .refine((value) => !value.replace(REFERENCE, '').includes('${'), { error: `a reference to the environment is written \${NAME}: letters, digits and _, closed by }` });

const url = text
  .refine((value) => SCHEME.test(value) || value.startsWith('${'), {
    error: (issue) => `must begin with mqtt://, mqtts://, ws:// or wss:// (or be \${NAME}), not ${quoted(issue.input)}`,
  })
  .refine((value) => inlinePassword(value) === null || hasReference(inlinePassword(value) ?? ''), {
    error: `must not hold a password in clear text: write \${NAME} in its place and set NAME in the environment of the server`,
  })
  .describe(`The broker: mqtt://host:1883, mqtts://host:8883, ws://host/mqtt or wss://host/mqtt. \${NAME} is taken from the environment.`);

/** What stands for the password in `mqtt://user:password@host`. */
function inlinePassword(value: string): string | null {
  const account = /^[a-z]+:\/\/([^/]*)@/.exec(value)?.[1];
  const colon = account?.indexOf(':') ?? -1;
  return account === undefined || colon < 0 ? null : account.slice(colon + 1);
}

const topicCommon = {
  topic: z
    .string()
    .check((context) => {
      const message = filterProblem(context.value);
      if (message !== null) context.issues.push({ code: 'custom', message, input: context.value });
    })
    .describe('The topic; + stands for one level, # for all that follow; $share/group/… shares it among the servers of a group.'),
  qos: z
    .union([z.literal(0), z.literal(1)])
    .default(1)
    .describe('1: the broker keeps each message until it is stored here. 0: may lose some, for feeds that repeat themselves.'),
};

const jsonTopic = z.strictObject({
  ...topicCommon,
  payload: z.literal('json').describe('JSON: readings of our own shape (one, a list, or {readings: […]}), or anything else with a mapping.'),
  mapping: z
    .string()
    .min(1)
    .max(20_000)
    .check((context) => {
      const message = mappingProblem(context.value);
      if (message !== null) context.issues.push({ code: 'custom', message, input: context.value });
    })
    .optional()
    .describe(
      'A JSONata expression that makes one reading or a list of them from the payload. $topic is the list of the topic’s levels ($topic[0] the first), $topicText the whole, $receivedAt the time of arrival in epoch ms, $localTime(text, format) reads a local time of the city.',
    ),
});

const lineTopic = z.strictObject({
  ...topicCommon,
  payload: z.literal('line').describe('Influx line protocol, one or more lines; lineProtocol of the source maps it.'),
  precision: z.enum(['ns', 'us', 'ms', 's']).default('ns').describe('The unit of the timestamps.'),
});

const numberTopic = z
  .strictObject({
    ...topicCommon,
    payload: z.literal('number').describe('A plain number as text, such as 12.5; its time is the time of arrival.'),
    indicator: id.describe('The indicator that the number is a reading of.'),
    place: id.optional().describe('The place of all messages of this topic.'),
    placeLevel: z.number().int().min(1).max(128).optional().describe('The level of the topic that names the place, counted from 1: in city/pumps/p7 level 3 is p7.'),
    places: z.record(z.string(), id).default({}).describe('Where the level of the topic is not our id of the place: what stands there, and our id.'),
    facet: id.optional().describe('The facet of the indicator, if it has any.'),
  })
  .check((context) => {
    const { topic, place, placeLevel, places } = context.value;
    const problem = (path: string, message: string): void => void context.issues.push({ code: 'custom', path: [path], message, input: context.value });
    if ((place === undefined) === (placeLevel === undefined)) problem('place', 'give either place (one for all) or placeLevel (a level of the topic)');
    else if (placeLevel === undefined && Object.keys(places).length > 0) problem('places', 'has a meaning only beside placeLevel');
    if (placeLevel !== undefined && !canHaveLevel(topic, placeLevel)) problem('placeLevel', `the topic ${quoted(topic)} has no level ${placeLevel}`);
  });

export const mqttTopicSchema = z.discriminatedUnion('payload', [jsonTopic, lineTopic, numberTopic]);
export type MqttTopic = z.infer<typeof mqttTopicSchema>;
export type JsonTopic = z.infer<typeof jsonTopic>;
export type LineTopic = z.infer<typeof lineTopic>;
export type NumberTopic = z.infer<typeof numberTopic>;

const file = z.string().min(1).describe('Path of a PEM file: absolute, or relative to the city’s folder. Read anew at each connection.');

const tls = z
  .strictObject({
    ca: file
      .optional()
      .describe('The certificate authority that signed the broker’s certificate, when the system does not know it: a PEM file, absolute or relative to the city’s folder.'),
    cert: file.optional().describe('Our own certificate, where the broker asks for one: a PEM file.'),
    key: file.optional().describe('The private key of our certificate: a PEM file, readable by the server alone.'),
    rejectUnauthorized: z.boolean().default(true).describe('false accepts any certificate: for a trial only.'),
  })
  .refine(({ cert, key }) => (cert === undefined) === (key === undefined), { error: 'cert and key belong together: give both or neither' });

export const mqttFields = {
  url,
  version: z.enum(['5', '3.1.1']).default('5').describe('The version of MQTT; 3.1.1 for brokers that do not speak 5.'),
  username: text.optional().describe(`The account at the broker; \${NAME} is taken from the environment.`),
  password: text
    .refine(hasReference, { error: `must not stand here in clear text: write \${NAME} and set NAME in the environment of the server` })
    .optional()
    .describe(`The password as \${NAME}, taken from the environment: it never stands in the city’s folder.`),
  clientId: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Our name to the broker, under which it keeps what is not taken yet; default city_vitals_<city>_<source>. No two clients may have the same.'),
  tls: tls.optional().describe('For mqtts:// and wss://: certificates.'),
  topics: z.array(mqttTopicSchema).min(1).describe('What is subscribed to. A message is read by the first entry whose topic takes it.'),
};
