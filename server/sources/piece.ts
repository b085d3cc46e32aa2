/**
 * What a connector hands to the door: pieces. A piece is one unit as it arrived (a message, a row of a CSV, a line), with the readings
 * found in it and the original text. Whatever part of a piece is refused, the original is kept in quarantine, from where the same
 * reader can read it again by a mended mapping.
 */
import type { Source } from '../catalogue/source-schema.ts';
import type { ErrorCode } from '../contract/index.ts';

/** `reading`: one reading as JSON; `line`: one line of line protocol; the others are a connector's own. */
export type OriginalFormat = 'reading' | 'line' | 'mqtt' | 'csv';

export interface Original {
  format: OriginalFormat;
  /** As it came; the store keeps at most 64 kB of it. */
  text: string;
  /** What the reader needs besides the text: topic, file, row, column names. */
  detail: Readonly<Record<string, string>>;
}

export interface PieceRefusal {
  code: ErrorCode;
  /** Key path or column that is to blame; empty for the whole. */
  path: string;
  message: string;
}

export interface Piece {
  /** Of the shape of one entry of `POST /api/v1/readings`, not yet judged. */
  readings: readonly unknown[];
  /** Parts that could not be made into readings. */
  refusals: readonly PieceRefusal[];
  original: Original;
}

/** Reads an original by the source's present mapping. Never throws for bad input: that is a refusal in the piece. */
export type Reader = (source: Source, original: Original, context: { receivedAt: number; timeZone: string }) => Promise<Piece>;

export interface TakeOutcome {
  accepted: number;
  duplicates: number;
  revised: number;
  /** Each refused part with the index of its piece. */
  rejected: (PieceRefusal & { piece: number })[];
}

/**
 * Stores the pieces' readings and puts what is refused into quarantine; both are committed when it resolves, so the sender may be told.
 * @throws AppError `store_unavailable`, `store_full` or `overloaded`: nothing was promised, hand in the same pieces again later.
 */
export type Take = (source: Source, pieces: readonly Piece[]) => Promise<TakeOutcome>;
