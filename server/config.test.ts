import { expect, it } from 'vitest';
import { readConfig } from './config.ts';

it('has a default for everything', () => {
  expect(readConfig({}, '/srv/city-vitals')).toEqual({
    host: '127.0.0.1',
    port: 8080,
    dataDirectory: '/srv/city-vitals/.data',
    databaseUrl: null,
    configDirectory: '/srv/city-vitals/metrics-config/linjiang',
    adminPassword: undefined,
    ingestToken: undefined,
    trustProxy: false,
    backup: null,
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
  ['BACKUP_EVERY', 'daily'],
  ['BACKUP_EVERY', '0m'],
  ['BACKUP_KEEP', '0'],
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

it('makes backups once a day and keeps a week of them, unless told otherwise', () => {
  expect(readConfig({ BACKUP_DIR: 'backups' }, '/srv').backup).toEqual({ directory: '/srv/backups', everyMs: 86_400_000, keep: 7 });
  expect(readConfig({ BACKUP_DIR: '/var/backups/city', BACKUP_EVERY: '6h', BACKUP_KEEP: '30' }, '/srv').backup).toEqual({
    directory: '/var/backups/city',
    everyMs: 21_600_000,
    keep: 30,
  });
});
