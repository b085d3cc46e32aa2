import { expect, test } from 'vitest';
import { anIndicator } from '../live/builders.fixture.ts';
import { chooseWall, wallRows } from './wall.ts';

const name = { zh: '名', en: 'Name' };
const groups = [
  { id: 'flood', name },
  { id: 'gas', name },
];
const indicators = new Map([
  ['depth', anIndicator({ group: 'flood' })],
  ['rain', anIndicator({ id: 'rain', group: 'flood' })],
  ['leak', anIndicator({ id: 'leak', group: 'gas' })],
  ['loose', anIndicator({ id: 'loose', group: null })],
]);
const tiles = (...ids: string[]) => ids.map((indicator) => ({ indicator, place: null }));

test('the address chooses the layout, and the first stands when it names none that is there', () => {
  const walls = [
    { id: 'city', name, tiles: [] },
    { id: 'flood', name, tiles: [] },
  ];
  expect([chooseWall(walls, 'flood')?.id, chooseWall(walls, null)?.id, chooseWall(walls, 'gone')?.id, chooseWall([], 'flood')]).toEqual(['flood', 'city', 'city', null]);
});

test('tiles stand under their groups in the city’s order, and in the layout’s within one', () => {
  const rows = wallRows(groups, tiles('leak', 'rain', 'depth'), indicators);
  expect(rows?.map((row) => [row.group?.id, row.tiles.map((tile) => tile.indicator)])).toEqual([
    ['flood', ['rain', 'depth']],
    ['gas', ['leak']],
  ]);
});

test('a group without a tile in the layout has no row, and no tile is lost', () => {
  const rows = wallRows(groups, tiles('loose', 'leak', 'nowhere'), indicators);
  expect(rows?.map((row) => [row.group?.id ?? null, row.tiles.length])).toEqual([
    ['gas', 1],
    [null, 2],
  ]);
});

test('a city without groups has no rows', () => {
  expect(wallRows([], tiles('depth'), indicators)).toBeNull();
});
