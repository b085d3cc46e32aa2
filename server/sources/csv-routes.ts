/**
 * The CSV door over HTTP: a planner's spreadsheet in, by a declared mapping. Each batch is committed before the next is read, and the
 * answer comes after the last: a sender that got none sends the same file again, and what was stored already counts as duplicates.
 * A dry run goes the same way up to the store, and stores nothing.
 */
import { setImmediate as breathe } from 'node:timers/promises';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import { z } from 'zod';
import { type CsvMapping, csvMappingSchema } from '../catalogue/csv-schema.ts';
import type { Source } from '../catalogue/source-schema.ts';
import { AppError, type CsvAnswer } from '../contract/index.ts';
import { parseJson } from '../http/body.ts';
import { parseQuery } from '../http/query.ts';
import type { Admission } from '../readings/admission.ts';
import type { Sender } from '../readings/ingest.ts';
import { type CsvBatch, type CsvCounts, type CsvInput, csvMappingOf, readCsv } from './csv-reader.ts';
import { type RefusedRow, refusedCell, refusedRows } from './csv-report.ts';
import type { Broken, CsvBytes } from './csv-text.ts';
import type { Piece, TakeOutcome } from './piece.ts';

export interface CsvRoutesDeps {
  /** Who sends, from the request's credential and its `?source=`. Throws when it may not. */
  senderOf(request: Request): Sender;
  take(sender: Sender, pieces: readonly Piece[]): Promise<TakeOutcome>;
  /** A judge as the door has one, whose batch goes nowhere. */
  judge(source: Source | null): Admission;
  timeZone(): string;
  /** Runs a handler with the whole body read, inside the server's bounds. */
  door(handler: (request: Request, response: Response) => Promise<void>): RequestHandler;
  counted(outcome: { accepted: number; duplicates: number; revised: number; rejected: number }): void;
}

const MAX_LISTED = 1000;
/** Bodies are read in parts, so that what is made of a part is bounded. */
const CHUNK_BYTES = 64 * 1024;
/** Browsers and programs call a CSV many things; these it cannot be. */
const otherTypes = /^(application\/(json|x-ndjson|pdf|zip|vnd\.openxmlformats|[\w.+-]+\+json)|multipart\/|image\/)/i;

/** `POST /`. Mounted behind the ingest guard. */
export function csvRoutes(deps: CsvRoutesDeps): Router {
  const router = Router();
  router.post(
    '/',
    deps.door(async (request, response) => {
      const sender = deps.senderOf(request);
      const { dryRun, mapping } = parseQuery(request, csvQuery);
      const input = inputOf(request, { mapping: mapping ?? mappingOf(sender), cityZone: deps.timeZone() });
      const { answer, broken } = await readAll(input, dryRun ? rehearse(deps, sender) : store(deps, sender));
      if (broken !== null && broken.row === 0) throw new AppError('invalid_request', broken.message, { path: broken.path });
      if (!dryRun) deps.counted({ ...answer, rejected: answer.rejectedTotal });
      if (broken === null || dryRun) response.json({ dryRun, ...answer });
      else response.status(400).json({ error: { code: 'malformed_line', message: `${broken.message} The rows before were stored.` }, dryRun, ...answer });
    }),
  );
  return router;
}

const csvQuery = z.looseObject({
  dryRun: z
    .enum(['true', 'false'], { error: 'dryRun must be true or false' })
    .default('false')
    .transform((text) => text === 'true'),
  mapping: z
    .string()
    .optional()
    .transform((text) => (text === undefined ? undefined : parseMapping(text))),
});

function parseMapping(text: string): CsvMapping {
  const result = csvMappingSchema.safeParse(parseJson(text));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new AppError('invalid_request', `The mapping cannot be used: ${issue?.message ?? 'it is not as described'}`, { path: ['mapping', ...(issue?.path ?? [])].join('.') });
}

