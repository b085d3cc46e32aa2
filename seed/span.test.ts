import { describe, expect, it } from 'vitest';
import { atOnce, atSpeed } from './pace.ts';
import { recordedDay, type Span } from './span.ts';

const span: Span = { today: 100, before: 2, after: 1, anchor: 1000, loop: true };

describe('span', () => {
  it('plays today on the anchor day and its neighbours beside it', () => {
    expect([998, 999, 1000, 1001].map((day) => recordedDay(span, day))).toEqual([98, 99, 100, 101]);
  });

  it('plays nothing before the span', () => {
    expect(recordedDay(span, 997)).toBeNull();
  });

  it('repeats by whole spans', () => {
    expect([1002, 1003, 1004, 1005, 1006].map((day) => recordedDay(span, day))).toEqual([98, 99, 100, 101, 98]);
    expect(recordedDay(span, 998 + 4 * 1000)).toBe(98);
  });

  it('ends after the span when it is not to repeat', () => {
    expect(recordedDay({ ...span, loop: false }, 1001)).toBe(101);
    expect(recordedDay({ ...span, loop: false }, 1002)).toBeNull();
  });

  it('repeats a single day for ever', () => {
    expect([1000, 1001, 1007].map((day) => recordedDay({ today: 5, before: 0, after: 0, anchor: 1000, loop: true }, day))).toEqual([5, 5, 5]);
  });
});

describe('pace', () => {
  it('sends everything as it happens when nothing is sped up', () => {
    expect(atOnce(500).dueAt(300)).toBe(300);
    expect(atOnce(500).caughtUpAt).toBe(500);
  });

  it('plays the past at its speed until it meets the present', () => {
    const pace = atSpeed({ from: 0, startedAt: 1000, speed: 11 });
    expect(pace.dueAt(0)).toBe(1000);
    expect(pace.dueAt(550)).toBe(1050);
    expect(pace.caughtUpAt).toBe(1100);
    expect(pace.dueAt(1100)).toBe(1100);
    expect(pace.dueAt(1099)).toBeLessThan(1100);
    expect(pace.dueAt(5000)).toBe(5000);
  });

  it('refuses a speed that would never catch up', () => {
    for (const speed of [1, 0, -3, Number.NaN]) expect(() => atSpeed({ from: 0, startedAt: 1000, speed })).toThrow(RangeError);
  });
});
