import fc from 'fast-check';
import { expect, it } from 'vitest';
import { missing } from './recent.ts';

const HOUR = 3_600_000;
const base = Date.parse('2026-11-24T01:34:56Z');
const end = Math.floor((base - 48 * HOUR) / HOUR) * HOUR;

it('begins with the newest hour and reaches the oldest, each hour once', () => {
  const { gap, hours } = missing({ liveUntil: base, recentTo: base }, { now: base + 700, end });
  expect(gap).toBeNull();
  expect(hours[0]).toEqual({ from: Date.parse('2026-11-24T01:00:00Z'), to: base });
  expect(hours.at(-1)?.from).toBe(end);
  for (const [i, { to }] of hours.entries()) if (i > 0) expect(to).toBe(hours[i - 1]?.from);
});

it('fills what came while it was away, and goes on with the hours where it was stopped', () => {
  const { gap, hours } = missing({ liveUntil: base, recentTo: end + 2 * HOUR }, { now: base + HOUR, end });
  expect(gap).toEqual({ from: base - 3 * HOUR, to: base + HOUR });
  expect(hours).toEqual([
    { from: end + HOUR, to: end + 2 * HOUR },
    { from: end, to: end + HOUR },
  ]);
});

it('skips nothing, however long or short it was away: what is in no gap is left to the live stream', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 13 * 24 * HOUR }), (away) => {
      const now = base + away;
      const { gap } = missing({ liveUntil: base, recentTo: end }, { now, end });
      // The live stream goes on from `now` after a gap, and from `liveUntil` without one.
      if (gap !== null) expect([gap.from <= base, gap.to]).toEqual([true, now]);
      else expect(away).toBeLessThanOrEqual(5_000);
    }),
  );
});

it('does not send what would be refused as too old after weeks away', () => {
  const now = base + 40 * 24 * HOUR;
  expect(missing({ liveUntil: base, recentTo: end }, { now, end }).gap).toEqual({ from: now - 14 * 24 * HOUR, to: now });
});
