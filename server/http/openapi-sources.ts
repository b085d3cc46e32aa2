/** The API's description: sources and their quarantine. */
import { commonFailures, failed, type Json, json, parameter, read } from './openapi-parts.ts';

export function sourcePaths(): Json {
  const source = parameter('id', 'The source; `http` for readings that were sent without one.', { in: 'path' });
  return {
    '/api/v1/sources': read('How each source fares: state, last success, lag, rate, counts.', 'Sources'),
    '/api/v1/sources/{id}/quarantine': read('What of a source was refused, as it came, newest first.', 'Quarantine', [
      source,
      parameter('limit', 'At most this many entries; default 50, at most 200.'),
      parameter('before', 'Only entries with a smaller id: `next` of the page before.'),
      parameter('code', 'Only entries refused by this code.'),
    ]),
    '/api/v1/sources/{id}/quarantine/replay': {
      post: {
        summary: 'Reads entries again by the source’s present mapping, through the same door. What is accepted leaves. Journaled.',
        parameters: [source],
        requestBody: { content: json('Replay') },
        responses: {
          '200': { description: 'What came of them.', content: json('Replayed') },
          '404': failed('No such source.'),
          '409': failed('The source has left the catalogue.'),
          ...commonFailures,
        },
      },
    },
    '/api/v1/sources/{id}/quarantine/{entry}': {
      delete: {
        summary: 'Discards an entry. Journaled.',
        parameters: [source, parameter('entry', 'The entry.', { in: 'path' })],
        responses: { '204': { description: 'It is gone.' }, '404': failed('No such entry.'), ...commonFailures },
      },
    },
  };
}
