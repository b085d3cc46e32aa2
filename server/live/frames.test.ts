import { describe, expect, it } from 'vitest';
import type { ReadingDelta } from '../contract/index.ts';
import { createCoalescer } from './coalesce.ts';
import { createFrameLog, type Frame } from './frames.ts';

const reading = (series: number, value: number) => ({ series, value }) as ReadingDelta;
const frame = (seq: number, readings = 1): Frame => ({
  event: 'readings',
  frame: { seq, serverTime: 0, thinned: false, readings: Array.from({ length: readings }, () => reading(1, 1)) },
});
const seqs = (frames: Frame[] | null) => frames?.map((one) => one.frame.seq) ?? null;

describe('the log of frames', () => {
  it('gives exactly what came after', () => {
    const log = createFrameLog(100);
    for (const seq of [1, 2, 3]) log.push(frame(seq));
    expect(seqs(log.after(0))).toEqual([1, 2, 3]);
    expect(seqs(log.after(2))).toEqual([3]);
    expect(seqs(log.after(3))).toEqual([]);
  });

  it('says so when what was asked is gone, or not there yet', () => {
    const log = createFrameLog(6);
    for (const seq of [1, 2, 3, 4]) log.push(frame(seq));
    expect(seqs(log.after(0))).toBeNull();
    expect(seqs(log.after(1))).toEqual([2, 3, 4]);
    expect(seqs(log.after(5))).toBeNull();
    expect(seqs(createFrameLog(6).after(0))).toEqual([]);
    expect(seqs(createFrameLog(6).after(1))).toBeNull();
  });

  it('holds no more than its capacity, however large a frame', () => {
    const log = createFrameLog(10);
    log.push(frame(1, 50));
    expect(seqs(log.after(0))).toBeNull();
    log.push(frame(2, 3));
    expect(seqs(log.after(1))).toEqual([2]);
  });
});

describe('coalescing', () => {
  it('keeps every reading, in order, while they are few', () => {
    const waiting = createCoalescer(3);
    for (const value of [1, 2, 3]) waiting.add(reading(1, value));
    expect(waiting.take()).toEqual({ readings: [reading(1, 1), reading(1, 2), reading(1, 3)], thinned: false });
    expect(waiting.take()).toEqual({ readings: [], thinned: false });
  });

  it('keeps the newest of each series when they are too many, and says so', () => {
    const waiting = createCoalescer(3);
    for (const [series, value] of [
      [1, 1],
      [2, 1],
      [1, 2],
      [2, 2],
      [1, 3],
    ] as const) {
      waiting.add(reading(series, value));
    }
    expect(waiting.size).toBe(2);
    expect(waiting.take()).toEqual({ readings: [reading(2, 2), reading(1, 3)], thinned: true });
  });

  it('does not say thinned when nothing was left out', () => {
    const waiting = createCoalescer(2);
    for (const series of [1, 2, 3]) waiting.add(reading(series, 1));
    expect(waiting.take().thinned).toBe(false);
  });
});
