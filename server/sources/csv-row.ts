/**
 * Pure: one row of a CSV to readings, by a mapping that was bound to the file's header. What always holds: each cell that should hold a
 * value becomes a reading, is passed over and counted, or is refused by a code, a column and a reason.
 */
import { type CsvColumn, type CsvMapping, columnsOf } from '../catalogue/csv-schema.ts';
import { hint } from '../catalogue/near.ts';
import { type Quality, qualities } from '../contract/index.ts';
import { createGlob } from './csv-glob.ts';
import { createTimeReader, type TimeReader } from './csv-time.ts';
import type { PieceRefusal } from './piece.ts';

export interface RowReading {
  indicator: string;
  place: string;
  facet?: string;
  observedAt: number;
  value: number;
  quality?: Quality;
}

export interface RowResult {
  readings: RowReading[];
  /** For each reading the column of its value. */
  valueColumns: string[];
  /** `path` is the column. */
  refusals: PieceRefusal[];
  /** Cells without a value, or 1 for a row that was passed over. */
  skipped: number;
  /** True when its local time came twice and was taken as declared. */
  isAmbiguous: boolean;
}

export interface BoundMapping {
  read(cells: readonly string[]): RowResult;
  /** The column behind a reading's key, for refusals that name keys; empty when it came from no column, or `valueColumn` (empty: unknown) must tell which. */
  columnOf(key: string, valueColumn: string): string;
}

/** What all are, or nothing. */
const onlyOne = (texts: readonly string[]): string => (texts.every((text) => text === texts[0]) ? (texts[0] ?? '') : '');

/** A column that is there: where, and what a report calls it. */
interface ColumnAt {
  index: number;
  label: string;
}

type Text = { kind: 'text'; text: string } | { kind: 'refused'; refusal: PieceRefusal };
type TextOf = (cells: readonly string[]) => Text;
interface ValueReader {
  at: ColumnAt;
  indicator: TextOf;
  place: TextOf;
  facet: TextOf | null;
  quality: Quality | undefined;
  /** Column of the place, when it has one. */
  placeColumn: string;
}

/**
 * Finds the mapping's columns in the header (null: the file has none, columns are numbers).
 * @returns a message and the key path to blame when one is not there, or there twice.
 */
export function bindMapping(
  mapping: CsvMapping,
  { header, cityZone }: { header: readonly string[] | null; cityZone: string },
): { kind: 'bound'; bound: BoundMapping } | { kind: 'unbound'; path: string; message: string } {
  const names = header?.map((name) => name.trim()) ?? null;
  for (const { path, column } of columnsOf(mapping)) {
    const message = names === null ? null : missingColumn(column, names, mapping.header);
    if (message !== null) return { kind: 'unbound', path: path.join('.'), message };
  }
  const find = (column: CsvColumn): ColumnAt => {
    const index = typeof column === 'number' ? column - 1 : (names ?? []).indexOf(column);
    return { index, label: names?.[index] || `column ${index + 1}` };
  };
  return { kind: 'bound', bound: bind(mapping, { find, width: names?.length ?? null, readTime: createTimeReader(mapping.time, cityZone) }) };
}

function missingColumn(column: CsvColumn, names: readonly string[], header: CsvMapping['header']): string | null {
  if (typeof column === 'number') return column <= names.length ? null : `There is no column ${column}: row ${header} names ${names.length}.`;
  const count = names.filter((name) => name === column).length;
  if (count === 1) return null;
  const shown = JSON.stringify(column);
  if (count > 1) return `Row ${header} names the column ${shown} ${count} times: give it by number.`;
  const known = names.filter((name) => name !== '');
  return `Row ${header} names no column ${shown}${hint(column, known) || `; it names ${known.length}`}.`;
}

interface Binding {
  find(column: CsvColumn): ColumnAt;
  /** Number of columns; null when no header says it. */
  width: number | null;
  readTime: TimeReader;
}

