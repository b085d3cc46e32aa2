import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvDropFields, csvMappingSchema } from '../catalogue/csv-schema.ts';
import { type Source, sourceSchema } from '../catalogue/source-schema.ts';
import { createGlob } from './csv-glob.ts';
import { type CsvBatch, readCsv, readCsvOriginal } from './csv-reader.ts';
import type { Broken, CsvBytes } from './csv-text.ts';

const fixture = (name: string): Uint8Array => readFileSync(path.join(import.meta.dirname, '../../test/fixtures/csv', name));

/** In pieces of a few bytes, so that signs and rows are cut at every place. */
const bytesOf = (content: string | Uint8Array, step = 7): CsvBytes =>
  async function* () {
    const bytes = Buffer.from(content);
    for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
  };

async function read(content: string | Uint8Array | CsvBytes, mapping: object, encoding?: string) {
  const batches: CsvBatch[] = [];
  let broken: Broken | null = null;
  const input = { bytes: typeof content === 'function' ? content : bytesOf(content), mapping: csvMappingSchema.parse(mapping), cityZone: 'Asia/Shanghai', file: 'report.csv' };
  for await (const item of readCsv(encoding === undefined ? input : { ...input, encoding })) {
    if (item.kind === 'broken') broken = item;
    else batches.push(item);
  }
  const pieces = batches.flatMap((batch) => batch.pieces);
  return {
    batches,
    broken,
    pieces,
    counts: batches.map((batch) => batch.counts),
    readings: pieces.flatMap((piece) => piece.readings) as { indicator: string; place: string; observedAt: number; value: number; quality?: string; facet?: string }[],
    refused: batches.flatMap((batch) => batch.pieces.flatMap((piece, i) => piece.refusals.map(({ code, path: column }) => ({ row: batch.rows[i], code, column })))),
  };
}

const long = { time: { column: 'time' }, place: { column: 'place' }, indicator: 'flood_depth', value: { column: 'value' } };
const at = (text: string): number => Date.parse(text);
const waterLevel = {
  time: { date: '日期', time: '时刻' },
  place: { column: '站名', ids: { 一号下穿: 'underpass_1', 二号下穿: 'underpass_2', 三号下穿: 'underpass_3' } },
  indicator: 'flood_depth',
  value: { column: '水位(厘米)' },
  quality: { column: '质量', texts: { 可疑: 'suspect' } },
};

describe('a department’s report', () => {
  const expectReport = async (name: string, mapping: object): Promise<void> => {
    const report = await read(fixture(name), mapping);
    expect(report.broken).toBeNull();
    expect(report.readings).toEqual([
      { indicator: 'flood_depth', place: 'underpass_1', observedAt: at('2026-01-31T14:00:00Z'), value: 12.5 },
      { indicator: 'flood_depth', place: 'underpass_1', observedAt: at('2026-01-31T15:00:00Z'), value: 13, quality: 'suspect' },
      { indicator: 'flood_depth', place: 'underpass_1', observedAt: at('2026-01-31T16:00:00Z'), value: 14.5 },
      { indicator: 'flood_depth', place: 'underpass_2', observedAt: at('2026-01-31T16:00:00Z'), value: 3 },
    ]);
    expect(report.refused).toEqual([
      { row: 7, code: 'unknown_place', column: '站名' },
      { row: 8, code: 'invalid_time', column: '日期 / 时刻' },
      { row: 10, code: 'not_a_number', column: '水位(厘米)' },
    ]);
    expect(report.counts).toEqual([{ rows: 9, readings: 4, skipped: 2, ambiguousTimes: 0 }]);
  };

  it('with a byte-order mark, local times, a 24:00 hour and a footer is read rightly', () => expectReport('water-level.csv', waterLevel));
  it('is read the same from GB18030, declared', () => expectReport('water-level-gb18030.csv', { ...waterLevel, encoding: 'gb18030' }));
  it('is read the same from GB18030, found out', () => expectReport('water-level-gb18030.csv', { ...waterLevel, encoding: 'auto' }));
  it('is read the same from UTF-8, found out', () => expectReport('water-level.csv', { ...waterLevel, encoding: 'auto' }));

  it('in the wide form with a title row, Chinese headers, semicolons and decimal commas', async () => {
    const report = await read(fixture('wide.csv'), {
      header: 2,
      decimalComma: true,
      thousands: '.',
      skipRows: ['备注*'],
      time: { column: '观测时间' },
      values: [
        { column: '一号下穿积水', indicator: 'flood_depth', place: 'underpass_1' },
        { column: 3, indicator: 'flood_depth', place: 'underpass_2', quality: 'suspect' },
        { column: '气温', indicator: 'air_temperature', place: 'weather_1' },
      ],
    });
    expect(report.broken).toBeNull();
    expect(report.refused).toEqual([]);
    expect(report.readings.map(({ indicator, place, value }) => [indicator, place, value])).toEqual([
      ['flood_depth', 'underpass_1', 12.5],
      ['flood_depth', 'underpass_2', 1203.4],
      ['air_temperature', 'weather_1', -3.2],
      ['flood_depth', 'underpass_1', 13],
      ['air_temperature', 'weather_1', -3.6],
      ['flood_depth', 'underpass_1', 14.5],
      ['flood_depth', 'underpass_2', 0.5],
      ['air_temperature', 'weather_1', -4.1],
    ]);
    expect(report.readings.at(-1)?.observedAt).toBe(at('2026-01-31T16:00:00Z'));
    expect(report.counts).toEqual([{ rows: 4, readings: 8, skipped: 2, ambiguousTimes: 0 }]);
    expect(report.batches[0]?.valueColumns[0]).toEqual(['一号下穿积水', '二号下穿积水', '气温']);
  });
});

