/** What the commands on a store share: which store the environment means, and how they tell what went wrong. */
import path from 'node:path';
import { loadCatalogue } from '../catalogue/load.ts';
import { readConfig } from '../config.ts';
import { OperatorError } from '../contract/index.ts';

const repository = path.resolve(import.meta.dirname, '../..');

export interface MeantStore {
  city: string;
  databaseUrl: string | null;
  /** Folder of the embedded store. */
  directory: string;
  /** Whether its readings are made: by a simulator or a replay. */
  isDemonstration: boolean;
}

/** The store of the city in CONFIG_DIR, as the server would open it. @throws OperatorError. */
export async function meantStore(environment: Readonly<Record<string, string | undefined>>): Promise<MeantStore> {
  const config = readConfig(environment, repository);
  const result = await loadCatalogue(config.configDirectory);
  if (!result.ok) throw new OperatorError(`The city folder ${config.configDirectory} has mistakes, so its city is not known. See npm run config:check, or set CONFIG_DIR.`);
  const { city, sources } = result.catalogue;
  const isDemonstration = [...sources.values()].some(({ kind }) => kind === 'simulator' || kind === 'replay');
  return { city: city.id, databaseUrl: config.databaseUrl, directory: path.join(config.dataDirectory, city.id), isDemonstration };
}

/** The one argument of a command, absolute. Relative names start where the command was called, also through npm. */
export function fileArgument(argv: readonly string[], environment: Readonly<Record<string, string | undefined>>, usage: string): string {
  const [file, ...rest] = argv;
  if (file === undefined || file.startsWith('-') || rest.length > 0) throw new OperatorError(`usage: ${usage}`);
  return path.resolve(environment['INIT_CWD'] ?? process.cwd(), file);
}

/** Runs a command to its exit code; an expected failure is told by its message alone. */
export async function runCommand(command: () => Promise<string>, print: { done(line: string): void; failed(problem: unknown): void }): Promise<number> {
  try {
    print.done(await command());
    return 0;
  } catch (error) {
    const isExpected = error instanceof Error && 'expected' in error && error.expected === true;
    print.failed(isExpected ? error.message : error);
    return 1;
  }
}