function bind(mapping: CsvMapping, { find, width, readTime }: Binding): BoundMapping {
  const columns = columnsOfTime(mapping, find);
  const timeColumn = columns.map(({ label }) => label).join(' / ');
  const readers = valueReaders(mapping, find);
  const rowQuality = qualityOf(mapping, find);
  const parse = createNumberParser(mapping);
  const missing = new Set(mapping.missing.map((text) => text.trim()));
  const skip = mapping.skipRows.map(createGlob);
  const indicatorColumn = typeof mapping.indicator === 'object' ? find(mapping.indicator.column).label : null;
  const facetColumn = typeof mapping.facet === 'object' ? find(mapping.facet.column).label : null;
  const byColumn = new Map(readers.map((reader) => [reader.at.label, reader]));

  const passedOver = (): RowResult => ({ readings: [], valueColumns: [], refusals: [], skipped: 1, isAmbiguous: false });
  const refused = (refusal: PieceRefusal): RowResult => ({ ...passedOver(), refusals: [refusal], skipped: 0 });

  const readTimeOf = (cells: readonly string[]): { at: number; isAmbiguous: boolean } | RowResult => {
    const texts = columns.map(({ index }) => cellOf(cells, index));
    if (texts[0] === '') return passedOver();
    const empty = columns[texts.indexOf('')];
    if (empty !== undefined) return refused({ code: 'invalid_time', path: empty.label, message: 'The time of day is empty.' });
    const time = readTime(texts.join(' '));
    return time.kind === 'instant' ? time : refused({ code: 'invalid_time', path: timeColumn, message: time.message });
  };

  return {
    read(cells) {
      const first = cells.find((cell) => cell.trim() !== '')?.trim() ?? '';
      if (skip.some((matches) => matches(first))) return passedOver();
      const tooWide = width !== null && cells.slice(width).some((cell) => cell.trim() !== '');
      if (tooWide) {
        return refused({
          code: 'malformed_line',
          path: '',
          message: `The row has ${cells.length} cells for ${width} columns: a cell that holds the separator must stand in double quotes.`,
        });
      }
      const time = readTimeOf(cells);
      if ('readings' in time) return time;
      const quality = rowQuality(cells);
      if (quality.kind === 'refused') return refused(quality.refusal);
      const result: RowResult = { readings: [], valueColumns: [], refusals: [], skipped: 0, isAmbiguous: time.isAmbiguous };
      for (const reader of readers) readValue(reader, { cells, observedAt: time.at, quality: quality.quality, parse, missing, result });
      return result;
    },
    columnOf(key, valueColumn) {
      if (key === 'observedAt') return timeColumn;
      if (key === 'value' || key === '') return valueColumn;
      if (key === 'place') return byColumn.get(valueColumn)?.placeColumn ?? onlyOne(readers.map((reader) => reader.placeColumn));
      if (key === 'indicator') return mapping.value === undefined ? valueColumn : (indicatorColumn ?? '');
      if (key === 'facet') return mapping.value === undefined ? valueColumn : (facetColumn ?? '');
      return key;
    },
  };
}

function columnsOfTime({ time }: CsvMapping, find: Binding['find']): ColumnAt[] {
  return [time.column ?? time.date, time.column === undefined ? time.time : undefined].flatMap((column) => (column === undefined ? [] : [find(column)]));
}

const cellOf = (cells: readonly string[], index: number): string => cells[index]?.trim() ?? '';

interface RowContext {
  cells: readonly string[];
  observedAt: number;
  quality: Quality | undefined;
  parse(text: string): number | null;
  missing: ReadonlySet<string>;
  result: RowResult;
}

/** Puts one cell's reading, refusal or passing over into the row's result. */
function readValue(reader: ValueReader, { cells, observedAt, quality, parse, missing, result }: RowContext): void {
  const text = cellOf(cells, reader.at.index);
  if (missing.has(text)) {
    result.skipped++;
    return;
  }
  const value = parse(text);
  if (value === null) {
    const message = text === '' ? 'The value is empty.' : `${JSON.stringify(text.slice(0, 60))} is no number. If it stands for a missing value, name it in missing.`;
    result.refusals.push({ code: 'not_a_number', path: reader.at.label, message });
    return;
  }
  const [indicator, place, facet] = [reader.indicator(cells), reader.place(cells), reader.facet?.(cells)];
  if (indicator.kind === 'refused') result.refusals.push(indicator.refusal);
  else if (place.kind === 'refused') result.refusals.push(place.refusal);
  else if (facet?.kind === 'refused') result.refusals.push(facet.refusal);
  else {
    const ownQuality = reader.quality ?? quality;
    const hasFacet = facet !== undefined && facet.text !== '';
    result.readings.push({
      indicator: indicator.text,
      place: place.text,
      ...(hasFacet ? { facet: facet.text } : {}),
      observedAt,
      value,
      ...(ownQuality === undefined ? {} : { quality: ownQuality }),
    });
    result.valueColumns.push(reader.at.label);
  }
}