describe('layout', () => {
  it.each([
    [',', 'time,place,value\n2026-01-01 00:00,underpass_1,1\n'],
    [';', 'time;place;value\n2026-01-01 00:00;underpass_1;1\n'],
    ['tab', 'time\tplace\tvalue\n2026-01-01 00:00\tunderpass_1\t1'],
    ['CR line ends', 'time,place,value\r2026-01-01 00:00,underpass_1,1\r'],
    ['mixed line ends', 'time,place,value\r\n\n2026-01-01 00:00,underpass_1,1\n\r\n'],
    ['quotes', '"time","place","value"\r\n"2026-01-01 00:00","underpass_1","1"\r\n'],
    ['a header with a comma and a line end in quotes', 'time,place,value,"note,\n(free)"\n2026-01-01 00:00,underpass_1,1,"a ""b"", c"\n'],
    ['columns in another order, and others', 'x,value,place,time\nq,1,underpass_1,2026-01-01 00:00\n'],
  ])('finds out %s', async (_name, text) => {
    const report = await read(text, long);
    expect(report.broken).toBeNull();
    expect(report.readings).toEqual([{ indicator: 'flood_depth', place: 'underpass_1', observedAt: at('2025-12-31T16:00:00Z'), value: 1 }]);
  });

  it('reads UTF-16 by its mark, as spreadsheets write "Unicode text"', async () => {
    const text = Buffer.from('\ufefftime\tplace\tvalue\r\n2026-01-01 00:00\tunderpass_1\t1\r\n', 'utf16le');
    expect((await read(text, long)).readings).toHaveLength(1);
  });

  it('takes the transport’s charset, and the mapping’s before it', async () => {
    const gb = fixture('water-level-gb18030.csv');
    expect((await read(gb, waterLevel, 'gb18030')).readings).toHaveLength(4);
    expect((await read(gb, { ...waterLevel, encoding: 'gb18030' }, 'utf-8')).readings).toHaveLength(4);
  });

  it('reads files without a header by numbers, decimal commas not taken for separators', async () => {
    const mapping = { header: 'none', decimalComma: true, time: { column: 1 }, place: 'underpass_1', indicator: 'flood_depth', value: { column: 2 } };
    const report = await read('2026-01-01 00:00;1,5\n2026-01-01 01:00;2,5\n', mapping);
    expect(report.readings.map(({ value }) => value)).toEqual([1.5, 2.5]);
    expect(report.batches[0]?.rows).toEqual([1, 2]);
  });

  it('numbers rows as a spreadsheet does, blank ones and cells of two lines counted', async () => {
    const report = await read('time,place,value\n\n"2026-01-01\n00:00",underpass_1,1\n\n2026-01-01 00:00,underpass_1,x\n', long);
    expect(report.refused).toEqual([{ row: 5, code: 'not_a_number', column: 'value' }]);
  });

  it('refuses a row with more cells than columns: a comma inside a number would shift them', async () => {
    const report = await read('time,place,value\n2026-01-01 00:00,underpass_1,1,5\n2026-01-01 00:00,underpass_1,1,\n', long);
    expect(report.refused).toEqual([{ row: 2, code: 'malformed_line', column: '' }]);
    expect(report.readings).toHaveLength(1);
  });

  it('hands on large files in batches, and what came before a break is good', async () => {
    const rows = Array.from({ length: 12_000 }, (_, i) => `2026-01-01 00:00:${String(i % 60).padStart(2, '0')},underpass_1,${i}\n`).join('');
    const report = await read(bytesOf(`time,place,value\n${rows}"never closed,1\n${rows}`, 65_536), long);
    expect(report.counts.map(({ rows: count }) => count)).toEqual([5000, 5000, 2000]);
    expect(report.broken).toMatchObject({ row: 12_001, path: '' });
    expect(report.broken?.message).toContain('row 12002');
  });
});

