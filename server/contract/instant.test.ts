import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIsoInstant } from './instant.ts';

describe('instants', () => {
  it.each([
    ['2026-01-31T08:00:00+08:00', Date.UTC(2026, 0, 31)],
    ['2026-01-31T08:00:00.123456789+0800', Date.UTC(2026, 0, 31, 0, 0, 0, 123)],
    ['2026-01-31 08:00Z', Date.UTC(2026, 0, 31, 8)],
    ['2026-01-31T24:00:00Z', Date.UTC(2026, 1, 1)],
    ['2024-02-29T00:00:00-05:30', Date.UTC(2024, 1, 29, 5, 30)],
  ])('%s', (text, ms) => {
    expect(parseIsoInstant(text)).toBe(ms);
  });

  it.each([
    '',
    'now',
    '2026-01-31',
    '2026-01-31T08:00:00',
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-31T25:00:00Z',
    '2026-01-31T08:61:00Z',
    '2026-01-31T08:00:00+25:00',
  ])('refuses %j', (text) => {
    expect(parseIsoInstant(text)).toBeNull();
  });

  it('reads back what it is written as', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('1970-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }), (date) => {
        expect(parseIsoInstant(date.toISOString())).toBe(date.getTime());
      }),
    );
  });
});
