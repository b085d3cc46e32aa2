import { expect, test } from 'vitest';
import { formatAge, formatClock, formatDate, formatLimit, formatLongDate, formatNumber, formatSpan, formatTime, formatWeekday, levelName } from './format.ts';

const [S, M, H] = [1000, 60_000, 3_600_000];

test('a number keeps its digits after the point and takes a minus as wide as a plus', () => {
  expect(formatNumber(-1.2, 2, 'zh')).toBe('\u22121.20');
  expect(formatNumber(8412, 0, 'en')).toBe('8,412');
  expect(formatNumber(41.26, 1, 'zh')).toBe('41.3');
});

test('a negative that rounds to nothing is nothing', () => {
  expect(formatNumber(-0.04, 1, 'zh')).toBe('0.0');
  expect(formatNumber(-0.06, 1, 'zh')).toBe('\u22120.1');
});

test('a limit is written as it was set', () => {
  expect(formatLimit(40, 'zh')).toBe('40');
  expect(formatLimit(0.45, 'en')).toBe('0.45');
});

test.each([
  [0, '0 秒', '0 s'],
  [-3 * S, '0 秒', '0 s'],
  [31 * S + 900, '31 秒', '31 s'],
  [59 * S + 999, '59 秒', '59 s'],
  [12 * M, '12 分钟', '12 min'],
  [59 * M + 59 * S, '59 分钟', '59 min'],
  [3 * H, '3 小时', '3 h'],
  [47 * H + 59 * M, '47 小时', '47 h'],
  [48 * H, '2 天', '2 d'],
])('an age of %d ms is read as one unit, rounded down', (ms, zh, en) => {
  expect([formatAge(ms, 'zh'), formatAge(ms, 'en')]).toEqual([zh, en]);
});

test('a span names two units where one would be too coarse', () => {
  expect(formatSpan(3 * M + 51 * S, 'zh')).toBe('3 分 51 秒');
  expect(formatSpan(3 * H + 5 * M, 'en')).toBe('3 h 5 min');
  expect(formatSpan(42 * S, 'zh')).toBe('42 秒');
  expect(formatSpan(47 * H + 59 * M, 'zh')).toBe('1 天 23 小时');
  expect(formatSpan(48 * H, 'en')).toBe('2 d');
  expect(formatSpan(7 * 24 * H + 5 * H, 'zh')).toBe('7 天');
});

const now = Date.parse('2026-08-27T16:30:00Z'); // 00:30 of the 28th in Shanghai, 12:30 of the 27th in New York

test('times are the city’s, with the date when it is not today there', () => {
  const at = Date.parse('2026-08-27T15:59:05Z');
  expect(formatTime(at, { zone: 'Asia/Shanghai', now, seconds: true })).toBe('08-27 23:59:05');
  expect(formatTime(at, { zone: 'America/New_York', now })).toBe('11:59');
  expect(formatTime(Date.parse('2025-08-27T15:59:05Z'), { zone: 'America/New_York', now })).toBe('2025-08-27 11:59');
});

test('midnight is 00, not 24', () => {
  expect(formatClock(Date.parse('2026-08-27T16:00:00Z'), 'Asia/Shanghai', true)).toBe('00:00:00');
  expect(formatDate(now, 'Asia/Shanghai')).toBe('2026-08-28');
});

test('a date in words follows the language', () => {
  expect(formatLongDate(now, 'America/New_York', 'zh')).toBe('2026年8月27日');
  expect(formatLongDate(now, 'America/New_York', 'en')).toBe('27 August 2026');
  expect([formatWeekday(now, 'America/New_York', 'zh'), formatWeekday(now, 'America/New_York', 'en')]).toEqual(['星期四', 'Thursday']);
});

test('a level is a numeral and a word', () => {
  expect(levelName('red', 'zh')).toBe('I 红');
  expect(levelName('yellow', 'en')).toBe('III Yellow');
});