function valueReaders(mapping: CsvMapping, find: Binding['find']): ValueReader[] {
  const fixed = (text: string): TextOf => {
    const answer: Text = { kind: 'text', text };
    return () => answer;
  };
  const from = (key: 'place' | 'indicator' | 'facet', mayBeEmpty: boolean): TextOf => {
    const declared = mapping[key];
    return typeof declared === 'object' ? idFrom(find(declared.column), { key, ids: declared.ids, mayBeEmpty }) : fixed(declared ?? '');
  };
  const placeColumn = typeof mapping.place === 'object' ? find(mapping.place.column).label : '';
  if (mapping.value !== undefined) {
    const facet = mapping.facet === undefined ? null : from('facet', true);
    return [{ at: find(mapping.value.column), indicator: from('indicator', false), place: from('place', false), facet, quality: undefined, placeColumn }];
  }
  return (mapping.values ?? []).map((entry) => {
    const at = find(entry.column);
    return {
      at,
      indicator: fixed(entry.indicator),
      place: entry.place === undefined ? from('place', false) : fixed(entry.place),
      facet: entry.facet === undefined ? null : fixed(entry.facet),
      quality: entry.quality,
      placeColumn: entry.place === undefined ? placeColumn : at.label,
    };
  });
}

const codeOfKey = { place: 'unknown_place', indicator: 'unknown_indicator', facet: 'unknown_facet' } as const;
const looksLikeId = /^[a-z][a-z0-9_]*$/;

/** An id from a column: by the table, or the text itself where it has the form of an id (the door judges it). */
function idFrom({ index, label }: ColumnAt, { key, ids, mayBeEmpty }: { key: keyof typeof codeOfKey; ids: Readonly<Record<string, string>>; mayBeEmpty: boolean }): TextOf {
  const table = new Map(Object.entries(ids).map(([text, id]) => [text.trim(), id]));
  return (cells) => {
    const text = cellOf(cells, index);
    const id = table.get(text);
    if (id !== undefined) return { kind: 'text', text: id };
    if (looksLikeId.test(text) || (text === '' && mayBeEmpty)) return { kind: 'text', text };
    if (text === '') return { kind: 'refused', refusal: { code: 'missing_field', path: label, message: `The ${key} is empty.` } };
    const message = `${JSON.stringify(text.slice(0, 60))} is no ${key} that the mapping names${hint(text, table.keys())}`;
    return { kind: 'refused', refusal: { code: codeOfKey[key], path: label, message } };
  };
}

function qualityOf(
  mapping: CsvMapping,
  find: Binding['find'],
): (cells: readonly string[]) => { kind: 'quality'; quality: Quality | undefined } | { kind: 'refused'; refusal: PieceRefusal } {
  const declared = mapping.quality;
  if (typeof declared !== 'object') return () => ({ kind: 'quality', quality: declared });
  const { index, label } = find(declared.column);
  const table = new Map<string, Quality>([...qualities.map((word): [string, Quality] => [word, word]), ...Object.entries(declared.texts)]);
  return (cells) => {
    const text = cellOf(cells, index);
    const quality = table.get(text);
    if (quality !== undefined || text === '') return { kind: 'quality', quality };
    return {
      kind: 'refused',
      refusal: { code: 'wrong_type', path: label, message: `${JSON.stringify(text.slice(0, 60))} is no quality that the mapping names${hint(text, table.keys())}` },
    };
  };
}

/** Numbers as the mapping writes them; null for what is none. Thousands must stand in threes, or 1,5 would become 15. */
function createNumberParser({ decimalComma, thousands }: CsvMapping): (text: string) => number | null {
  const point = decimalComma ? ',' : '.';
  return (written) => {
    let text = written.normalize('NFKC').replace(/^[−–]/, '-');
    if (thousands !== undefined) {
      const [whole = '', ...rest] = text.split(point);
      const groups = whole.split(thousands === ' ' ? /\s/ : thousands);
      if (groups.length > 1) {
        if (!groups.every((group, i) => (i === 0 ? /^[-+]?\d{1,3}$/ : /^\d{3}$/).test(group))) return null;
        text = [groups.join(''), ...rest].join(point);
      }
    }
    if (decimalComma) {
      if (text.includes('.')) return null;
      text = text.replace(',', '.');
    }
    return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d{1,3})?$/i.test(text) ? Number(text) : null;
  };
}
