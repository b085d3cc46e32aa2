/**
 * Bytes of a CSV to its rows: encoding, separator, quotes. Streaming: what is held is a chunk and the rows in it, however large the file.
 * Rows are numbered as a spreadsheet shows them: from 1, blank ones and those above the header included.
 */
import { type Options, type Parser, parse } from 'csv-parse';
import type { CsvMapping } from '../catalogue/csv-schema.ts';

/** A file or a body, read from its beginning at each call: finding out an encoding takes a pass of its own. */
export type CsvBytes = () => AsyncIterable<Uint8Array>;

export interface TextRow {
  number: number;
  cells: string[];
}

/** Why the rest of a file cannot be read. What came before it is good. */
export interface Broken {
  kind: 'broken';
  /** The last row that could be read; 0: none. */
  row: number;
  /** Key path in the mapping that is to blame; empty for the file. */
  path: string;
  message: string;
}

/** A row longer than this is rather a quote that was never closed. */
const MAX_ROW_BYTES = 256 * 1024;
/** The header is looked for in the file's first part only. */
const MAX_HEAD = 256 * 1024;

/** The encoding's label, or why the bytes are no text. A byte-order mark goes before every declaration. */
export async function findEncoding(bytes: CsvBytes, declared: string): Promise<{ kind: 'encoding'; label: string } | Broken> {
  const head = await headOf(bytes);
  const broken = (message: string): Broken => ({ kind: 'broken', row: 0, path: '', message });
  if (startsWith(head, [0x50, 0x4b, 0x03, 0x04]) || startsWith(head, [0xd0, 0xcf, 0x11, 0xe0]))
    return broken('This is a workbook of a spreadsheet, not a CSV: save it as CSV first.');
  if (startsWith(head, [0xef, 0xbb, 0xbf])) return { kind: 'encoding', label: 'utf-8' };
  if (startsWith(head, [0xff, 0xfe])) return { kind: 'encoding', label: 'utf-16le' };
  if (startsWith(head, [0xfe, 0xff])) return { kind: 'encoding', label: 'utf-16be' };
  if (declared !== 'auto') return { kind: 'encoding', label: declared };
  return { kind: 'encoding', label: (await isUtf8(bytes)) ? 'utf-8' : 'gb18030' };
}

async function headOf(bytes: CsvBytes): Promise<number[]> {
  const head: number[] = [];
  for await (const chunk of bytes()) {
    head.push(...chunk.subarray(0, 4));
    if (head.length >= 4) break;
  }
  return head;
}

const startsWith = (head: readonly number[], mark: readonly number[]): boolean => mark.every((byte, i) => head[i] === byte);

async function isUtf8(bytes: CsvBytes): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of bytes()) decoder.decode(chunk, { stream: true });
    decoder.decode();
    return true;
  } catch (error) {
    if (isUndecodable(error)) return false;
    throw error;
  }
}

const isUndecodable = (error: unknown): boolean => error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA';

/** The file's rows, some at a time; the last item may say that it broke off. Throws only what reading the bytes throws. */
export async function* readRows(bytes: CsvBytes, encoding: string, mapping: Pick<CsvMapping, 'delimiter' | 'header' | 'decimalComma'>): AsyncGenerator<TextRow[] | Broken> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let head = '';
  let splitter: Splitter | null = null;
  const open = (): Splitter => openSplitter(mapping.delimiter === 'auto' ? findDelimiter(head, mapping) : mapping.delimiter === 'tab' ? '\t' : mapping.delimiter);
  try {
    for await (const chunk of bytes()) {
      const text = decoder.decode(chunk, { stream: true });
      if (splitter === null) {
        head += text;
        if (head.length < MAX_HEAD && recordAt(head, mapping.header) === null) continue;
        splitter = open();
      }
      yield await splitter.split(head === '' ? text : head);
      head = '';
      if (splitter.broken !== null) return yield splitter.broken;
    }
    const rest = decoder.decode();
    splitter ??= open();
    yield await splitter.split(head + rest);
    yield await splitter.end();
    if (splitter.broken !== null) yield splitter.broken;
  } catch (error) {
    if (!isUndecodable(error)) throw error;
    const row = splitter?.last ?? 0;
    yield { kind: 'broken', row, path: 'encoding', message: `Soon after row ${row} the file is no ${encoding} text: declare its encoding, such as gb18030 or auto.` };
  } finally {
    splitter?.close();
  }
}

