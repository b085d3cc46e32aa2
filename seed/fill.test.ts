import { describe, expect, it } from 'vitest';
import { fillAbsent, fillDry } from './fill.ts';
import type { Recorded } from './recorded.ts';
import { DAY_MS } from './wall-time.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const series = { indicator: 'depth', place: 'here', facet: null };
const at = (wall: number, value: number): Recorded => ({ ...series, wall, value });
const plan = { series: [series], firstDay: 0, lastDay: 0, everyMs: 10 * MINUTE };
const filledWalls = (readings: readonly Recorded[]): number[] => readings.filter(({ qualityReason }) => qualityReason === 'filled').map(({ wall }) => wall);

describe('dry zeros', () => {
  it('gives a sensor that saw no flood its heartbeat all day, of good quality and marked as filled', () => {
    const filled = fillDry([], plan);
    expect(filled).toHaveLength(144);
    expect(filled[0]).toEqual({ ...series, wall: 0, value: 0, quality: 'good', qualityReason: 'filled' });
    expect(filled.at(-1)?.wall).toBe(DAY_MS - 10 * MINUTE);
  });

  it('puts nothing into a flood, also not into its pauses', () => {
    const flood = [at(HOUR + 3 * MINUTE, 0), at(HOUR + 5 * MINUTE, 8), at(HOUR + 45 * MINUTE, 9), at(HOUR + 47 * MINUTE, 0)];
    const walls = filledWalls(fillDry(flood, plan));
    expect(walls.filter((wall) => wall > HOUR && wall < 2 * HOUR)).toEqual([HOUR + 50 * MINUTE]);
    expect(walls).toContain(HOUR);
  });

  it('keeps recorded zeros and adds no second reading at their time', () => {
    const filled = fillDry([at(HOUR, 0)], plan);
    expect(filled.filter(({ wall }) => wall === HOUR)).toEqual([at(HOUR, 0)]);
    expect(filled).toHaveLength(144);
  });

  it('waits an hour after a flood whose end was not recorded', () => {
    const walls = filledWalls(fillDry([at(HOUR, 12)], plan));
    expect(walls.filter((wall) => wall >= HOUR)[0]).toBe(2 * HOUR + 10 * MINUTE);
  });

  it('fills between two floods', () => {
    const floods = [at(HOUR, 0), at(HOUR + MINUTE, 5), at(HOUR + 2 * MINUTE, 0), at(3 * HOUR, 0), at(3 * HOUR + MINUTE, 4), at(3 * HOUR + 2 * MINUTE, 0)];
    expect(filledWalls(fillDry(floods, plan)).filter((wall) => wall > HOUR && wall < 3 * HOUR)).toHaveLength(11);
  });

  it('fills each sensor for itself', () => {
    const other = { ...series, place: 'there' };
    const filled = fillDry([at(0, 3), at(30 * MINUTE, 3)], { ...plan, series: [series, other] });
    expect(filled.filter(({ place }) => place === 'there')).toHaveLength(144);
    expect(filled.filter(({ place, wall }) => place === 'here' && wall <= 30 * MINUTE)).toEqual([at(0, 3), at(30 * MINUTE, 3)]);
  });
});

describe('absent hours', () => {
  it('become zeros marked as filled, and hours that are there stay', () => {
    const filled = fillAbsent([at(HOUR, 7)], { ...plan, everyMs: HOUR });
    expect(filled).toHaveLength(24);
    expect(filled[1]).toEqual(at(HOUR, 7));
    expect(filled[2]).toEqual({ ...series, wall: 2 * HOUR, value: 0, quality: 'good', qualityReason: 'filled' });
  });
});
