/** Reads a recording's file, `<folder>/<id>.csv.gz`, into readings on its own wall clock. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { knownRecordings, type Row, rowMapper } from './formats.ts';
import { byWall, type Recording } from './recorded.ts';

const unpack = promisify(gunzip);

/** The repository's recordings, from the source tree and from a bundle two folders below the repository alike. */
export function defaultRecordings(): string {
  const beside = join(import.meta.dirname, 'recordings');
  return existsSync(beside) ? beside : resolve(import.meta.dirname, '../..', 'seed/recordings');
}

/** @throws Error that names what is wrong: a recording without a known format, or a file that is missing or broken. */
export async function readRecording(id: string, folder: string): Promise<Recording> {
  const mapper = rowMapper(id);
  if (mapper === null) throw new Error(`No format is known for the recording "${id}"; known: ${knownRecordings.join(', ')}.`);
  const file = join(folder, `${id}.csv.gz`);
  try {
    const rows: Row[] = parse(await unpack(await readFile(file)), { columns: true, bom: true, skip_empty_lines: true });
    return { id, intervalMs: mapper.intervalMs, readings: rows.flatMap(mapper.map).sort(byWall) };
  } catch (error) {
    throw new Error(`The recording ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
