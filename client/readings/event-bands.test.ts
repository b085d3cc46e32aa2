import { expect, test } from 'vitest';
import type { CityEvent } from '../../server/contract/index.ts';
import { type Frame, MARGIN } from './chart-option.ts';
import { eventBands } from './event-bands.ts';

/** A pixel is a second. */
const frame: Frame = { width: MARGIN.left + MARGIN.right + 1000, height: 300, from: 0, to: 1_000_000, scale: { min: 0, max: 1, ticks: [] } };
const event = (id: number, from: number, to: number): CityEvent => ({ id, kind: 'storm', name: { zh: '暴雨', en: 'Storm' }, from: from * 1000, to: to * 1000 });

test('an event is a band from its beginning to its end, cut at the picture’s edges', () => {
  const [inside] = eventBands([event(1, 100, 300)], frame);
  expect([inside?.left, inside?.width]).toEqual([MARGIN.left + 100, 200]);
  const [cut] = eventBands([event(1, -500, 5000)], frame);
  expect([cut?.left, cut?.width]).toEqual([MARGIN.left, 1000]);
});

test('what lies outside the picture is not in it', () => {
  expect(eventBands([event(1, -300, -100), event(2, 2000, 3000)], frame)).toEqual([]);
});

test('the shortest event is seen, without its name', () => {
  const [band] = eventBands([event(1, 999, 999.1)], frame);
  expect([band?.width, band?.lane]).toEqual([2, null]);
});

test('names of events at the same time stand on lines of their own, and a third has none', () => {
  const bands = eventBands([event(1, 100, 900), event(2, 200, 500), event(3, 300, 400), event(4, 600, 700)], frame);
  expect(bands.map((band) => [band.event.id, band.lane])).toEqual([
    [1, 0],
    [2, 1],
    [3, null],
    [4, 1],
  ]);
});

test('a short event lies on top of a long one', () => {
  expect(eventBands([event(1, 300, 400), event(2, 0, 1000)], frame).map((band) => band.event.id)).toEqual([2, 1]);
});
