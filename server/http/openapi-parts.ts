/** What descriptions of calls are made of: the schemas by name, and how parameters, bodies and failures are said. */
import {
  acknowledgeBodySchema,
  alertAnswerSchema,
  alertsAnswerSchema,
  cityAnswerSchema,
  csvAnswerSchema,
  errorAnswerSchema,
  eventBodySchema,
  eventsAnswerSchema,
  historyAnswerSchema,
  indicatorsAnswerSchema,
  ingestAnswerSchema,
  latestAnswerSchema,
  linkBodySchema,
  placesAnswerSchema,
  playBodySchema,
  preserveBodySchema,
  preservedAnswerSchema,
  quarantineAnswerSchema,
  readingInputSchema,
  readingsBodySchema,
  replayAnswerSchema,
  replayBodySchema,
  rollupInputSchema,
  rollupsAnswerSchema,
  rulesAnswerSchema,
  seriesAnswerSchema,
  sessionAnswerSchema,
  sessionBodySchema,
  simulationSchema,
  sourcesAnswerSchema,
  tokenAnswerSchema,
  tokenBodySchema,
  tokensAnswerSchema,
} from '../contract/index.ts';

export type Json = Record<string, unknown>;

export const schemas = {
  Readings: readingsBodySchema,
  Reading: readingInputSchema,
  IngestAnswer: ingestAnswerSchema,
  Indicators: indicatorsAnswerSchema,
  Places: placesAnswerSchema,
  Series: seriesAnswerSchema,
  Latest: latestAnswerSchema,
  History: historyAnswerSchema,
  Alerts: alertsAnswerSchema,
  Alert: alertAnswerSchema,
  Acknowledge: acknowledgeBodySchema,
  Rules: rulesAnswerSchema,
  City: cityAnswerSchema,
  SignIn: sessionBodySchema,
  SignInLink: linkBodySchema,
  Session: sessionAnswerSchema,
  NewToken: tokenBodySchema,
  IssuedToken: tokenAnswerSchema,
  Tokens: tokensAnswerSchema,
  Rollup: rollupInputSchema,
  RollupsAnswer: rollupsAnswerSchema,
  Preserve: preserveBodySchema,
  Preserved: preservedAnswerSchema,
  CsvAnswer: csvAnswerSchema,
  Sources: sourcesAnswerSchema,
  Quarantine: quarantineAnswerSchema,
  Replay: replayBodySchema,
  Replayed: replayAnswerSchema,
  Events: eventsAnswerSchema,
  NewEvent: eventBodySchema,
  Simulation: simulationSchema,
  Play: playBodySchema,
  Error: errorAnswerSchema,
} as const;

export type Name = keyof typeof schemas;

export const ref = (name: Name): Json => ({ $ref: `#/components/schemas/${name}` });
export const json = (name: Name): Json => ({ 'application/json': { schema: ref(name) } });
export const failed = (description: string): Json => ({ description, content: json('Error') });
export const parameter = (name: string, description: string, options: { required?: boolean; many?: boolean; in?: 'query' | 'path' } = {}): Json => ({
  name,
  in: options.in ?? 'query',
  required: options.required ?? options.in === 'path',
  description,
  schema: options.many === true ? { type: 'array', items: { type: 'string' } } : { type: 'string' },
  ...(options.many === true ? { explode: true } : {}),
});
export const commonFailures = { '401': failed('No credential, or none that holds.'), '403': failed('A credential that may not do this.') };

export function read(summary: string, answer: Name, parameters: Json[] = []): Json {
  return {
    get: { summary, parameters, responses: { '200': { description: summary, content: json(answer) }, '400': failed('A parameter is not as described.'), ...commonFailures } },
  };
}

/** Of every door for readings. */
export const pressure = {
  '413': failed('The body is too large after unpacking.'),
  '429': failed('Slow down; see Retry-After.'),
  '503': failed('Nothing was taken; send it again after Retry-After.'),
};
