/**
 * A city's folder to a catalogue, or to everything that is wrong with it. The only maker of catalogues: server, seed, tests and
 * `config:check` all come through here.
 */
import { resolve } from 'node:path';
import { buildCatalogue, type Reference, referencesOf } from './build.ts';
import type { LoadResult, Problem } from './catalogue.ts';
import { crossCheck } from './cross-check.ts';
import { addCalendar, addDepartments, type Draft, draftFrom, regionsPath } from './draft.ts';
import { isFile, readFolder, readText } from './load-folder.ts';

/**
 * Reads and checks `directory`. Never throws for what the folder holds: problems of all files are answered together, in the order
 * of files. The catalogue's `version` covers every file that was read: definitions, calendar and plans. Of the base map's
 * layers only the presence is checked; they are pictures, and change no meaning.
 */
export async function loadCatalogue(directory: string): Promise<LoadResult> {
  const absolute = resolve(directory);
  const folder = await readFolder(absolute);
  const draft = draftFrom(folder.texts, folder.unread);
  const texts = new Map(folder.texts);
  const missing: Problem[] = [];
  const seen = new Map<string, string | null>();
  for (const reference of referencesOf(draft)) {
    const message = seen.has(reference.target) ? (seen.get(reference.target) ?? null) : await readReference({ directory: absolute, draft, texts }, reference);
    seen.set(reference.target, message);
    if (message !== null) missing.push({ file: reference.file, path: reference.path, message });
  }
  const problems = [...folder.problems, ...draft.problems, ...missing, ...crossCheck(draft)];
  if (problems.length > 0 || draft.city === null) return { ok: false, problems: inOrder(problems) };
  const regionsGeoJson = folder.texts.get(regionsPath) ?? null;
  return { ok: true, catalogue: buildCatalogue({ draft, city: draft.city.value, directory: absolute, texts, regionsGeoJson }) };
}

/** Reads what a reference points to; the message when it cannot be had. */
async function readReference(context: { directory: string; draft: Draft; texts: Map<string, string> }, { role, target }: Reference): Promise<string | null> {
  if (role === 'basemap') return (await isFile(context.directory, target)) ? null : `there is no file ${target} in the city's folder`;
  const answer = await readText(context.directory, target);
  if (!('text' in answer)) return answer.missing ? `there is no file ${target} in the city's folder` : `${target} ${answer.message}`;
  context.texts.set(target, answer.text);
  if (role === 'calendar') addCalendar(context.draft, target, answer.text);
  if (role === 'departments') addDepartments(context.draft, target, answer.text);
  return null;
}

/** By file, and within a file as found; a problem that two checks found alike is told once. */
function inOrder(problems: readonly Problem[]): Problem[] {
  const told = new Set<string>();
  const once = problems.filter((problem) => {
    const key = JSON.stringify([problem.file, problem.path, problem.message]);
    return !told.has(key) && told.add(key);
  });
  return once.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
}
