/** Pure: refused rows as people are told of them, in an upload's answer and in the report beside a file that was read. */
import type { CsvBatch } from './csv-reader.ts';
import { csvLine } from './csv-text.ts';
import type { PieceRefusal, TakeOutcome } from './piece.ts';

export interface RefusedRow extends PieceRefusal {
  /** As a spreadsheet numbers it. */
  row: number;
  /** Empty when no single column is to blame. `path` is the key of the reading that the door refused, else empty. */
  column: string;
}

/** A refusal of the reader itself names its column. */
export const refusedCell = (row: number, { code, path, message }: PieceRefusal): RefusedRow => ({ row, column: path, code, path: '', message });

/** What the door said of a batch, by rows and columns of the file. */
export function refusedRows(batch: CsvBatch, rejected: TakeOutcome['rejected']): RefusedRow[] {
  return rejected.map(({ piece, code, path, message }) => {
    const row = batch.rows[piece] ?? 0;
    const isOfReader = batch.pieces[piece]?.refusals.some((refusal) => refusal.code === code && refusal.path === path && refusal.message === message) ?? false;
    if (isOfReader) return refusedCell(row, { code, path, message });
    const columns = batch.valueColumns[piece] ?? [];
    // The door names the piece, not the reading in it: of several columns none is blamed.
    return { row, column: batch.columnOf(path, columns.length === 1 ? (columns[0] ?? '') : ''), code, path, message };
  });
}

/** The first line of a report. The mark tells spreadsheets that it is UTF-8. */
export const reportHead = `\ufeff${csvLine(['row', 'column', 'code', 'message', 'text'])}\r\n`;

/** One line of a report; `text`: the row as it was read. */
export const reportLine = ({ row, column, code, message }: RefusedRow, text: string): string => `${csvLine([String(row), ...[column, code, message, text].map(harmless)])}\r\n`;

/** Spreadsheets run what begins like a formula, and rows come from strangers. */
const harmless = (cell: string): string => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell);