describe('files that cannot be read say why', () => {
  it.each([
    ['an empty file', '', {}, 'empty'],
    ['a file of one blank line and a later header', '\n', { header: 3 }, 'no row 3'],
    ['a workbook', Buffer.from('PK\u0003\u0004rest'), {}, 'workbook'],
    ['a misspelt column', 'time,palce,value\n', {}, 'did you mean "palce"'],
    ['a column twice', 'time,place,value,value\n', {}, '2 times'],
    ['a column number beyond the header', 'time,place,value\n', { value: { column: 9 } }, 'no column 9'],
    ['bytes that are no UTF-8', Buffer.concat([Buffer.from('time,place,value\n2026-01-01,'), Buffer.from([0xd6, 0xd0, 0x0a])]), {}, 'no utf-8 text'],
    ['a quote never closed', 'time,place,value\n2026-01-01,"underpass_1,1\n', {}, 'row 2'],
  ])('%s', async (_name, content, more, part) => {
    const { broken } = await read(content, { ...long, ...more });
    expect(broken?.message).toContain(part);
  });

  it('throws what reading the bytes throws, for the caller to try again', async () => {
    const away: CsvBytes = async function* () {
      yield Buffer.from('time,place,value\n');
      throw new Error('the share is away');
    };
    await expect(read(away, long)).rejects.toThrow('the share is away');
  });
});