function mappingOf({ source }: Sender): CsvMapping {
  if (source === null) throw new AppError('invalid_request', 'Say how the file is read: name a source that declares csv (?source=ID), or give ?mapping=.', { path: 'source' });
  const mapping = csvMappingOf(source);
  if (mapping === null) throw new AppError('invalid_request', `The source "${source.id}" declares no csv: nothing says how the file is read.`, { path: 'source' });
  return mapping;
}

function inputOf(request: Request, { mapping, cityZone }: { mapping: CsvMapping; cityZone: string }): CsvInput {
  const type = request.headers['content-type'] ?? '';
  if (otherTypes.test(type)) throw new AppError('unsupported_media_type', 'Send the file itself as text/csv.');
  const body: unknown = request.body;
  const bytes: CsvBytes = async function* () {
    if (!Buffer.isBuffer(body)) return;
    for (let at = 0; at < body.length; at += CHUNK_BYTES) yield body.subarray(at, at + CHUNK_BYTES);
  };
  const input = { bytes, mapping, cityZone, file: '' };
  const charset = /;\s*charset="?([\w.:-]+)/i.exec(type)?.[1];
  if (charset === undefined || mapping.encoding !== undefined) return input;
  // Checked as the mapping's own would be.
  const known = csvMappingSchema.shape.encoding.safeParse(charset);
  if (!known.success || charset === 'auto') throw new AppError('unsupported_encoding', `The charset ${JSON.stringify(charset)} is not known.`);
  return { ...input, encoding: charset };
}

/** Where batches go; `end` gives what was made of them. */
interface Destination {
  put(batch: CsvBatch): Promise<RefusedRow[]>;
  end(): Pick<CsvAnswer, 'accepted' | 'duplicates' | 'revised'>;
}

async function readAll(input: CsvInput, destination: Destination): Promise<{ answer: Omit<CsvAnswer, 'dryRun'>; broken: Broken | null }> {
  const counts: CsvCounts = { rows: 0, readings: 0, skipped: 0, ambiguousTimes: 0 };
  const rejected: RefusedRow[] = [];
  let rejectedTotal = 0;
  let broken: Broken | null = null;
  const list = (rows: readonly RefusedRow[]): void => {
    rejectedTotal += rows.length;
    rejected.push(...rows.slice(0, MAX_LISTED - rejected.length));
  };
  for await (const item of readCsv(input)) {
    if (item.kind === 'broken') {
      broken = item;
      list([{ row: item.row + 1, column: '', code: 'malformed_line', path: item.path, message: item.message }]);
      continue;
    }
    for (const key of ['rows', 'readings', 'skipped', 'ambiguousTimes'] as const) counts[key] += item.counts[key];
    list(await destination.put(item));
    // A large body must not keep the other senders waiting.
    await breathe();
  }
  return { answer: { complete: broken === null, ...counts, ...destination.end(), rejectedTotal, rejected }, broken };
}

function store(deps: CsvRoutesDeps, sender: Sender): Destination {
  const total = { accepted: 0, duplicates: 0, revised: 0 };
  return {
    async put(batch) {
      if (batch.pieces.length === 0) return [];
      const outcome = await deps.take(sender, batch.pieces);
      for (const key of ['accepted', 'duplicates', 'revised'] as const) total[key] += outcome[key];
      return refusedRows(batch, outcome.rejected);
    },
    end: () => total,
  };
}

function rehearse(deps: CsvRoutesDeps, { source }: Sender): Destination {
  const admission = deps.judge(source);
  return {
    async put(batch) {
      const rows: RefusedRow[] = [];
      for (const [i, { readings, refusals }] of batch.pieces.entries()) {
        const row = batch.rows[i] ?? 0;
        for (const refusal of refusals) rows.push(refusedCell(row, refusal));
        for (const [j, reading] of readings.entries()) {
          const refusal = admission.admitUnknown(reading);
          if (refusal !== null) rows.push({ row, column: batch.columnOf(refusal.path, batch.valueColumns[i]?.[j] ?? ''), ...refusal });
        }
      }
      return rows;
    },
    end() {
      const { rows, superseded, repeats } = admission.batch.finish((placeholder) => placeholder);
      return { accepted: rows.length, duplicates: repeats, revised: superseded.length };
    },
  };
}