interface Splitter {
  split(text: string): Promise<TextRow[]>;
  end(): Promise<TextRow[]>;
  close(): void;
  /** Number of the last row so far. */
  readonly last: number;
  readonly broken: Broken | null;
}

function openSplitter(delimiter: string): Splitter {
  let rows: TextRow[] = [];
  let last = 0;
  let broken: Broken | null = null;
  const options: Options = {
    delimiter,
    // Files joined from several systems mix them.
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: MAX_ROW_BYTES,
    skip_records_with_error: true,
    on_record: (cells: string[]) => {
      rows.push({ number: ++last, cells });
      // Nothing is handed on: the rows are taken from here, without a stream of objects in between.
      return null;
    },
    on_skip: () => {
      broken ??= { kind: 'broken', row: last, path: '', message: `In row ${last + 1} a double quote is opened that is not closed: nothing from there on was read.` };
      return undefined;
    },
  };
  const parser: Parser = parse(options);
  parser.resume();
  const taken = (): TextRow[] => {
    const all = rows;
    rows = [];
    return all;
  };
  const whenDone = (start: (done: (error?: Error | null) => void) => void): Promise<TextRow[]> =>
    new Promise((resolve, reject) => start((error) => (error === undefined || error === null ? resolve(taken()) : reject(error))));
  return {
    split: (text) => (text === '' ? Promise.resolve([]) : whenDone((done) => parser.write(text, 'utf8', done))),
    end: () => whenDone((done) => parser.end(done)),
    close: () => void parser.destroy(),
    get last() {
      return last;
    },
    get broken() {
      return broken;
    },
  };
}

/** The sign that is most often between cells in the row that names the columns (or the first row). */
function findDelimiter(head: string, { header, decimalComma }: Pick<CsvMapping, 'header' | 'decimalComma'>): string {
  const row = recordAt(head, header) ?? head;
  const bare = row.replaceAll(/"[^"]*"/g, '');
  const candidates = decimalComma ? [';', '\t', ','] : [',', ';', '\t'];
  const counts = candidates.map((sign) => bare.split(sign).length);
  // In a file without header the decimal commas of its numbers are no separators.
  if (decimalComma && header === 'none' && (counts[0] as number) + (counts[1] as number) > 2) counts[2] = 0;
  return candidates[counts.indexOf(Math.max(...counts))] as string;
}

/** The n-th row (or the first that is not blank) as text; null when it has not come to its end. */
function recordAt(text: string, header: 'none' | number): string | null {
  let isQuoted = false;
  let start = 0;
  let number = 1;
  for (let i = 0; i < text.length; i++) {
    const sign = text[i];
    if (sign === '"') isQuoted = !isQuoted;
    if (isQuoted || (sign !== '\n' && sign !== '\r')) continue;
    const row = text.slice(start, i);
    if (header === 'none' ? row.trim() !== '' : number === header) return row;
    if (sign === '\r' && text[i + 1] === '\n') i++;
    start = i + 1;
    number++;
  }
  return null;
}

/** A row as text again, always with commas: what a report and the quarantine keep of it. */
export const csvLine = (cells: readonly string[]): string => cells.map(csvCell).join(',');

function csvCell(cell: string): string {
  return /[",\r\n]/.test(cell) || cell !== cell.trim() ? `"${cell.replaceAll('"', '""')}"` : cell;
}