describe('cells', () => {
  const values = async (cells: string[], more: object = {}) => {
    const report = await read(`time,place;value\n`.replace(',', ';') + cells.map((cell) => `2026-01-01 00:00;underpass_1;${cell}\n`).join(''), { ...long, ...more });
    return { values: report.readings.map(({ value }) => value), refused: report.refused.map(({ code }) => code), skipped: report.counts[0]?.skipped };
  };

  it('reads numbers as written', async () => {
    expect((await values(['1', '-2.5', '+3', '.5', '4.', '1e3', '−6', '１２．５'])).values).toEqual([1, -2.5, 3, 0.5, 4, 1000, -6, 12.5]);
  });

  it.each([
    [{ thousands: ',' }, ['1,234.5', '12,345,678', '999'], [1234.5, 12_345_678, 999]],
    [{ thousands: '.', decimalComma: true }, ['1.234,5', '0,5', '-1.000'], [1234.5, 0.5, -1000]],
    [{ thousands: ' ' }, ['1 234', '1\u00a0234.5'], [1234, 1234.5]],
  ])('with %j', async (more, cells, expected) => {
    expect(await values(cells, more)).toEqual({ values: expected, refused: [], skipped: 0 });
  });

  it('refuses what is no number rather than guess', async () => {
    const cells = ['十五', '1,5', '12cm', '0x10', '1 2', '--1', '1e', '12%', '1.2.3'];
    expect((await values(cells)).refused).toEqual(cells.map(() => 'not_a_number'));
    expect((await values(['1,5', '12,34,567'], { thousands: ',' })).refused).toEqual(['not_a_number', 'not_a_number']);
    expect((await values(['1.5'], { decimalComma: true })).refused).toEqual(['not_a_number']);
  });

  it('passes over and counts what stands for a missing value, by the usual list or one’s own', async () => {
    expect(await values(['', '-', 'NA', '缺测', '1'])).toEqual({ values: [1], refused: [], skipped: 4 });
    expect(await values(['', '-9999', '1'], { missing: ['-9999'] })).toEqual({ values: [1], refused: ['not_a_number'], skipped: 1 });
  });

  it('passes over rows without a time and rows that skipRows names; refuses other footers with what to do', async () => {
    const text = 'time,place,value\n,underpass_1,1\n合计,,5\n备注：街道巡查,,\n';
    const plain = await read(text, long);
    expect(plain.refused).toEqual([
      { row: 3, code: 'invalid_time', column: 'time' },
      { row: 4, code: 'invalid_time', column: 'time' },
    ]);
    expect(plain.pieces[0]?.refusals[0]?.message).toContain('skipRows');
    expect((await read(text, { ...long, skipRows: ['合计', '备注*'] })).counts).toEqual([{ rows: 3, readings: 0, skipped: 3, ambiguousTimes: 0 }]);
  });

  it('takes indicators, facets and places from columns, ids as they are', async () => {
    const mapping = { ...long, indicator: { column: 'what', ids: { 来电: 'hotline_calls' } }, facet: { column: 'topic', ids: { 噪声: 'noise' } } };
    const report = await read(
      'time,place,what,topic,value\n2026-01-01,riverside_city,来电,噪声,3\n2026-01-01,riverside_city,hotline_calls,,4\n2026-01-01,,来电,,5\n2026-01-01,riverside_city,水位 ,,6\n',
      mapping,
    );
    expect(report.readings.map(({ indicator, place, facet, value }) => [indicator, place, facet, value])).toEqual([
      ['hotline_calls', 'riverside_city', 'noise', 3],
      ['hotline_calls', 'riverside_city', undefined, 4],
    ]);
    expect(report.refused).toEqual([
      { row: 4, code: 'missing_field', column: 'place' },
      { row: 5, code: 'unknown_indicator', column: 'what' },
    ]);
  });

  it('counts local times that came twice', async () => {
    const report = await read('time,place,value\n2026-11-01 01:30,underpass_1,1\n2026-03-08 02:30,underpass_1,2\n', {
      ...long,
      time: { column: 'time', zone: 'America/New_York' },
    });
    expect(report.counts[0]?.ambiguousTimes).toBe(1);
    expect(report.refused).toEqual([{ row: 3, code: 'invalid_time', column: 'time' }]);
  });

  it('names the column behind a key that the door refuses', async () => {
    const { batches } = await read(fixture('water-level.csv'), waterLevel);
    const columnOf = batches[0]?.columnOf;
    expect(['observedAt', 'place', 'value', 'indicator'].map((key) => columnOf?.(key, '水位(厘米)'))).toEqual(['日期 / 时刻', '站名', '水位(厘米)', '']);
  });
});

describe('a row from quarantine', () => {
  const sourceWith = (csv: object): Source => sourceSchema.parse({ id: 'water', name: { zh: '水务', en: 'Water' }, kind: 'push', csv });
  const context = { receivedAt: 0, timeZone: 'Asia/Shanghai' };

  it('is read by the mended mapping', async () => {
    const { pieces } = await read(fixture('water-level.csv'), waterLevel);
    const original = pieces.find((piece) => piece.refusals[0]?.code === 'unknown_place')?.original;
    expect(original).toEqual({ format: 'csv', text: '四号下穿,2026-01-31,24:00,5,', detail: { file: 'report.csv', row: '7', header: '站名,日期,时刻,水位(厘米),质量' } });
    const mended = { ...waterLevel, place: { column: '站名', ids: { 四号下穿: 'underpass_3' } } };
    const piece = await readCsvOriginal(sourceWith(mended), original!, context);
    expect(piece).toMatchObject({ refusals: [], readings: [{ place: 'underpass_3', value: 5, observedAt: at('2026-01-31T16:00:00Z') }] });
    expect((await readCsvOriginal(sourceWith(waterLevel), original!, context)).refusals).toMatchObject([{ code: 'unknown_place' }]);
  });

  it('is refused, never thrown, when the source has no mapping or one that does not fit', async () => {
    const original = { format: 'csv' as const, text: 'a,b', detail: { header: 'x,y' } };
    expect((await readCsvOriginal(sourceWith(waterLevel), original, context)).refusals[0]?.code).toBe('invalid_request');
    const bare = sourceSchema.parse({ id: 'bare', name: { zh: '无', en: 'None' }, kind: 'push' });
    expect((await readCsvOriginal(bare, original, context)).refusals[0]?.code).toBe('source_mismatch');
  });
});

