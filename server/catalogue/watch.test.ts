/** A real folder under a real watcher; every wait is for something that the watch itself tells. */
import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Catalogue, Problem } from './catalogue.ts';
import { loadCatalogue } from './load.ts';
import { type CatalogueWatch, watchCatalogue } from './watch.ts';

type Told = { kind: 'good'; catalogue: Catalogue } | { kind: 'broken'; problems: Problem[] };

const fixture = fileURLToPath(new URL('../../test/fixtures/linjiang', import.meta.url));
let directory: string;
let told: Told[];
let current: Catalogue;
let watching: CatalogueWatch | undefined;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'watched-'));
  await cp(fixture, directory, { recursive: true });
  told = [];
  current = await load();
});
afterEach(async () => {
  await watching?.close();
  watching = undefined;
  await rm(directory, { recursive: true, force: true });
});

async function load(): Promise<Catalogue> {
  const result = await loadCatalogue(directory);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.catalogue;
}

// A busy machine may take its time; the tests wait for what happens, not for a time.
vi.setConfig({ testTimeout: 20_000 });

const quiet = { info: () => {}, warn: () => {}, error: () => {} };

async function start(more: Partial<Parameters<typeof watchCatalogue>[0]> = {}): Promise<void> {
  watching = watchCatalogue({
    directory,
    current,
    onGood: (catalogue) => void told.push({ kind: 'good', catalogue }),
    onBroken: (problems) => void told.push({ kind: 'broken', problems }),
    log: quiet,
    debounceMs: 60,
    ...more,
  });
  await watching.ready;
}

const until = (count: number): Promise<void> => vi.waitFor(() => expect(told.length).toBeGreaterThanOrEqual(count), { timeout: 15_000, interval: 10 });
const rules = (): string => join(directory, 'rules/water.yaml');
const edit = async (right: string, wrong: string): Promise<void> => {
  const text = await readFile(rules(), 'utf8');
  expect(text).toContain(right);
  await writeFile(rules(), text.replace(right, wrong));
};
const orangeLimit = (catalogue: Catalogue): unknown => catalogue.ruleSummaries.find(({ id }) => id === 'flood_depth_high')?.limits[1]?.value;

it('a good change is handed on', async () => {
  await start();
  await edit('value: 25', 'value: 30');
  await until(1);
  expect(told[0]).toMatchObject({ kind: 'good', catalogue: { version: (await load()).version } });
  expect(told[0]?.kind === 'good' && orangeLimit(told[0].catalogue)).toBe(30);
});

it('a broken change is told, the same problems once; putting it right hands on the good one', async () => {
  await start();
  await edit('value: 25', 'value: 60');
  await until(1);
  expect(told[0]).toMatchObject({ kind: 'broken', problems: [{ file: 'rules/water.yaml', path: 'rules[0].limits[2].value' }] });
  await edit('value: 60', 'value: 60 # too high?');
  await edit('value: 60 # too high?', 'value: 26');
  await until(2);
  expect(told.map(({ kind }) => kind)).toEqual(['broken', 'good']);
});

it('taking a broken change back hands on the catalogue that was in force, so that the notice can go', async () => {
  await start();
  await edit('value: 25', 'value: 60');
  await until(1);
  await edit('value: 60', 'value: 25');
  await until(2);
  expect(told[1]).toMatchObject({ kind: 'good', catalogue: { version: current.version } });
});

it('an editor that writes beside and renames over, and several files at once, are one change', async () => {
  await start({ debounceMs: 500 });
  const text = await readFile(rules(), 'utf8');
  await writeFile(join(directory, 'rules/.water.yaml.tmp'), text.replace('value: 25', 'value: 31'));
  await rename(join(directory, 'rules/.water.yaml.tmp'), rules());
  await writeFile(join(directory, 'plans/flood.md'), '# 新预案\n');
  await writeFile(join(directory, 'walls/second.yaml'), 'id: second\nname: { zh: 二, en: Two }\ntiles: [{ indicator: flood_depth }]\n');
  await until(1);
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({ kind: 'good', catalogue: { version: (await load()).version } });
});

it('a change that changes nothing is not handed on', async () => {
  await start();
  await writeFile(rules(), await readFile(rules(), 'utf8'));
  await writeFile(join(directory, 'rules/water.yaml~'), 'left by an editor');
  await edit('value: 25', 'value: 33');
  await until(1);
  expect(told).toHaveLength(1);
});

it('what changed between the first load and the watch is found', async () => {
  await edit('value: 25', 'value: 34');
  await start();
  await until(1);
  expect(told[0]?.kind === 'good' && orangeLimit(told[0].catalogue)).toBe(34);
});

it('loads never overlap, and the newest state is reached however often the folder changes meanwhile', async () => {
  let inside = 0;
  let most = 0;
  await start({
    onGood: async (catalogue) => {
      inside += 1;
      most = Math.max(most, inside);
      await edit(`value: ${orangeLimit(catalogue)}`, `value: ${Math.min(30, Number(orangeLimit(catalogue)) + 1)}`);
      told.push({ kind: 'good', catalogue });
      inside -= 1;
    },
  });
  await edit('value: 25', 'value: 26');
  await vi.waitFor(() => expect(told.some((entry) => entry.kind === 'good' && orangeLimit(entry.catalogue) === 30)).toBe(true), { timeout: 15_000, interval: 10 });
  expect(most).toBe(1);
  expect(told.map((entry) => entry.kind === 'good' && orangeLimit(entry.catalogue))).toEqual([26, 27, 28, 29, 30]);
});

it('a catalogue that could not be put in force is tried again with the next change', async () => {
  const failures: unknown[] = [];
  let fail = true;
  await start({
    log: { ...quiet, error: (fields) => void failures.push(fields) },
    onGood: (catalogue) => {
      if (fail) throw new Error('the store is away');
      told.push({ kind: 'good', catalogue });
    },
  });
  await edit('value: 25', 'value: 35');
  await vi.waitFor(() => expect(failures).toHaveLength(1), { timeout: 15_000, interval: 10 });
  fail = false;
  await writeFile(rules(), await readFile(rules(), 'utf8'));
  await until(1);
  expect(told[0]?.kind === 'good' && orangeLimit(told[0].catalogue)).toBe(35);
});

it('a folder taken away and brought back is followed', async () => {
  await start();
  await rename(join(directory, 'rules'), join(directory, 'kept'));
  await until(1);
  await rename(join(directory, 'kept'), join(directory, 'rules'));
  await edit('value: 25', 'value: 36');
  await vi.waitFor(() => expect(told.some((entry) => entry.kind === 'good' && orangeLimit(entry.catalogue) === 36)).toBe(true), { timeout: 15_000, interval: 10 });
});

it('after closing nothing is told', async () => {
  await start();
  await edit('value: 25', 'value: 37');
  await watching?.close();
  const before = told.length;
  await edit('value: 37', 'value: 60');
  // Another watch of the same folder sees the change: by then a watch that still lived would have seen it too.
  const witness: Problem[][] = [];
  const other = watchCatalogue({ directory, current, onGood: () => {}, onBroken: (problems) => void witness.push(problems), log: quiet, debounceMs: 60 });
  await vi.waitFor(() => expect(witness).toHaveLength(1), { timeout: 15_000, interval: 10 });
  await other.close();
  expect(told).toHaveLength(before);
});
