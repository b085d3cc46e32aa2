/** `npm run config:check [DIR]`: tells everything that is wrong with a city's folder, or what it holds. Needs no server and no database. */
import type { Catalogue } from './catalogue.ts';
import { loadCatalogue } from './load.ts';
import { activeSourceKinds } from './source-schema.ts';

/** The folder that is checked when none is named. */
const defaultDirectory = 'metrics-config/linjiang';

/** @returns the exit code: 0 when the folder is right, 1 when it is not, 2 when the command is. */
export async function main(argv: readonly string[], print: (line: string) => void, environment: Readonly<Record<string, string | undefined>> = {}): Promise<number> {
  const [argument, ...rest] = argv;
  if (rest.length > 0 || argument?.startsWith('-')) {
    print('usage: npm run config:check [DIR]');
    return 2;
  }
  const directory = argument ?? (environment['CONFIG_DIR'] || defaultDirectory);
  const result = await loadCatalogue(directory);
  if (result.ok) {
    for (const line of summary(result.catalogue)) print(line);
    return 0;
  }
  for (const { file, path, message } of result.problems) print(path === '' ? `${file}: ${message}` : `${file}: ${path}: ${message}`);
  print(`${counted(result.problems.length, 'problem')} in ${directory}`);
  return 1;
}

const counted = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

function summary(catalogue: Catalogue): string[] {
  const inactive = catalogue.ruleSummaries.filter((rule) => !rule.active);
  const idle = [...catalogue.sources.values()].filter((source) => !activeSourceKinds.has(source.kind));
  return [
    `${catalogue.city.name.zh} / ${catalogue.city.name.en} (${catalogue.city.id}): no problems in ${catalogue.directory}`,
    `  ${counted(catalogue.indicators.size, 'indicator')} in ${counted(catalogue.domains.size, 'domain')}`,
    `  ${counted(catalogue.places.size, 'place')}`,
    `  ${counted(catalogue.rules.size, 'rule')}${inactive.length === 0 ? '' : `, ${inactive.length} of them not active:`}`,
    ...inactive.map((rule) => `    ${rule.id}: ${rule.reason}`),
    `  ${counted(catalogue.sources.size, 'source')}${idle.length === 0 ? '' : `, ${idle.length} of them not active:`}`,
    ...idle.map((source) => `    ${source.id}: sources of kind ${source.kind} are not read by this version`),
    `  ${counted(catalogue.walls.size, 'wall')}`,
    `  ${catalogue.expectedSeries.length} expected series`,
    `  version ${catalogue.version.slice(0, 12)}`,
  ];
}
