/** The API's description: marked events, and the clock and scenarios of a demonstration. */
import { commonFailures, failed, type Json, json, parameter, read } from './openapi-parts.ts';

export function demonstrationPaths(): Json {
  const feedOnly = 'For administrators and the server’s own feed.';
  return {
    '/api/v1/events': {
      ...read('Marked windows of time, the newest first.', 'Events', [
        parameter('from', 'Only events that end after this: ISO 8601 with an offset, or epoch milliseconds.'),
        parameter('to', 'Only events that begin before this.'),
      ]),
      post: {
        summary: `Marks a window of time; one of the same kind and times is not marked twice. Journaled. ${feedOnly}`,
        requestBody: { required: true, content: json('NewEvent') },
        responses: { '201': { description: 'The number of the event.' }, '400': failed('The body is not as described.'), ...commonFailures },
      },
    },
    '/api/v1/events/{id}': {
      delete: {
        summary: `Takes a mark back. Journaled. ${feedOnly}`,
        parameters: [parameter('id', 'The event.', { in: 'path' })],
        responses: { '204': { description: 'It is gone.' }, '404': failed('No such event.'), ...commonFailures },
      },
    },
    '/api/v1/simulation': read('The clock of a demonstration city, and every scenario that was played. 404 in a city without a simulator.', 'Simulation'),
    '/api/v1/simulation/scenarios': {
      post: {
        summary: `Plays a scenario from now on, at up to 120 times true speed, or puts one into the past. Journaled. ${feedOnly}`,
        requestBody: { required: true, content: json('Play') },
        responses: {
          '201': { description: 'The number of the scenario.' },
          '400': failed('The body is not as described, begins ahead of the clock, or gives a speed to the past.'),
          '409': failed('Another scenario is being played.'),
          ...commonFailures,
        },
      },
    },
    '/api/v1/simulation/scenarios/{id}': {
      delete: {
        summary: `Stops a scenario that is being played; the clock goes back to true speed, and stays as far ahead as it is. Journaled. ${feedOnly}`,
        parameters: [parameter('id', 'The scenario.', { in: 'path' })],
        responses: { '204': { description: 'It is stopped.' }, '404': failed('It is not being played.'), ...commonFailures },
      },
    },
  };
}
