/** The drop-folder connector when things go wrong: the store is away, the folder cannot be written, a file changes under the reader, a stop in the middle. */
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { type CsvDropSource, type Source, sourceSchema } from '../../server/catalogue/source-schema.ts';
import { systemClock } from '../../server/clock.ts';
import { AppError } from '../../server/contract/index.ts';
import type { RunningConnector } from '../../server/sources/connector.ts';
import { createCsvDropStarter } from '../../server/sources/csv-drop.ts';
import type { Piece, TakeOutcome } from '../../server/sources/piece.ts';
import { createSecrets } from '../../server/sources/secrets.ts';

const home = mkdtempSync(path.join(tmpdir(), 'city-vitals-drop-'));
const running: RunningConnector[] = [];
afterEach(async () => {
  for (const connector of running.splice(0)) await connector.stop();
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const settle = { timeout: 10_000, interval: 20 };
const csv = { time: { column: 'time' }, place: 'underpass_1', indicator: 'flood_depth', value: { column: 'value' } };
const sourceOf = (folder: string, more: object = {}): CsvDropSource => {
  const source: Source = sourceSchema.parse({ id: 'drop', name: { zh: '投放', en: 'Drop' }, kind: 'csv_drop', folder, settle: '1s', csv, ...more });
  if (source.kind !== 'csv_drop') throw new Error('another kind');
  return source;
};
const rows = (count: number, from = 0): string =>
  Array.from({ length: count }, (_, i) => `${new Date(Date.UTC(2026, 0, 1) + (from + i) * 1000).toISOString().slice(0, 19)},${from + i}\n`).join('');

let folders = 0;
function start(options: { source?: object; take?: (pieces: readonly Piece[]) => TakeOutcome | Promise<TakeOutcome>; environment?: Record<string, string> } = {}) {
  const folder = path.join(home, `drop-${++folders}`);
  const taken: number[] = [];
  const reports: { kind: string; message?: string }[] = [];
  const logged: string[] = [];
  let aheadMs = 0;
  const good = (pieces: readonly Piece[]): TakeOutcome => ({ accepted: pieces.length, duplicates: 0, revised: 0, rejected: [] });
  const begin = (): RunningConnector => {
    const connector = createCsvDropStarter({ directory: home })(sourceOf(path.basename(folder), options.source), {
      async take(_source, pieces) {
        const outcome = await (options.take ?? good)(pieces);
        taken.push(...pieces.flatMap((piece) => piece.readings.map((reading) => (reading as { value: number }).value)));
        return { ...outcome, rejected: pieces.flatMap(({ refusals }, piece) => refusals.map((refusal) => ({ piece, ...refusal }))) };
      },
      timeZone: 'UTC',
      now: () => systemClock.now() + aheadMs,
      setTimer: systemClock.setTimer,
      secret: createSecrets(options.environment ?? {}),
      report: (state) => reports.push(state),
      log: { info: (message) => logged.push(message), warn: (message) => logged.push(message) },
    });
    running.push(connector);
    return connector;
  };
  const put = (name: string, text: string): void => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, name), text);
  };
  const goAhead = (ms: number): void => {
    aheadMs += ms;
  };
  const inDone = (): string[] => (existsSync(path.join(folder, 'done')) ? readdirSync(path.join(folder, 'done')).sort() : []);
  return { folder, taken, reports, logged, begin, put, inDone, goAhead };
}

it('waits while the store is away, moves nothing, and goes on by itself where it stopped', async () => {
  let away = true;
  let tries = 0;
  const drop = start({
    take(pieces) {
      tries++;
      if (away) throw new AppError('store_unavailable', 'The store is away.');
      return { accepted: pieces.length, duplicates: 0, revised: 0, rejected: [] };
    },
  });
  drop.put('a.csv', `time,value\n${rows(12_000)}`);
  drop.begin();
  await vi.waitFor(() => expect(tries).toBeGreaterThanOrEqual(2), settle);
  expect([drop.inDone(), existsSync(path.join(drop.folder, 'a.csv')), drop.taken.length]).toEqual([[], true, 0]);
  away = false;
  await vi.waitFor(() => expect(drop.inDone()).toEqual(['a.csv']), settle);
  expect(drop.taken).toEqual(Array.from({ length: 12_000 }, (_, i) => i));
});

it('stops after the batch in work, leaves the file, and the next start reads it whole', async () => {
  const gate: { open(): void }[] = [];
  const drop = start({ take: (pieces) => new Promise((resolve) => gate.push({ open: () => resolve({ accepted: pieces.length, duplicates: 0, revised: 0, rejected: [] }) })) });
  drop.put('a.csv', `time,value\n${rows(12_000)}`);
  const first = drop.begin();
  await vi.waitFor(() => expect(gate).toHaveLength(1), settle);
  const stopped = first.stop();
  gate[0]!.open();
  await stopped;
  expect([drop.taken.length, drop.inDone().filter((name) => !name.startsWith('.')), existsSync(path.join(drop.folder, 'a.csv'))]).toEqual([5000, [], true]);
  drop.begin();
  for (let batch = 1; batch <= 3; batch++) {
    await vi.waitFor(() => expect(gate).toHaveLength(1 + batch), settle);
    gate[batch]!.open();
  }
  await vi.waitFor(() => expect(drop.inDone()).toEqual(['a.csv']), settle);
  expect(new Set(drop.taken).size).toBe(12_000);
});

