/**
 * Reads a city's folder from the disk, and nothing beside it: the known files of the known folders, and the files that city.yaml
 * and the rules name. A file that cannot be read is a problem, never an exception.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from './catalogue.ts';
import { regionsPath, stationsCsvPath, stationsYamlPath } from './draft.ts';
import { nearest } from './near.ts';

export interface Folder {
  /** Text by path relative to the folder, sorted by path. */
  texts: Map<string, string>;
  problems: Problem[];
  /** Files that are there and could not be read. */
  unread: string[];
}

const entryFolders = ['indicators', 'rules', 'sources', 'walls'] as const;
const knownFolders = ['places', ...entryFolders];
const placeFiles = [stationsCsvPath, stationsYamlPath, regionsPath];

/** What editors, version control and file managers leave lying about. */
export const isScratch = (name: string): boolean => /^[.#]|~$|\.(swp|swx|tmp|bak|orig|part)$/.test(name);

export async function readFolder(directory: string): Promise<Folder> {
  const folder: Folder = { texts: new Map(), problems: [], unread: [] };
  const top = await namesIn(directory, folder, '.');
  if (top === null) return folder;
  const files: string[] = [];
  if (top.includes('city.yaml')) files.push('city.yaml');
  else folder.problems.push({ file: 'city.yaml', path: '', message: `is missing: a city's folder begins with it${similar('city.yaml', top)}` });
  for (const name of top) {
    const near = knownFolders.includes(name) || isScratch(name) ? null : nearest(name, knownFolders);
    if (near !== null && !top.includes(near)) notRead(folder, { file: name, meant: `${near}/` });
  }
  if (top.includes('places')) files.push(...(await placeFilesIn(directory, folder)));
  for (const name of entryFolders) if (top.includes(name)) files.push(...(await entryFilesIn(directory, folder, name)));
  for (const file of files.sort()) {
    const text = await readText(directory, file);
    if ('text' in text) folder.texts.set(file, text.text);
    else {
      folder.problems.push({ file, path: '', message: text.message });
      folder.unread.push(file);
    }
  }
  return folder;
}

async function namesIn(directory: string, folder: Folder, shown: string): Promise<string[] | null> {
  try {
    return (await readdir(directory)).sort();
  } catch (error) {
    folder.problems.push({ file: shown, path: '', message: `must be a folder that can be read: ${codeOf(error)}` });
    // Which entries the folder holds is not known: nothing of its kind may be called unknown.
    if (shown !== '.') folder.unread.push(`${shown}/`);
    return null;
  }
}

/** Tells a misspelt name. What it holds is not known, so nothing of its kind may be called unknown. */
function notRead(folder: Folder, { file, meant }: { file: string; meant: string }): void {
  folder.problems.push({ file, path: '', message: `is not read; did you mean ${meant}?` });
  folder.unread.push(meant);
}

async function placeFilesIn(directory: string, folder: Folder): Promise<string[]> {
  const names = (await namesIn(join(directory, 'places'), folder, 'places')) ?? [];
  const paths = names.filter((name) => !isScratch(name)).map((name) => `places/${name}`);
  for (const path of paths) {
    const near = placeFiles.includes(path) ? null : nearest(path, placeFiles);
    if (near !== null && !paths.includes(near)) notRead(folder, { file: path, meant: near });
  }
  return paths.filter((path) => placeFiles.includes(path));
}

async function entryFilesIn(directory: string, folder: Folder, name: string): Promise<string[]> {
  const names = ((await namesIn(join(directory, name), folder, name)) ?? []).filter((entry) => !isScratch(entry));
  for (const entry of names) {
    if (!/\.(yml|json|ya?ml\.txt)$/i.test(entry)) continue;
    folder.problems.push({ file: `${name}/${entry}`, path: '', message: 'is not read: its name must end in .yaml' });
    folder.unread.push(`${name}/${entry}`);
  }
  return names.filter((entry) => entry.endsWith('.yaml')).map((entry) => `${name}/${entry}`);
}

const similar = (wanted: string, names: readonly string[]): string => {
  const near = nearest(wanted, names);
  return near === null ? '' : `; is ${near} meant to be it?`;
};

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : String(error));

/** A file's text without its byte-order mark, or why there is none. */
export async function readText(directory: string, file: string): Promise<{ text: string } | { message: string; missing: boolean }> {
  let bytes: Buffer;
  try {
    bytes = await readFile(join(directory, file));
  } catch (error) {
    const code = codeOf(error);
    return { message: code === 'ENOENT' ? 'the file is missing' : `cannot be read: ${code}`, missing: code === 'ENOENT' };
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { message: 'is not UTF-8 text: save it as UTF-8 (spreadsheets call it "CSV UTF-8"; otherwise they may write GBK)', missing: false };
  }
}

/** True when `file` is a file inside the folder. */
export async function isFile(directory: string, file: string): Promise<boolean> {
  try {
    return (await stat(join(directory, file))).isFile();
  } catch {
    return false;
  }
}
