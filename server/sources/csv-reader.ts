/**
 * A CSV to pieces, one for each row that holds something, by a declared mapping; and one row again from quarantine by the mended mapping.
 * What always holds: every row is counted, and what is in no piece was passed over by declaration. Memory is bounded by the batch.
 */
import { parse } from 'csv-parse/sync';
import type { CsvMapping } from '../catalogue/csv-schema.ts';
import type { Source } from '../catalogue/source-schema.ts';
import { type BoundMapping, bindMapping, type RowResult } from './csv-row.ts';
import { type Broken, type CsvBytes, csvLine, findEncoding, readRows, type TextRow } from './csv-text.ts';
import type { Original, Piece, PieceRefusal, Reader } from './piece.ts';

/** Some rows of a file, in order. */
export interface CsvBatch {
  kind: 'rows';
  pieces: Piece[];
  /** For each piece its row as a spreadsheet numbers it. */
  rows: number[];
  /** For each piece and each of its readings the column of the value. */
  valueColumns: string[][];
  counts: CsvCounts;
  columnOf: BoundMapping['columnOf'];
}

export interface CsvCounts {
  /** Rows below the header that are not blank. */
  rows: number;
  readings: number;
  /** Cells without a value and rows passed over. */
  skipped: number;
  /** Local times that came twice and were taken as declared. */
  ambiguousTimes: number;
}

export interface CsvInput {
  bytes: CsvBytes;
  mapping: CsvMapping;
  cityZone: string;
  /** What the file is called in originals; empty for a body. */
  file: string;
  /** Of the transport, such as a charset; the mapping's goes before it. */
  encoding?: string;
}

/** As many rows as a store's batch likes; in the wide form the readings are what counts. */
const BATCH_ROWS = 5000;
const BATCH_READINGS = 20_000;

/** Batches of rows in order; the last item may say why the rest cannot be read. Throws only what reading the bytes throws. */
export async function* readCsv(input: CsvInput): AsyncGenerator<CsvBatch | Broken> {
  const { bytes, mapping } = input;
  const encoding = await findEncoding(bytes, mapping.encoding ?? input.encoding ?? 'utf-8');
  if (encoding.kind === 'broken') return yield encoding;
  const headerRow = mapping.header === 'none' ? 0 : mapping.header;
  let opened = headerRow === 0 ? openTable(input, null) : null;
  let batch: CsvBatch | null = null;
  for await (const rows of readRows(bytes, encoding.label, mapping)) {
    if ('kind' in rows) {
      if (batch !== null) yield batch;
      return yield rows;
    }
    for (const row of rows) {
      if (row.number < headerRow) continue;
      if (row.number === headerRow) opened = openTable(input, row.cells);
      if (opened === null) continue;
      if ('kind' in opened) return yield opened;
      if (row.number === headerRow) continue;
      batch ??= emptyBatch(opened.bound);
      opened.add(batch, row);
      if (batch.counts.rows < BATCH_ROWS && batch.counts.readings < BATCH_READINGS) continue;
      yield batch;
      batch = null;
    }
  }
  if (batch !== null) yield batch;
  if (opened !== null) return;
  yield { kind: 'broken', row: 0, path: 'header', message: headerRow === 1 ? 'The file is empty.' : `The file has no row ${headerRow}, which should name the columns.` };
}

const emptyBatch = ({ columnOf }: BoundMapping): CsvBatch => ({
  kind: 'rows',
  pieces: [],
  rows: [],
  valueColumns: [],
  counts: { rows: 0, readings: 0, skipped: 0, ambiguousTimes: 0 },
  columnOf,
});

interface Table {
  bound: BoundMapping;
  add(batch: CsvBatch, row: TextRow): void;
}

function openTable({ mapping, cityZone, file }: CsvInput, header: readonly string[] | null): Table | Broken {
  const answer = bindMapping(mapping, { header, cityZone });
  if (answer.kind === 'unbound') return { kind: 'broken', row: 0, path: answer.path, message: answer.message };
  const { bound } = answer;
  const common = { ...(file === '' ? {} : { file }), ...(header === null ? {} : { header: csvLine(header) }) };
  return {
    bound,
    add(batch, { number, cells }) {
      if (cells.every((cell) => cell.trim() === '')) return;
      const result = bound.read(cells);
      const { counts } = batch;
      counts.rows++;
      counts.readings += result.readings.length;
      counts.skipped += result.skipped;
      if (result.isAmbiguous) counts.ambiguousTimes++;
      if (result.readings.length === 0 && result.refusals.length === 0) return;
      batch.pieces.push(toPiece(result, { format: 'csv', text: csvLine(cells), detail: { ...common, row: String(number) } }));
      batch.rows.push(number);
      batch.valueColumns.push(result.valueColumns);
    },
  };
}

const toPiece = ({ readings, refusals }: RowResult, original: Original): Piece => ({ readings, refusals, original });

/** The mapping that a source declares for CSV; null for one that has none. */
export const csvMappingOf = (source: Source): CsvMapping | null => ((source.kind === 'push' || source.kind === 'csv_drop') && source.csv !== undefined ? source.csv : null);

/** Reads a row from quarantine by the mapping that the source has now. */
export const readCsvOriginal: Reader = async (source, original, { timeZone }) => {
  const refused = (refusal: PieceRefusal): Piece => ({ readings: [], refusals: [refusal], original });
  const mapping = csvMappingOf(source);
  if (mapping === null) return refused({ code: 'source_mismatch', path: 'csv', message: `The source "${source.id}" declares no csv: nothing says how its rows are read.` });
  const header = original.detail['header'];
  const answer = bindMapping(mapping, { header: header === undefined || mapping.header === 'none' ? null : cellsOf(header), cityZone: timeZone });
  if (answer.kind === 'unbound') return refused({ code: 'invalid_request', path: answer.path, message: answer.message });
  return toPiece(answer.bound.read(cellsOf(original.text)), original);
};

/** One row as `csvLine` wrote it; what the quarantine cut off is not there. */
const cellsOf = (text: string): string[] => (parse(text, { relax_column_count: true, relax_quotes: true, skip_records_with_error: true }) as string[][])[0] ?? [];
