/** The calls about the past that are not questions: aggregates from other systems, spreadsheets, windows that are kept. */
import { commonFailures, failed, type Json, json, parameter, pressure, read, ref } from './openapi-parts.ts';

export function pastPaths(): Json {
  return {
    '/api/v1/csv': {
      post: {
        summary: 'Sends a CSV, read by a mapping; with dryRun nothing is stored and every bad row is reported.',
        description: 'The mapping is that of the source, or a JSON in the query. The body may be sent with Content-Encoding: gzip.',
        parameters: [
          parameter('source', 'The source whose `csv` mapping, units and time stamps apply.'),
          parameter('mapping', 'A mapping as JSON, where no source is named.'),
          parameter('dryRun', 'true: judge every row and store nothing.'),
        ],
        requestBody: { required: true, content: { 'text/csv': { schema: { type: 'string' } } } },
        responses: {
          '200': { description: 'Every row counted.', content: json('CsvAnswer') },
          '400': failed('The file or the mapping cannot be read.'),
          ...pressure,
          ...commonFailures,
        },
      },
    },
    '/api/v1/rollups': {
      post: {
        summary: 'Sends aggregates of another system in columns, for time of which no readings are sent. For administrators.',
        description:
          'Values are in the indicators’ own units, and `t` is the start of a bucket, whatever the source’s readings are in. The body may be sent with Content-Encoding: gzip. ' +
          'Long stretches of one series in one entry are stored fastest.',
        parameters: [parameter('source', 'The source that is noted on the series, with its being simulated.')],
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { type: 'object', required: ['rollups'], properties: { rollups: { type: 'array', items: ref('Rollup') } } } } },
        },
        responses: {
          '200': { description: 'Every row counted once; bad rows never cost the good ones.', content: json('RollupsAnswer') },
          '400': failed('The body as a whole is unreadable, or nobody knows the source.'),
          ...pressure,
          ...commonFailures,
        },
      },
    },
    '/api/v1/preserved': {
      ...read('Windows of time whose readings outlive retention. For administrators.', 'Preserved'),
      post: {
        summary: 'Preserves the readings of a window. Journaled.',
        requestBody: { required: true, content: json('Preserve') },
        responses: { '201': { description: 'The number of the window.' }, '400': failed('The body is not as described.'), ...commonFailures },
      },
    },
    '/api/v1/preserved/{id}': {
      delete: {
        summary: 'Takes a window back; its readings end as others of their age. Journaled.',
        parameters: [parameter('id', 'The window.', { in: 'path' })],
        responses: { '204': { description: 'It is kept no longer.' }, '404': failed('No such window.'), ...commonFailures },
      },
    },
  };
}
