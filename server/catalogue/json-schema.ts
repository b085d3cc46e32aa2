/**
 * JSON Schemas for editors, made from the schemas that the server itself checks with, so that completion and checking while typing
 * never say anything else. They tell what is written (durations as text), not what it becomes.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { calendarSchema, citySchema, departmentsSchema, indicatorsSchema, regionsSchema, rulesSchema, stationsSchema, wallSchema } from './schema.ts';
import { sourcesSchema } from './source-schema.ts';

/** Where the made files are kept, from the root of the repository. */
export const schemaDirectory = 'metrics-config/schema';
const suffix = '.schema.json';

const schemas: Record<string, { title: string; schema: z.ZodType }> = {
  calendar: { title: 'The calendar of a city: holidays and make-up workdays', schema: calendarSchema },
  city: { title: 'city.yaml', schema: citySchema },
  departments: { title: 'The departments of a city and their duties', schema: departmentsSchema },
  indicators: { title: 'indicators/*.yaml', schema: indicatorsSchema },
  regions: { title: 'places/regions.geojson', schema: regionsSchema },
  rules: { title: 'rules/*.yaml', schema: rulesSchema },
  sources: { title: 'sources/*.yaml', schema: sourcesSchema },
  stations: { title: 'places/stations.yaml', schema: stationsSchema },
  wall: { title: 'walls/*.yaml', schema: wallSchema },
};

/** Every file's text by its name: `rules.schema.json` and so on. */
export function editorSchemas(): Map<string, string> {
  return new Map(
    Object.entries(schemas).map(([name, { title, schema }]) => {
      // Draft 7 is the newest that every editor's YAML support understands.
      const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
      return [`${name}${suffix}`, `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`];
    }),
  );
}

/**
 * Writes the files into the directory named by `argv` (default `metrics-config/schema`); with `--check` only compares.
 * @returns the exit code: 1 when `--check` finds a file that is missing, different or left over.
 */
export async function main(argv: readonly string[], print: (line: string) => void): Promise<number> {
  const directory = argv.find((argument) => !argument.startsWith('-')) ?? schemaDirectory;
  const wanted = editorSchemas();
  const present = await filesIn(directory);
  const leftOver = present.filter((file) => !wanted.has(file));
  if (argv.includes('--check')) return compare(directory, { wanted, leftOver, print });
  await mkdir(directory, { recursive: true });
  for (const [file, text] of wanted) await writeFile(join(directory, file), text);
  for (const file of leftOver) await rm(join(directory, file));
  print(`${wanted.size} schemas written to ${directory}`);
  return 0;
}

async function compare(
  directory: string,
  { wanted, leftOver, print }: { wanted: Map<string, string>; leftOver: readonly string[]; print: (line: string) => void },
): Promise<number> {
  const outdated: string[] = leftOver.map((file) => `${file} is left over`);
  for (const [file, text] of wanted) {
    const present = await readFile(join(directory, file), 'utf8').catch(() => null);
    if (present !== text) outdated.push(`${file} ${present === null ? 'is missing' : 'is not current'}`);
  }
  for (const line of outdated) print(`${directory}: ${line}`);
  if (outdated.length > 0) print('make the schemas again: npm run config:schema');
  return outdated.length > 0 ? 1 : 0;
}

async function filesIn(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((): string[] => []);
  return names.filter((name) => name.endsWith(suffix));
}
