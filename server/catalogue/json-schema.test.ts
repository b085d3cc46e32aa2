import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { editorSchemas, main, schemaDirectory } from './json-schema.ts';

const kept = fileURLToPath(new URL(`../../${schemaDirectory}`, import.meta.url));
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'schemas-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function run(...argv: string[]): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = [];
  return { code: await main(argv, (line) => lines.push(line)), lines };
}

it('the schemas kept for editors are those of this version (else: npm run config:schema)', async () => {
  expect(await run('--check', kept)).toEqual({ code: 0, lines: [] });
});

it('--check finds a file that differs, is missing, or is left over, and writing puts all three right', async () => {
  await cp(kept, directory, { recursive: true });
  await writeFile(join(directory, 'rules.schema.json'), '{}\n');
  await writeFile(join(directory, 'gone.schema.json'), '{}\n');
  await rm(join(directory, 'wall.schema.json'));
  const { code, lines } = await run(directory, '--check');
  expect(code).toBe(1);
  expect(lines.slice(0, -1)).toEqual(['gone.schema.json is left over', 'rules.schema.json is not current', 'wall.schema.json is missing'].map((line) => `${directory}: ${line}`));
  expect((await run(directory)).code).toBe(0);
  expect((await run(directory, '--check')).code).toBe(0);
  expect(await readFile(join(directory, 'wall.schema.json'), 'utf8')).toBe(editorSchemas().get('wall.schema.json'));
});

it('tells what is written, not what it becomes: durations are text, units are listed, misspelt keys are refused', () => {
  const schema = JSON.parse(editorSchemas().get('indicators.schema.json') ?? '');
  const indicator = schema.properties.indicators.items;
  expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
  expect(indicator.additionalProperties).toBe(false);
  expect(indicator.required).toEqual(expect.arrayContaining(['id', 'name', 'unit', 'interval']));
  expect(indicator.required).not.toContain('decimals');
  expect(indicator.properties.interval).toMatchObject({ type: 'string', pattern: expect.any(String) });
  expect(indicator.properties.unit.enum).toContain('ug_per_m3');
  const rules = JSON.parse(editorSchemas().get('rules.schema.json') ?? '');
  expect(JSON.stringify(rules)).toContain('"default":"0s"');
});
