/** What a person may write wrong in one source of kind `mqtt`, and what he is told. */
import { describe, expect, it } from 'vitest';
import { check, pathsFrom } from './problems.ts';
import { activeSourceKinds, sourceSchema } from './source-schema.ts';

const reference = (name: string): string => `$\{${name}}`;
const number = { topic: 'pumps/+/power', payload: 'number', indicator: 'pump_power', placeLevel: 2 };
const json = { topic: 'streets/#', payload: 'json' };

function source(change: Record<string, unknown>): unknown {
  return { id: 'broker', name: { zh: '源', en: 'Source' }, kind: 'mqtt', url: 'mqtt://broker.example.org', topics: [json], ...change };
}
function problemsOf(change: Record<string, unknown>): string[] {
  return check(sourceSchema, source(change), { file: 'sources/a.yaml', at: pathsFrom() }).problems.map(({ path, message }) => `${path} | ${message}`);
}

describe('a source of kind mqtt', () => {
  it('needs a broker and one topic; everything else has a sensible default', () => {
    const { value } = check(sourceSchema, source({}), { file: '', at: pathsFrom() });
    expect(value).toMatchObject({ version: '5', topics: [{ topic: 'streets/#', qos: 1, payload: 'json' }] });
    expect(problemsOf({ url: undefined, topics: [] })).toEqual([expect.stringContaining('url | '), 'topics | must have at least 1 entry']);
    expect(activeSourceKinds.has('mqtt')).toBe(true);
  });

  it.each(['mqtt://h', 'mqtts://h:8883', 'ws://h/mqtt', 'wss://h', reference('URL'), `mqtt://me:${reference('PASS')}@h`, 'mqtt://me@h', 'mqtt://[::1]:1883'])(
    'takes the address %s',
    (url) => {
      expect(problemsOf({ url })).toEqual([]);
    },
  );

  it.each([
    ['http://h', /^url \| must begin with mqtt:\/\/, mqtts:\/\/, ws:\/\/ or wss:\/\//],
    ['broker:1883', /^url \| must begin with/],
    ['mqtt://me:pass@h', /^url \| must not hold a password in clear text/],
    ['mqtt://$' + '{URL', /^url \| a reference to the environment is written/],
    [`$${'{my-url}'}`, /^url \| a reference to the environment is written/],
  ])('refuses the address %s', (url, message) => {
    expect(problemsOf({ url })).toEqual([expect.stringMatching(message)]);
  });

  it('keeps passwords out of the folder', () => {
    expect(problemsOf({ username: 'me', password: reference('PASS') })).toEqual([]);
    expect(problemsOf({ username: 'me', password: 'secret' })).toEqual([expect.stringMatching(/^password \| must not stand here in clear text: write \$\{NAME\}/)]);
    expect(problemsOf({ password: 'secret' }).join()).not.toContain('secret');
  });

  it.each([
    ['no topic filter', { ...json, topic: 'a/#/b' }, 'topics[0].topic | # must be the last level: nothing can follow it (level 2)'],
    ['an unknown payload', { ...json, payload: 'xml' }, 'topics[0].payload | must be one of json, line, number; not "xml"'],
    ['a misspelt key', { ...json, maping: '$' }, 'topics[0].maping | unknown key; did you mean "mapping"?'],
    ['a key of another payload', { ...json, placeLevel: 2 }, expect.stringMatching(/^topics\[0\]\.placeLevel \| unknown key/)],
    ['QoS 2', { ...json, qos: 2 }, expect.stringMatching(/^topics\[0\]\.qos \| /)],
    ['a mapping that does not parse', { ...json, mapping: '{"a": }' }, expect.stringMatching(/^topics\[0\]\.mapping \| is no JSONata expression: .*\(at character \d+\)$/)],
    ['a mapping that calls what is not there', { ...json, mapping: '$localtime(at)' }, 'topics[0].mapping | knows no $localtime; did you mean $localTime?'],
    ['both kinds of place', { ...number, place: 'pump_house' }, 'topics[0].place | give either place (one for all) or placeLevel (a level of the topic)'],
    ['no place', { ...number, placeLevel: undefined }, 'topics[0].place | give either place (one for all) or placeLevel (a level of the topic)'],
    ['a level that is not there', { ...number, placeLevel: 4 }, 'topics[0].placeLevel | the topic "pumps/+/power" has no level 4'],
    ['a table of places without a level', { ...number, placeLevel: undefined, place: 'p', places: { a: 'b' } }, 'topics[0].places | has a meaning only beside placeLevel'],
  ])('is told of %s', (_name, topic, message) => {
    expect(problemsOf({ topics: [topic] })).toEqual([message]);
  });

  it('needs key and certificate together', () => {
    expect(problemsOf({ tls: { cert: 'a.pem' } })).toEqual(['tls | cert and key belong together: give both or neither']);
  });
});

describe('every kind of source', () => {
  it('may say how often something must come', () => {
    expect(check(sourceSchema, source({ expectedEvery: '2m' }), { file: '', at: pathsFrom() }).value).toMatchObject({ expectedEvery: 120_000 });
    expect(problemsOf({ expectedEvery: '0s' })).toEqual(['expectedEvery | must be longer than 0s']);
  });
});
