/**
 * How a CSV is read into readings: which column is what, which zone its local times are in. Shared by uploads and drop folders.
 * Whatever comes from a column is written `{ column: … }`; a bare id holds for the whole file.
 */
import { z } from 'zod';
import { qualitySchema } from '../contract/index.ts';
import { id, isTimeZone, positiveDuration, quoted } from './schema-parts.ts';

const column = z
  .union([z.string().trim().min(1), z.number().int().min(1).max(16_384)], {
    error: (issue) => `must be a column: its name in the header row, or its number counted from 1, not ${quoted(issue.input)}`,
  })
  .describe('A column: its name as the header row has it, or its number counted from 1.');
export type CsvColumn = z.infer<typeof column>;

const idColumn = z.strictObject({
  column,
  ids: z.record(z.string(), id).default({}).describe('What stands in the file, and our id for it. Texts that are not listed are taken as ids themselves.'),
});
const idOrColumn = (what: string) =>
  z
    .union([id, idColumn], { error: `must be the id of ${what} (for the whole file), or { column: …, ids: { text in the file: id } }` })
    .describe(`The ${what}: one id for the whole file, or the column that names it.`);

/** A format that names no day would take today's, and the same file would mean something else tomorrow. */
const namesADay = (format: string): boolean => {
  const bare = format.replaceAll(/'[^']*'/g, '');
  return /[Xx]/.test(bare) || /D/.test(bare) || (/y/.test(bare) && (/o/.test(bare) || (/[ML]/.test(bare) && /d/.test(bare))));
};

const timeFormat = z
  .string()
  .min(1)
  .max(100)
  .refine((format) => format === 'auto' || format === 'excel' || namesADay(format), {
    error: (issue) => `must be auto, excel, or tokens that name year, month and day, such as dd.MM.yyyy HH:mm, not ${quoted(issue.input)}`,
  })
  .default('auto')
  .describe(
    'auto: 2026-01-02 03:04, 2026/1/2 3:04:05, 2026年1月2日 3时, 20260102 0304, ISO 8601 (an offset is honoured), serial numbers of spreadsheets, epoch milliseconds; year, month, day in this order. Otherwise tokens such as dd.MM.yyyy HH:mm (yyyy MM dd HH mm ss, ZZ for an offset; x epoch milliseconds, X epoch seconds), or excel for serial numbers alone.',
  );

const time = z
  .strictObject({
    column: column.optional().describe('The column that holds date and time.'),
    date: column.optional().describe('Where they stand apart: the column of the date …'),
    time: column.optional().describe('… and the column of the time of day: 3:04, 03:04:05, 3时, or the hour alone, 0 to 24.'),
    format: timeFormat,
    zone: z
      .string()
      .refine(isTimeZone, { error: (issue) => `must be a time zone such as Asia/Shanghai, not ${quoted(issue.input)}` })
      .optional()
      .describe('The zone of local times; default: the city’s.'),
    ambiguous: z
      .enum(['earlier', 'later', 'refuse'])
      .default('earlier')
      .describe(
        'Where clocks are put back an hour comes twice: whether such a local time is its first passing, its second, or refused. How many there were is told in the answer.',
      ),
  })
  .check((context) => {
    const { column: one, date, time: ofDay } = context.value;
    const problem = (path: string, message: string): void => void context.issues.push({ code: 'custom', path: [path], message, input: context.value });
    if (one === undefined && date === undefined) problem('column', 'is required: the column of the time (or give date and time, two columns)');
    else if (one !== undefined && (date !== undefined || ofDay !== undefined)) problem('column', 'give either column, or date and time');
    else if (date !== undefined && ofDay === undefined) problem('time', 'is required beside date; a column that holds a date alone is given as column');
  })
  .describe('When each reading was taken. 24:00 is midnight at the end of that day.');

const qualityColumn = z
  .union([
    qualitySchema,
    z.strictObject({
      column,
      texts: z.record(z.string(), qualitySchema).default({}).describe('What stands in the file, and what it means: good, suspect or bad. An empty cell says nothing.'),
    }),
  ])
  .describe('The quality: one for the whole file, or the column that says it.');

const valueColumn = z.strictObject({
  column,
  indicator: id.describe('The indicator that this column holds.'),
  place: id.optional().describe('Its place, where the columns are of different places.'),
  facet: id.optional().describe('Its facet, if the indicator has any.'),
  quality: qualitySchema.optional(),
});

/** What departments write where there is no value. */
const usualMissing = ['', '-', '--', '—', '——', '/', 'NA', 'N/A', '#N/A', 'NaN', 'nan', 'null', 'NULL', '缺测', '缺失', '无数据'];

const numberFields = {
  decimalComma: z.boolean().default(false).describe('True where 1,5 is one and a half.'),
  thousands: z.enum([',', '.', ' ', "'"]).optional().describe('What separates thousands, where something does: 1,234 or 1 234.'),
  missing: z.array(z.string()).default(usualMissing).describe('What stands where there is no value. Such cells are passed over and counted, not refused. Replaces the usual list.'),
};