it('stops at once while it waits for the store', async () => {
  let tries = 0;
  const drop = start({
    take() {
      tries++;
      throw new AppError('overloaded', 'Too much at once.', { retryAfter: 3600 });
    },
  });
  drop.put('a.csv', `time,value\n${rows(1)}`);
  const connector = drop.begin();
  await vi.waitFor(() => expect(tries).toBe(1), settle);
  await connector.stop();
  expect(existsSync(path.join(drop.folder, 'a.csv'))).toBe(true);
});

it('reads a file again that grew while it was read, and loses nothing of it', async () => {
  let grew = false;
  const drop = start({
    take(pieces) {
      if (!grew) appendFileSync(path.join(drop.folder, 'a.csv'), rows(5, 10));
      grew = true;
      return { accepted: pieces.length, duplicates: 0, revised: 0, rejected: [] };
    },
  });
  drop.put('a.csv', `time,value\n${rows(10)}`);
  drop.begin();
  await vi.waitFor(() => expect(drop.inDone()).toEqual(['a.csv']), settle);
  expect(new Set(drop.taken)).toEqual(new Set(Array.from({ length: 15 }, (_, i) => i)));
});

it('says plainly when it cannot move files aside, reads nothing until it can, and then tells that it is well', async () => {
  const drop = start();
  drop.put('a.csv', `time,value\n${rows(3)}`);
  writeFileSync(path.join(drop.folder, 'done'), 'a file in the place of the folder');
  const connector = drop.begin();
  await vi.waitFor(() => expect(drop.reports).toHaveLength(1), settle);
  expect(drop.reports[0]).toMatchObject({ kind: 'failed', message: expect.stringContaining('Nothing is read until then') });
  expect(drop.taken).toEqual([]);
  await connector.stop();
  rmSync(path.join(drop.folder, 'done'));
  drop.begin();
  await vi.waitFor(() => expect(drop.inDone()).toEqual(['a.csv']), settle);
  expect(drop.reports.at(-1)).toEqual({ kind: 'connected' });
});

it('makes a folder that is missing, under a name from the environment; a variable that is missing is told by name', async () => {
  const named = path.join(home, 'named');
  const drop = start({ source: { folder: `${named}/\${OFFICE}` }, environment: { OFFICE: 'water' } });
  drop.begin();
  await vi.waitFor(() => expect(readdirSync(path.join(named, 'water')).sort()).toEqual(['done', 'failed']), settle);
  const nameless = start({ source: { folder: `${named}/\${BUREAU}` } });
  nameless.begin();
  await vi.waitFor(() => expect(nameless.reports[0]).toMatchObject({ kind: 'failed', message: expect.stringContaining('BUREAU') }), settle);
});

it('puts a file off at which something unforeseen goes wrong, and takes the others', async () => {
  const drop = start({
    take(pieces) {
      if (pieces[0]?.original.detail['file'] === 'a.csv') throw new Error('never seen before');
      return { accepted: pieces.length, duplicates: 0, revised: 0, rejected: [] };
    },
  });
  drop.put('a.csv', `time,value\n${rows(3)}`);
  drop.put('b.csv', `time,value\n${rows(3, 3)}`);
  drop.begin();
  await vi.waitFor(() => expect(drop.inDone()).toEqual(['b.csv']), settle);
  await vi.waitFor(() => expect(drop.reports.at(-1)).toMatchObject({ kind: 'failed', message: expect.stringContaining('a.csv: never seen before') }), settle);
  expect(existsSync(path.join(drop.folder, 'a.csv'))).toBe(true);
});

it('removes read files with their reports after the keep time, and none before; what failed stays', async () => {
  const drop = start({ source: { keep: '2d' } });
  drop.put('a.csv', `time,value\n${rows(1)}2026-01-01,x\n`);
  drop.put('b.csv', 'no,such,columns\n');
  let connector = drop.begin();
  const failed = (): string[] => readdirSync(path.join(drop.folder, 'failed')).sort();
  await vi.waitFor(() => expect(failed()).toEqual(['b.csv', 'b.csv.report.csv']), settle);
  await vi.waitFor(() => expect(drop.inDone()).toContain('a.csv'), settle);
  expect(drop.inDone()).toEqual(['a.csv', 'a.csv.report.csv']);
  const again = async (): Promise<void> => {
    const before = drop.reports.length;
    await connector.stop();
    connector = drop.begin();
    await vi.waitFor(() => expect(drop.reports.length).toBeGreaterThan(before), settle);
  };
  drop.goAhead(47 * 3_600_000);
  await again();
  expect(drop.inDone()).toContain('a.csv');
  drop.goAhead(2 * 3_600_000);
  await again();
  expect(drop.inDone()).toEqual([]);
  expect(failed()).toEqual(['b.csv', 'b.csv.report.csv']);
});
