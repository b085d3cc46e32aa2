/** The API's description, made from the same schemas that check requests and type answers, so that it cannot drift from them. */
import { z } from 'zod';
import { demonstrationPaths } from './openapi-demonstration.ts';
import { commonFailures, failed, type Json, json, parameter, pressure, read, ref, schemas } from './openapi-parts.ts';
import { pastPaths } from './openapi-past.ts';
import { sourcePaths } from './openapi-sources.ts';

const seriesParameters = [
  parameter('indicator', 'An indicator’s id; may be repeated.', { many: true }),
  parameter('place', 'A place’s id; may be repeated.', { many: true }),
  parameter('facet', 'A facet’s id; empty for series without one.'),
];

function doorPaths(): Json {
  const gzip = 'The body may be sent with Content-Encoding: gzip.';
  return {
    '/api/v1/readings': {
      post: {
        summary: 'Sends readings; answered after they are committed. One bad reading never costs the good ones.',
        description: gzip,
        parameters: [parameter('source', 'The source whose declarations (units, time stamps) apply, for tokens that are not bound to one.')],
        requestBody: { required: true, content: { ...json('Readings'), 'application/x-ndjson': { schema: ref('Reading') } } },
        responses: {
          '200': { description: 'Every reading counted once.', content: json('IngestAnswer') },
          '400': failed('The body as a whole is unreadable.'),
          ...pressure,
          ...commonFailures,
        },
      },
    },
    '/api/v2/write': {
      post: {
        summary: 'Sends Influx line protocol. The indicator is the measurement (field `value`) or measurement_field; the place is the tag `place`.',
        description: gzip,
        parameters: [parameter('precision', 'Unit of the time stamps: ns (default), us, ms or s.'), parameter('source', 'As for /readings.')],
        requestBody: { required: true, content: { 'text/plain': { schema: { type: 'string' } } } },
        responses: {
          '204': { description: 'Every line is committed.' },
          '400': failed('Some lines were refused, each named; the others are committed.'),
          ...pressure,
          ...commonFailures,
        },
      },
    },
  };
}

function readPaths(): Json {
  return {
    '/api/v1/city': read('The city, its map and its row of vital signs.', 'City'),
    '/api/v1/indicators': read('The indicators.', 'Indicators'),
    '/api/v1/places': read('The city, its regions, stations and facilities.', 'Places'),
    '/api/v1/series': read('The series that exist or are expected.', 'Series', seriesParameters),
    '/api/v1/rules': read('The rules; those that are not active say why.', 'Rules'),
    '/api/v1/latest': read('The newest reading of each series, with age and quality.', 'Latest', seriesParameters),
    '/api/v1/history': read('The past of series in columns, at the finest resolution that fits `points`.', 'History', [
      ...seriesParameters,
      parameter('from', 'ISO 8601 with offset, or epoch ms; default: a day before `to`.'),
      parameter('to', 'ISO 8601 with offset, or epoch ms; default: now.'),
      parameter('points', 'How many points a series may have before a rollup is taken; default 1000.'),
    ]),
    '/api/v1/alerts': read('Open alerts, or with state=ended the newest that have ended.', 'Alerts', [
      parameter('state', 'open (default) or ended.'),
      parameter('limit', 'At most this many ended ones.'),
    ]),
    '/api/v1/alerts/{id}': read('One alert with its journal.', 'Alert', [parameter('id', 'The alert.', { in: 'path' })]),
  };
}

function actionPaths(): Json {
  return {
    '/api/v1/alerts/{id}/acknowledge': {
      post: {
        summary: 'A named person takes notice. Journaled.',
        parameters: [parameter('id', 'The alert.', { in: 'path' })],
        requestBody: { content: json('Acknowledge') },
        responses: {
          '200': { description: 'The alert with its journal.', content: json('Alert') },
          '404': failed('No such alert.'),
          '409': failed('There is nothing to acknowledge.'),
          ...commonFailures,
        },
      },
    },
    '/api/v1/session': {
      post: {
        summary: 'Signs in; the answer sets the session cookie.',
        security: [],
        requestBody: { required: true, content: json('SignIn') },
        responses: {
          '200': { description: 'Who is signed in.', content: json('Session') },
          '401': failed('Name or password is wrong.'),
          '429': failed('Too many refused sign-ins.'),
        },
      },
      ...read('Who is signed in.', 'Session'),
      delete: { summary: 'Signs out.', responses: { '204': { description: 'Signed out.' }, ...commonFailures } },
    },
    '/api/v1/tokens': {
      ...read('Tokens of feeds and walls, without their secrets.', 'Tokens'),
      post: {
        summary: 'Issues a token for a feed or a wall; its secret is shown this once. Journaled.',
        requestBody: { required: true, content: json('NewToken') },
        responses: { '201': { description: 'The token.', content: json('IssuedToken') }, '400': failed('The body is not as described.'), ...commonFailures },
      },
    },
    '/api/v1/tokens/{id}': {
      delete: {
        summary: 'Revokes a token. Journaled.',
        parameters: [parameter('id', 'The token.', { in: 'path' })],
        responses: { '204': { description: 'It opens nothing any more.' }, '404': failed('No such valid token.'), ...commonFailures },
      },
    },
    '/api/v1/session/link': {
      post: {
        summary: 'Signs in by a one-time link.',
        security: [],
        requestBody: { required: true, content: json('SignInLink') },
        responses: { '200': { description: 'Who is signed in.', content: json('Session') }, '401': failed('Used, or too old.') },
      },
    },
  };
}

/** The OpenAPI 3.1 document. */
export function openApiDocument(version: string): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'City Vitals',
      version,
      description: 'City operations vital signs: readings in, history, live values and alerts out. The live stream is described in docs/protocol.md.',
    },
    security: [{ session: [] }, { token: [] }],
    paths: { ...doorPaths(), ...readPaths(), ...pastPaths(), ...sourcePaths(), ...demonstrationPaths(), ...actionPaths() },
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })])),
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'city_vitals_session' }, token: { type: 'http', scheme: 'bearer' } },
    },
  };
}