const layoutFields = {
  encoding: z
    .string()
    .refine((label) => label === 'auto' || isEncoding(label), {
      error: (issue) => `must be auto, utf-8, gb18030, gbk, big5, utf-16le or another encoding known to browsers, not ${quoted(issue.input)}`,
    })
    .optional()
    .describe('utf-8 unless said otherwise (with or without a byte-order mark); gb18030, big5 and others; auto: utf-8 if all of it is, else gb18030.'),
  delimiter: z
    .string()
    .refine((sign) => sign === 'auto' || sign === 'tab' || /^[^\s"\p{L}\p{N}]$/u.test(sign), {
      error: (issue) => `must be auto, tab or one sign such as , or ;, not ${quoted(issue.input)}`,
    })
    .default('auto')
    .describe('What separates the cells: auto finds out whether it is , or ; or tab.'),
  header: z
    .union([z.literal('none'), z.number().int().min(1).max(1000)], {
      error: (issue) => `must be the row that names the columns, counted from 1, or none, not ${quoted(issue.input)}`,
    })
    .default(1)
    .describe('The row that names the columns, counted from 1; what stands above is passed over. none: there is no such row, and columns are given by number.'),
  skipRows: z
    .array(z.string().trim().min(1).max(200))
    .max(100)
    .default([])
    .describe('Rows to pass over: what their first filled cell says, such as 合计; * stands for anything: 备注*. Rows without a time are passed over anyway.'),
};

function isEncoding(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== 'replacement';
  } catch {
    return false;
  }
}

export const csvMappingSchema = z
  .strictObject({
    ...layoutFields,
    time,
    place: idOrColumn('place').optional(),
    indicator: idOrColumn('indicator').optional(),
    facet: idOrColumn('facet').optional(),
    value: z.strictObject({ column }).optional().describe('Long form: one value a row, in this column.'),
    values: z.array(valueColumn).min(1).max(1000).optional().describe('Wide form: several values a row, each column an indicator (or a place) of its own.'),
    ...numberFields,
    quality: qualityColumn.optional(),
  })
  .check((context) => {
    for (const [path, message] of layoutProblems(context.value)) context.issues.push({ code: 'custom', path, message, input: context.value });
  })
  .describe('How the rows of a CSV become readings.');
export type CsvMapping = z.infer<typeof csvMappingSchema>;

function layoutProblems(mapping: z.infer<typeof csvMappingSchema>): [PropertyKey[], string][] {
  const problems: [PropertyKey[], string][] = [];
  const { value, values, indicator, place, facet } = mapping;
  if ((value === undefined) === (values === undefined)) problems.push([['value'], 'give either value (one value a row) or values (several columns of values)']);
  else if (values === undefined) {
    if (indicator === undefined) problems.push([['indicator'], 'is required beside value: an id, or { column: … }']);
    if (place === undefined) problems.push([['place'], 'is required: an id, or { column: … }']);
  } else {
    if (indicator !== undefined) problems.push([['indicator'], 'belongs into each entry of values']);
    if (facet !== undefined) problems.push([['facet'], 'belongs into each entry of values']);
    for (const [i, entry] of values.entries())
      if (entry.place === undefined && place === undefined) problems.push([['values', i, 'place'], 'is required, as the mapping names no place for all']);
  }
  if (mapping.header === 'none')
    for (const { path, column: at } of columnsOf(mapping)) if (typeof at === 'string') problems.push([path, 'must be a number, as there is no header row that names columns']);
  if (mapping.thousands === (mapping.decimalComma ? ',' : '.')) problems.push([['thousands'], 'is the decimal sign already']);
  return problems;
}

/** Every column that a mapping names, with the key path to it. */
export function columnsOf(mapping: CsvMapping): { path: PropertyKey[]; column: CsvColumn }[] {
  const found: { path: PropertyKey[]; column: CsvColumn }[] = [];
  const add = (path: PropertyKey[], at: CsvColumn | undefined): void => {
    if (at !== undefined) found.push({ path, column: at });
  };
  for (const key of ['column', 'date', 'time'] as const) add(['time', key], mapping.time[key]);
  for (const key of ['place', 'indicator', 'facet', 'quality'] as const) {
    const from = mapping[key];
    if (typeof from === 'object') add([key, 'column'], from.column);
  }
  add(['value', 'column'], mapping.value?.column);
  for (const [i, entry] of (mapping.values ?? []).entries()) add(['values', i, 'column'], entry.column);
  return found;
}

/** What a source of kind `csv_drop` declares beside the usual. */
export const csvDropFields = {
  folder: z.string().min(1).describe(`Where files are put: a path, absolute or relative to the city’s folder. \${NAME} is taken from the environment.`),
  pattern: z.string().min(1).max(200).default('*.csv').describe('Which files are read, by their name; * stands for anything, ? for one letter. Other files stay untouched.'),
  csv: csvMappingSchema,
  settle: positiveDuration
    .prefault('2s')
    .describe(
      'A file is read once its size and time have not changed for so long. Longer than the longest pause of who writes it; best is to write under a name ending in .part and to rename.',
    ),
  keep: positiveDuration.prefault('30d').describe('How long files that were read stay in the folder done beside them.'),
};
