import { expect, test } from 'vitest';
import { formatPause } from './pause.ts';

test.each([
  [45_000, '45 秒', '45 s'],
  [120_000, '2 分钟', '2 min'],
  [90_000, '1 分 30 秒', '1 min 30 s'],
  [3_600_000, '1 小时', '1 h'],
  [5_400_000, '1 小时 30 分', '1 h 30 min'],
  [3 * 86_400_000, '3 天', '3 d'],
])('%d ms is read as %s, %s', (ms, zh, en) => {
  expect([formatPause(ms, 'zh'), formatPause(ms, 'en')]).toEqual([zh, en]);
});
