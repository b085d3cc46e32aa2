import { expect, it } from 'vitest';
import { retentionOf, retentionProblem } from './storage.ts';

const DAY = 86_400_000;
const storage = { rawHorizon: 60 * DAY, retention: { raw: 90 * DAY, '1m': 400 * DAY, '1h': 3650 * DAY }, compressAfter: 14 * DAY };

it('an indicator’s own times go before the city’s; what nobody names is kept for ever', () => {
  expect(retentionOf(storage, {})).toEqual({ raw: 90 * DAY, '1m': 400 * DAY, '1h': 3650 * DAY, '1d': null });
  expect(retentionOf(storage, { retention: { raw: 200 * DAY } })).toMatchObject({ raw: 200 * DAY, '1m': 400 * DAY });
});

it.each([
  ['the default', {}, null],
  ['readings that end before a late one is refused', { raw: 61 * DAY }, 'rawHorizon'],
  ['hours that end before minutes', { '1h': 100 * DAY }, '1h must not be kept for less time than 1m'],
  ['days that end before hours', { '1d': 365 * DAY }, '1d must not be kept for less time than 1h'],
])('%s', (_name, retention, problem) => {
  const found = retentionProblem(retentionOf(storage, { retention }), storage.rawHorizon);
  if (problem === null) expect(found).toBeNull();
  else expect(found).toContain(problem);
});
