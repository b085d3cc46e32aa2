import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const folder = new URL('.', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');
const inSpec = [...read('SPEC.md').matchAll(/^- \*\*(A\d+)\*\* /gm)].map((match) => match[1]);
const tests = readdirSync(folder).filter((name) => name.endsWith('.test.ts') && name !== 'spec.test.ts');
const inTests = new Set(tests.flatMap((name) => [...read(name).matchAll(/\(\s*'((?:\[A\d+\])+)/g)].flatMap((match) => match[1]?.match(/A\d+/g) ?? [])));

describe('SPEC.md', () => {
  it('numbers its sentences from A1 on without a gap', () => {
    expect(inSpec.length).toBeGreaterThan(30);
    expect(inSpec).toEqual(inSpec.map((_number, index) => `A${index + 1}`));
  });

  it('has a test for every number', () => {
    expect(inSpec.filter((number) => number !== undefined && !inTests.has(number))).toEqual([]);
  });

  it('has a number for every test that names one', () => {
    expect([...inTests].filter((number) => !inSpec.includes(number))).toEqual([]);
  });
});
