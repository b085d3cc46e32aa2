import { expect, it } from 'vitest';
import { readConfig } from './config.ts';

it('has a default for everything', () => {
  expect(readConfig({}, '/srv/city-vitals')).toEqual({
    host: '127.0.0.1',
    port: 8080,
    dataDirectory: '/srv/city-vitals/.data',
    databaseUrl: null,
    configDirectory: '/srv/city-vitals/metrics-config/open-data',
    adminPassword: undefined,
    ingestToken: undefined,
    trustProxy: false,
    logLevel: 'info',
  });
});

it('takes a variable that is set but empty as not set', () => {
  expect(readConfig({ PORT: '', DATABASE_URL: '', TRUST_PROXY: '' }, '/').port).toBe(8080);
});

it.each([
  ['PORT', 'eighty'],
  ['PORT', '70000'],
  ['DATABASE_URL', 'mysql://x'],
  ['ADMIN_PASSWORD', 'short'],
  ['INGEST_TOKEN', 'too-short'],
  ['INGEST_TOKEN', 'with spaces in between'],
  ['LOG_LEVEL', 'loud'],
  ['REDIS_URL', 'redis://x'],
])('names %s=%s as bad', (name, value) => {
  expect(() => readConfig({ [name]: value }, '/')).toThrow(name);
});

it('names all that is bad, not only the first', () => {
  expect(() => readConfig({ PORT: 'x', LOG_LEVEL: 'loud' }, '/')).toThrow(/PORT[\s\S]*LOG_LEVEL/);
});

it.each([
  ['true', true],
  ['false', false],
  ['2', 2],
  ['10.0.0.0/8', '10.0.0.0/8'],
])('reads TRUST_PROXY=%s', (text, value) => {
  expect(readConfig({ TRUST_PROXY: text }, '/').trustProxy).toBe(value);
});
