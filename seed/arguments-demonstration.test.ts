import { expect, it } from 'vitest';
import { parseDemonstration } from './arguments-demonstration.ts';

const now = Date.parse('2026-09-01T00:00:00Z');
const parse = (text: string) => parseDemonstration(text.split(' '), now);

it('plays a scenario now, at a speed, or in the past', () => {
  expect(parse('scenario typhoon')).toMatchObject({ kind: 'scenario', name: 'typhoon', speed: 1, at: null, url: null, city: 'metrics-config/linjiang' });
  expect(parse('scenario typhoon --speed 60')).toMatchObject({ speed: 60, at: null });
  expect(parse('scenario cloudburst --at 3d')).toMatchObject({ at: now - 3 * 86_400_000 });
  expect(parse('scenario cloudburst --at 2026-08-20T06:00:00+08:00')).toMatchObject({ at: Date.parse('2026-08-19T22:00:00Z') });
});

it('lists without a name, stops, counts and simulates', () => {
  expect(parse('scenario')).toMatchObject({ kind: 'scenario', name: null });
  expect(parse('stop')).toMatchObject({ kind: 'stop' });
  expect(parse('crossings --days 2 --scenario typhoon --from 5d --seed 7')).toMatchObject({ kind: 'crossings', days: 2, scenario: 'typhoon', from: now - 5 * 86_400_000, seed: 7 });
  expect(parse('simulate --url http://localhost:1 --with-parent')).toMatchObject({ kind: 'simulate', url: 'http://localhost:1', days: undefined, withParent: true });
});

it.each([
  ['scenario typhoon --speed 0.5', '--speed must be a number from 1 to 120'],
  ['scenario typhoon --speed 500', '--speed must be'],
  ['scenario typhoon --speed 2 --at 3d', 'the past has no speed'],
  ['scenario typhoon --at soon', '--at must be a duration'],
  ['scenario typhoon twice', 'scenario takes no "twice"'],
  ['stop typhoon', 'stop takes no "typhoon"'],
  ['stop --speed 2', 'stop takes no --speed'],
  ['simulate --days 0', '--days must be a whole number from 1'],
  ['simulate --seed x', '--seed must be a whole number'],
  ['simulate --url ftp://x', '--url must be an http address'],
  ['dance', 'unknown command: dance'],
])('%s is wrong, and says how', (text, message) => {
  expect(() => parse(text)).toThrow(message);
});