describe('mappings that cannot be meant are refused when they are read', () => {
  it.each([
    ['neither value nor values', { value: undefined }, 'give either value'],
    ['both', { values: [{ column: 1, indicator: 'x' }] }, 'give either value'],
    ['no place', { place: undefined }, 'is required'],
    ['no indicator', { indicator: undefined }, 'is required'],
    ['names without a header', { header: 'none' }, 'must be a number'],
    ['an encoding nobody knows', { encoding: 'klingon' }, 'not "klingon"'],
    ['a zone nobody knows', { time: { column: 'time', zone: 'Asia/Nowhere' } }, 'Asia/Shanghai'],
    ['time both ways', { time: { column: 'time', date: 'd', time: 't' } }, 'give either column'],
    ['a date without its time', { time: { date: 'd' } }, 'beside date'],
    ['thousands that are the decimal sign', { thousands: '.' }, 'decimal sign'],
    ['a misspelt key', { delimeter: ';' }, 'delimeter'],
    ['a letter as delimiter', { delimiter: 'x' }, 'one sign'],
  ])('%s', (_name, wrong, part) => {
    const result = csvMappingSchema.safeParse({ ...long, ...wrong });
    expect(result.error?.issues.map(({ message }) => message).join(' ')).toContain(part);
  });

  it('has waiting times and a pattern for drop folders by default', () => {
    expect(csvDropFields.settle.parse(undefined)).toBe(2000);
    expect(csvDropFields.keep.parse(undefined)).toBe(30 * 86_400_000);
    expect(csvDropFields.pattern.parse(undefined)).toBe('*.csv');
  });
});

it('answers any bytes under any mapping, and counts every row', async () => {
  const cell = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom('2026-01-01 24:00', 'underpass_1', '1,5', '"', '""', '\n', '\r\n', '\ufeff', '合计', '9'.repeat(400), ' '.repeat(300)),
  );
  const text = fc
    .array(
      fc.array(cell, { maxLength: 5 }).map((cells) => cells.join(',')),
      { maxLength: 8 },
    )
    .map((lines) => Buffer.from(lines.join('\n')));
  const mapping = fc.constantFrom(
    { ...long, encoding: 'auto' },
    { header: 'none', time: { column: 1 }, place: { column: 2 }, indicator: 'flood_depth', value: { column: 3 }, decimalComma: true, encoding: 'gb18030' },
    { header: 'none', time: { date: 1, time: 2, format: 'yyyy-MM-dd HH:mm' }, values: [{ column: 3, indicator: 'flood_depth', place: 'underpass_1' }], thousands: ' ' },
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(text, fc.uint8Array({ maxLength: 200 })), mapping, async (bytes, given) => {
      const { counts, broken, pieces } = await read(bytes, given);
      const rowCount = counts.reduce((sum, { rows }) => sum + rows, 0);
      expect(rowCount).toBeGreaterThanOrEqual(pieces.length);
      if (broken !== null) expect(broken.message).not.toBe('');
    }),
    { numRuns: 1000, seed: 11 },
  );
});

it('knows names by patterns, and no pattern is slow', () => {
  const matches = (pattern: string, name: string): boolean => createGlob(pattern)(name);
  expect(matches('*.csv', 'a.csv') && matches('水位-????-*.csv', '水位-2026-01.csv') && matches('*', '')).toBe(true);
  expect(matches('*.csv', 'a.csv.part') || matches('?.csv', 'ab.csv') || matches('a[bc]*', 'ab')).toBe(false);
  expect(matches(`${'*a'.repeat(90)}b`, 'a'.repeat(20_000))).toBe(false);
});
