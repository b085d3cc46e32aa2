import { expect, it } from 'vitest';
import { createPlaces, createTurns } from './pressure.ts';

const limits = { requests: 8, bytes: 800 };
const refusal = (work: () => unknown): string => {
  try {
    work();
    return 'taken';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

it('holds a place for each request until it leaves, and counts who was turned away', () => {
  const places = createPlaces(limits);
  const holds = ['a', 'b'].flatMap((sender) => Array.from({ length: 4 }, () => places.enter(sender)));
  expect(refusal(() => places.enter('c'))).toBe('overloaded');
  expect([places.requests, places.refused]).toEqual([8, 1]);
  places.leave(holds[0] as (typeof holds)[number]);
  expect(refusal(() => places.enter('c'))).toBe('taken');
});

it('gives one sender half while others are there, and leaves room for them while it is alone', () => {
  const places = createPlaces(limits);
  for (let i = 0; i < 7; i++) places.enter('greedy');
  expect(refusal(() => places.enter('greedy'))).toBe('overloaded');
  places.enter('modest');
  const other = createPlaces(limits);
  other.enter('modest');
  for (let i = 0; i < 4; i++) other.enter('greedy');
  expect(refusal(() => other.enter('greedy'))).toBe('too_many_requests');
  expect(refusal(() => other.enter('modest'))).toBe('taken');
});

it('counts bytes as they come, and gives back what was refused', () => {
  const places = createPlaces(limits);
  const first = places.enter('a');
  const second = places.enter('b');
  places.grow(first, 400);
  places.grow(second, 300);
  expect(refusal(() => places.grow(second, 200))).toBe('overloaded');
  places.leave(second);
  places.leave(first);
  expect([places.requests, places.bytes]).toEqual([0, 0]);
});

it('lets work go in order of arrival, within its capacity, and a heavy one alone', async () => {
  const turns = createTurns(100);
  const order: string[] = [];
  const ends = new Map<string, () => void>();
  const take = (name: string, weight: number): void =>
    void turns.take(weight).then((end) => {
      order.push(name);
      ends.set(name, end);
    });
  take('heavy', 150);
  take('small', 10);
  take('large', 95);
  take('tiny', 1);
  await Promise.resolve();
  expect(order).toEqual(['heavy']);
  ends.get('heavy')?.();
  await Promise.resolve();
  expect(order).toEqual(['heavy', 'small']);
  ends.get('small')?.();
  await Promise.resolve();
  expect(order).toEqual(['heavy', 'small', 'large', 'tiny']);
});
