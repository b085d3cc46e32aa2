import { expect, it } from 'vitest';
import { indicatorIdSchema, seriesIdSchema } from '../contract/index.ts';
import { createHistoryWriter, toAnswer } from './history-answer.ts';

const name = { series: seriesIdSchema.parse(1), indicator: indicatorIdSchema.parse('a'), place: 'b', facet: null, simulated: false };
const shape = { resolution: 'raw' as const, bucketMs: null, gapMs: 5 };
const answer = (t: number[], value: number[], quality: number[]) =>
  toAnswer(name, shape, { raw: { t: Float64Array.from(t), value: Float64Array.from(value), quality: Float64Array.from(quality) }, revised: [] });

it('writes what JSON.stringify would, whatever lines have in common', () => {
  const lines = [answer([1, 2], [5, 6], [0, 1]), answer([1, 2], [5, 7], [0, 0]), answer([1, 3], [5, 6], [0, 2]), answer([1, 3], [5, 6], [0, 2]), answer([], [], [])];
  const write = createHistoryWriter();
  expect(lines.map((line) => JSON.parse(write(line)))).toEqual(lines.map((line) => JSON.parse(JSON.stringify(line))));
});

it('gives a bad reading no value, and counts it', () => {
  expect(answer([1, 2], [5, 6], [0, 2])).toMatchObject({ mean: [5, null], sum: [5, 0], count: [1, 0], badCount: [0, 1] });
});
