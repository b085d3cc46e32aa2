/**
 * What is in quarantine is read again by the source's present mapping and goes through the same door as everything else. An entry leaves
 * only after all of it is committed; killed in between, it is read again, and its readings are then duplicates.
 */
import type { Source } from '../catalogue/source-schema.ts';
import { type Actor, AppError, HTTP_SOURCE_ID, type QuarantineEntry, type ReplayAnswer } from '../contract/index.ts';
import type { Ingest } from '../readings/ingest.ts';
import { reasonsOf, storePieces } from './door.ts';
import type { OriginalFormat, Piece, PieceRefusal, Reader } from './piece.ts';
import type { StoredEntry } from './quarantine-store.ts';

export interface ReplayPorts {
  readers: Readonly<Record<OriginalFormat, Reader>>;
  /** The source as the catalogue has it now; null: it has left the catalogue. */
  sourceOf(id: string): Source | null;
  timeZone(): string;
  ingestWith: Ingest['ingestWith'];
  select(query: { sourceId: string; ids: readonly number[] | null; after: number; limit: number }): Promise<StoredEntry[]>;
  /** Takes entries out that are stored now. */
  remove(sourceId: string, ids: readonly number[]): Promise<number>;
  updateReasons(reasons: readonly { id: number; refusal: PieceRefusal }[]): Promise<void>;
  record(entry: { kind: string; actor: Actor; detail: Record<string, unknown> }): Promise<void>;
}

/** Of one call; the caller goes on with another. */
const MAX_REPLAYED = 1000;
/** Read and stored together: at most 64 kB each, so some MB in memory. */
const STEP = 100;

export function toWireEntry(entry: StoredEntry): QuarantineEntry {
  return {
    id: entry.id,
    receivedAt: entry.received_at,
    lastReceivedAt: entry.last_received_at,
    times: entry.times,
    code: entry.code,
    path: entry.path,
    message: entry.message,
    format: entry.format,
    original: entry.original.toString(),
    isCut: entry.is_cut,
    detail: entry.detail,
  };
}

/** Reads entries of a source again: those of `ids`, or the oldest thousand. @throws AppError `conflict` when the source has left the catalogue. */
export async function replayQuarantine(ports: ReplayPorts, request: { sourceId: string; ids: readonly number[] | null; actor: Actor }): Promise<ReplayAnswer> {
  const { sourceId, ids } = request;
  const source = ports.sourceOf(sourceId);
  if (source === null) throw new AppError('conflict', `The source "${sourceId}" is no longer in the catalogue: nothing says how to read its originals.`);
  const total = { read: 0, left: 0, stayed: 0, accepted: 0, duplicates: 0, revised: 0 };
  let after = 0;
  while (total.read < MAX_REPLAYED) {
    const entries = await ports.select({ sourceId, ids, after, limit: Math.min(STEP, MAX_REPLAYED - total.read) });
    if (entries.length === 0) break;
    const step = await replayStep(ports, source, entries);
    total.read += entries.length;
    for (const key of ['left', 'stayed', 'accepted', 'duplicates', 'revised'] as const) total[key] += step[key];
    after = entries.at(-1)?.id ?? after;
  }
  if (total.read > 0) await ports.record({ kind: 'quarantine_replayed', actor: request.actor, detail: { source: sourceId, ...total } });
  return { ...total, lastId: total.read === 0 ? null : after };
}

async function replayStep(ports: ReplayPorts, source: Source, entries: readonly StoredEntry[]): Promise<Omit<ReplayAnswer, 'read' | 'lastId'>> {
  const pieces: Piece[] = [];
  for (const entry of entries) pieces.push(await readAgain(ports, source, entry));
  const outcome = await storePieces(ports.ingestWith, { token: `replay ${source.id}`, source: source.id === HTTP_SOURCE_ID ? null : source }, pieces);
  const reasons = reasonsOf(outcome.rejected);
  const left = entries.filter((_entry, piece) => !reasons.has(piece)).map((entry) => entry.id);
  await ports.updateReasons([...reasons].flatMap(([piece, refusal]) => (entries[piece] === undefined ? [] : [{ id: entries[piece].id, refusal }])));
  await ports.remove(source.id, left);
  const { accepted, duplicates, revised } = outcome;
  return { left: left.length, stayed: reasons.size, accepted, duplicates, revised };
}

async function readAgain(ports: ReplayPorts, source: Source, entry: StoredEntry): Promise<Piece> {
  const original = { format: entry.format, text: entry.original.toString(), detail: entry.detail };
  if (entry.is_cut) return { readings: [], refusals: [{ code: entry.code, path: entry.path, message: entry.message }], original };
  return ports.readers[entry.format](source, original, { receivedAt: entry.received_at, timeZone: ports.timeZone() });
}

/** True for the senders that replays use: what they store is no sign of life of the source. */
export const isReplay = (token: string): boolean => token.startsWith('replay ');
