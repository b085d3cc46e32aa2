/**
 * Proves that the lint sees. `test/support/planted/` holds small files that each break one rule (their first line names it) and
 * a few innocent ones; they are copied, without their `.txt`, to the folders that they are named after in a temporary tree with
 * the real `biome.json`, because the rules go by folder. A rule that reports nothing there guards nothing here.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repository } from '../server/progress.mjs';

const planted = join(repository, 'test/support/planted');

function plant(tree) {
  cpSync(join(repository, 'biome.json'), join(tree, 'biome.json'));
  cpSync(join(repository, 'test/support/lint'), join(tree, 'test/support/lint'), { recursive: true });
  symlinkSync(join(repository, 'node_modules'), join(tree, 'node_modules'));
  return readdirSync(planted, { recursive: true })
    .filter((file) => file.endsWith('.txt'))
    .sort()
    .map((name) => {
      const path = name.slice(0, -'.txt'.length);
      const text = readFileSync(join(planted, name), 'utf8');
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), text);
      return { path, expected: /^\/\/ planted: (\S+)/.exec(text)?.[1] ?? 'unnamed' };
    });
}

/** Biome ends with a failure when it found something, which is the purpose: its report is on stdout either way. */
function diagnosticsOf(tree) {
  const biome = join(repository, 'node_modules/@biomejs/biome/bin/biome');
  const args = [biome, 'lint', '--reporter=json', '--max-diagnostics=none', '.'];
  let report;
  try {
    report = execFileSync(process.execPath, args, { cwd: tree, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch (error) {
    report = error.stdout;
  }
  return JSON.parse(report).diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
}

/**
 * @returns {{ passed: number, failures: string[] }} one check for each planted file: exactly the named rule is reported in it
 */
export function checkPlanted() {
  const tree = realpathSync(mkdtempSync(join(tmpdir(), 'city-vitals-planted-')));
  try {
    const files = plant(tree);
    const diagnostics = diagnosticsOf(tree);
    const failures = files.flatMap(({ path, expected }) => {
      const seen = [...new Set(diagnostics.filter((diagnostic) => diagnostic.location?.path === path).map((diagnostic) => diagnostic.category))];
      const wanted = expected === 'nothing' ? [] : [expected];
      const right = seen.length === wanted.length && wanted.every((category) => seen.includes(category));
      return right ? [] : [`${path}: expected ${expected}, the lint reported ${seen.join(', ') || 'nothing'}`];
    });
    if (files.length === 0) failures.push('test/support/planted holds no file');
    return { passed: files.length - failures.length, failures };
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  const { passed, failures } = checkPlanted();
  for (const failure of failures) console.error(failure);
  console.log(`planted: ${passed} passed, ${failures.length} failed`);
  process.exit(failures.length > 0 ? 1 : 0);
}
