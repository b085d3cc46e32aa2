/**
 * `places/stations.csv` to raw stations, ready for the station's schema. As spreadsheets write it: RFC 4180 with or without a
 * byte-order mark, LF or CRLF; empty rows are passed over. Problems count rows as a spreadsheet does: the header is row 1.
 *
 * Columns, in any order: id, name_zh, name_en, parent, longitude, latitude; and optional kind, note_zh, note_en,
 * indicators (ids separated by spaces or `;`) and limits (the place's own limits, `rule:level=value` separated by spaces or
 * `;`: `flood_depth:yellow=10 flood_depth:red=30`).
 */
import { parse } from 'csv-parse/sync';
import type { Problem } from './catalogue.ts';
import { hint } from './near.ts';
import type { Whereabouts } from './problems.ts';

const required = ['id', 'name_zh', 'name_en', 'parent', 'longitude', 'latitude'];
const columns = [...required, 'kind', 'note_zh', 'note_en', 'indicators', 'limits'];

/** A raw station, to be checked by its schema. */
export interface CsvStation extends Whereabouts {
  raw: Record<string, unknown>;
}

export interface CsvAnswer {
  stations: CsvStation[];
  problems: Problem[];
  /** True when rows may be missing from `stations`. */
  broken: boolean;
}

interface Row {
  number: number;
  cells: string[];
}

export function readStationsCsv(text: string, file: string): CsvAnswer {
  const { rows, problems } = readRows(text, file);
  const header = rows.shift();
  if (header === undefined) return { stations: [], broken: true, problems: [...problems, { file, path: 'row 1', message: `must name the columns: ${columns.join(', ')}` }] };
  const names = header.cells.map((cell) => cell.trim());
  const headerProblems = checkHeader(names, file);
  if (headerProblems.length > 0) return { stations: [], broken: true, problems: [...problems, ...headerProblems] };
  const stations: CsvStation[] = [];
  const broken = problems.length > 0;
  for (const row of rows) {
    if (row.cells.every((cell) => cell.trim() === '')) continue;
    if (row.cells.slice(names.length).some((cell) => cell.trim() !== '')) {
      problems.push({ file, path: `row ${row.number}`, message: `has ${row.cells.length} cells for ${names.length} columns; put a text that contains a comma in double quotes` });
    }
    const cells = Object.fromEntries(names.map((name, i) => [name, row.cells[i]?.trim() ?? '']));
    stations.push(stationOf(cells, { file, at: cellPaths(row.number) }, problems));
  }
  return { stations, problems, broken };
}

function readRows(text: string, file: string): { rows: Row[]; problems: Problem[] } {
  const rows: Row[] = [];
  const problems: Problem[] = [];
  let number = 0;
  parse(text, {
    bom: true,
    relax_column_count: true,
    skip_records_with_error: true,
    on_skip: (error) => {
      number += 1;
      const message =
        error?.code === 'CSV_QUOTE_NOT_CLOSED'
          ? 'a double quote is opened and never closed'
          : 'a double quote inside a cell must be written twice, and the cell put in double quotes';
      problems.push({ file, path: `row ${number}`, message });
    },
    on_record: (cells: string[]) => {
      number += 1;
      rows.push({ number, cells });
      return cells;
    },
  });
  return { rows, problems };
}

function checkHeader(names: readonly string[], file: string): Problem[] {
  const [only] = names;
  if (names.length === 1 && only !== undefined && /[;\t]/.test(only)) return [{ file, path: 'row 1', message: 'columns must be separated by commas, not by semicolons or tabs' }];
  const problems: Problem[] = [];
  for (const [i, name] of names.entries()) {
    if (!columns.includes(name)) problems.push({ file, path: `row 1, column ${name === '' ? i + 1 : name}`, message: `unknown column${hint(name, columns)}` });
    else if (names.indexOf(name) < i) problems.push({ file, path: `row 1, column ${name}`, message: 'this column is there twice; keep one of them' });
  }
  // A misspelt column is reported once, as unknown; that it is missing too goes without saying.
  if (problems.length === 0) for (const name of required) if (!names.includes(name)) problems.push({ file, path: 'row 1', message: `the column ${name} is missing` });
  return problems;
}

/** Keys of the station's schema as the columns they came from. */
const cellPaths =
  (row: number) =>
  (...keys: PropertyKey[]): string => {
    const [first, second] = keys;
    if (first === undefined) return `row ${row}`;
    const column = (first === 'name' || first === 'note') && typeof second === 'string' ? `${first}_${second}` : String(first);
    return `row ${row}, column ${column}`;
  };

function stationOf(cells: Readonly<Record<string, string>>, where: Whereabouts, problems: Problem[]): CsvStation {
  const filled = (column: string): string | undefined => (cells[column] === '' ? undefined : cells[column]);
  const raw: Record<string, unknown> = {
    id: filled('id'),
    name: { zh: filled('name_zh'), en: filled('name_en') },
    parent: filled('parent'),
    longitude: numberOf(filled('longitude')),
    latitude: numberOf(filled('latitude')),
  };
  if (filled('kind') !== undefined) raw['kind'] = filled('kind');
  if (filled('note_zh') !== undefined || filled('note_en') !== undefined) raw['note'] = { zh: filled('note_zh'), en: filled('note_en') };
  if (filled('indicators') !== undefined) raw['indicators'] = wordsOf(filled('indicators'));
  if (filled('limits') !== undefined) raw['limits'] = limitsOf(wordsOf(filled('limits')), where, problems);
  return { ...where, raw };
}

const wordsOf = (cell = ''): string[] => cell.split(/[\s;]+/).filter((word) => word !== '');

/** A number, or the text as it is, so that the schema can say what stands there instead. */
function numberOf(cell: string | undefined): number | string | undefined {
  return cell !== undefined && /^[-+]?\d+(\.\d+)?$/.test(cell) ? Number(cell) : cell;
}

function limitsOf(words: readonly string[], where: Whereabouts, problems: Problem[]): Record<string, Record<string, unknown>> {
  const limits = new Map<string, Map<string, unknown>>();
  for (const word of words) {
    const [, rule, level, value] = /^([^:=]+):([^:=]+)=([^:=]+)$/.exec(word) ?? [];
    if (rule === undefined || level === undefined) {
      problems.push({ file: where.file, path: where.at('limits'), message: `${JSON.stringify(word)} must be rule:level=value, such as flood_depth:yellow=10` });
      continue;
    }
    const ofRule = limits.get(rule) ?? new Map<string, unknown>();
    if (ofRule.has(level)) problems.push({ file: where.file, path: where.at('limits'), message: `${rule}:${level} is given twice; keep one of them` });
    limits.set(rule, ofRule.set(level, numberOf(value)));
  }
  return Object.fromEntries([...limits].map(([rule, ofRule]) => [rule, Object.fromEntries(ofRule)]));
}
