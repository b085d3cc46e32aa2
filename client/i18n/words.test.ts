import { expect, test } from 'vitest';

type Words = { [key: string]: string | Words };
const files = import.meta.glob<Words>('../*/{zh,en}.json', { eager: true, import: 'default' });
const components = import.meta.glob<string>('../**/*.tsx', { eager: true, query: '?raw', import: 'default' });

/** Every key in full with its text. English says one and many differently, Chinese need not: `_one` and `_other` are one key. */
function keysOf(words: Words, prefix = ''): Map<string, string> {
  const keys = new Map<string, string>();
  for (const [key, value] of Object.entries(words)) {
    if (typeof value === 'string') keys.set(prefix + key.replace(/_(one|other)$/, ''), value);
    else for (const [inner, text] of keysOf(value, `${prefix}${key}.`)) keys.set(inner, text);
  }
  return keys;
}

const folders = [...new Set(Object.keys(files).map((path) => path.replace(/\/(zh|en)\.json$/, '')))];
const wordsOf = (folder: string, language: 'zh' | 'en'): Map<string, string> => keysOf(files[`${folder}/${language}.json`] ?? {});
const slots = (text: string): string[] => [...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? ''))].sort();

test('there are words to compare', () => {
  expect(folders.length).toBeGreaterThanOrEqual(5);
});

test.each(folders)('both languages of %s have the same keys', (folder) => {
  expect([...wordsOf(folder, 'en').keys()].sort()).toEqual([...wordsOf(folder, 'zh').keys()].sort());
});

test.each(folders)('both languages of %s are told the same values, and nothing is left empty', (folder) => {
  const english = wordsOf(folder, 'en');
  for (const [key, text] of wordsOf(folder, 'zh')) {
    expect(text.trim(), key).not.toBe('');
    expect([key, slots(english.get(key) ?? '')]).toEqual([key, slots(text)]);
  }
});

test.each(folders.filter((folder) => !folder.endsWith('/ui')))('English of %s has no Chinese left in it', (folder) => {
  for (const [key, text] of wordsOf(folder, 'en')) expect([key, /\p{Script=Han}/u.test(text)]).toEqual([key, false]);
});

test('no component carries Chinese text of its own', () => {
  const paths = Object.keys(components).filter((path) => !path.includes('.test.'));
  expect(paths.length).toBeGreaterThan(10);
  expect(paths.filter((path) => /\p{Script=Han}/u.test(components[path] ?? ''))).toEqual([]);
});
