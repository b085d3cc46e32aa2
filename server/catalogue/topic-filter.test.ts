import { describe, expect, it } from 'vitest';
import { bareFilter, canHaveLevel, filterProblem, takesTopic } from './topic-filter.ts';

describe('a topic filter', () => {
  it.each(['a', '/', 'a/b', 'a//b', '/a', 'a/', '#', '+', '+/+', 'a/+/c', 'a/#', '+/#', '$SYS/#', '$share/g/a', '$share/g/#', '$share/g//a', '水位/+', 'a b/c'])(
    'is right as %s',
    (filter) => {
      expect(filterProblem(filter)).toBeNull();
    },
  );

  it.each([
    ['', 'must not be empty'],
    ['a/#/b', '# must be the last level: nothing can follow it (level 2)'],
    ['#/a', '# must be the last level: nothing can follow it (level 1)'],
    ['a/b#', '+ and # must stand alone in their level, not as in "b#" (level 2)'],
    ['a+/b', '+ and # must stand alone in their level, not as in "a+" (level 1)'],
    ['$share/g', 'after $share/group/ the topic itself must follow, as in $share/city/sensors/#'],
    ['$share/g/', 'after $share/group/ the topic itself must follow, as in $share/city/sensors/#'],
    ['$share//a', 'the group after $share/ must be a name without + and #, as in $share/city/sensors/#'],
    ['$share/+/a', 'the group after $share/ must be a name without + and #, as in $share/city/sensors/#'],
    ['$share/g/a/#/b', '# must be the last level: nothing can follow it (level 2)'],
    ['a\u0000', 'must not contain the character NUL'],
    ['水'.repeat(22_000), 'must have at most 65535 bytes'],
  ])('is told what is wrong with it: %s', (filter, message) => {
    expect(filterProblem(filter)).toBe(message);
  });

  it.each([
    ['a/b', 'a/b'],
    ['a/+', 'a/b'],
    ['a/+', 'a/'],
    ['+/+', '/b'],
    ['a/#', 'a'],
    ['a/#', 'a/b/c'],
    ['#', 'a/b'],
    ['+', 'a'],
    ['$SYS/#', '$SYS/uptime'],
    ['$share/g/a/+', 'a/b'],
    ['$share/g//b', '/b'],
  ])('%s takes %s', (filter, topic) => {
    expect(takesTopic(filter, topic)).toBe(true);
  });

  it.each([
    ['a/b', 'a/c'],
    ['a/b', 'a'],
    ['a', 'a/b'],
    ['a/+', 'a'],
    ['a/+', 'a/b/c'],
    ['+', 'a/b'],
    ['#', '$SYS/uptime'],
    ['+/uptime', '$SYS/uptime'],
    ['$share/g/a', '$share/g/a'],
    ['a', 'A'],
  ])('%s does not take %s', (filter, topic) => {
    expect(takesTopic(filter, topic)).toBe(false);
  });

  it('is bare without its group', () => {
    expect([bareFilter('$share/city/a/#'), bareFilter('a/#')]).toEqual(['a/#', 'a/#']);
  });

  it('tells which levels its topics can have', () => {
    expect([canHaveLevel('a/+', 2), canHaveLevel('a/+', 3), canHaveLevel('a/#', 9), canHaveLevel('$share/g/a', 1), canHaveLevel('$share/g/a', 2)]).toEqual([
      true,
      false,
      true,
      true,
      false,
    ]);
  });
});
