/** The check as it is run from a shell, on real folders. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { main } from './check.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`../../test/fixtures/${name}`, import.meta.url));

async function run(argv: string[], environment: Record<string, string> = {}): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = [];
  const code = await main(argv, (line) => lines.push(line), environment);
  return { code, lines };
}

it('names all six planted mistakes of the broken city, each with file, key path and what would be right, and nothing else', async () => {
  const { code, lines } = await run([fixture('broken-city')]);
  expect(code).toBe(1);
  const said = lines.slice(0, -1);
  expect(said).toHaveLength(6);
  const planted = [
    /^indicators\/air\.yaml: indicators\[0\]\.unit: unknown unit "ug_per_m2"; did you mean "ug_per_m3"\?/,
    /^indicators\/air\.yaml: indicators\[1\]\.stalAfter: unknown key; did you mean "staleAfter"\?$/,
    /^places\/stations\.csv: row 3, column parent: unknown place "nroth"; did you mean "north"\?$/,
    /^places\/stations\.csv: row 4, column id: duplicate id: the place "park_gate" is defined at places\/stations\.csv: row 3, column id already/,
    /^rules\/air\.yaml: rules\[0\]\.limits\[1\]\.value: limits must rise with the level \(direction above\): red 115 must be greater than orange 150$/,
    /^rules\/air\.yaml: rules\[1\]\.scope\.indicator: unknown indicator "ozon"; did you mean "ozone"\?$/,
  ];
  for (const pattern of planted)
    expect(
      said.filter((line) => pattern.test(line)),
      String(pattern),
    ).toHaveLength(1);
  expect(lines.at(-1)).toBe(`6 problems in ${fixture('broken-city')}`);
});

it('tells what a right folder holds, and which rules and sources are not active and why', async () => {
  const { code, lines } = await run([fixture('linjiang')]);
  expect(code).toBe(0);
  expect(lines.slice(0, -1)).toEqual([
    `临江市 / Linjiang (linjiang): no problems in ${fixture('linjiang')}`,
    '  4 indicators in 2 domains',
    '  8 places',
    '  9 rules, 6 of them not active:',
    '    calls_unusual: rules of kind ratio are not evaluated by this version',
    '    stage_low: it is switched off in its file (disabled: true)',
    '    stage_rises_fast: rules of kind rate_of_change are not evaluated by this version',
    '    sensors_silent: rules of kind stale are not evaluated by this version',
    '    many_streets_flooded: rules of kind count are not evaluated by this version',
    '    flood_and_surge: rules of kind composite are not evaluated by this version',
    '  3 sources, 1 of them not active:',
    '    old_pumps: sources of kind http_poll are not read by this version',
    '  1 wall',
    '  8 expected series',
  ]);
});

it('takes the folder from CONFIG_DIR when none is named, and the named one before it', async () => {
  expect((await run([], { CONFIG_DIR: fixture('linjiang') })).code).toBe(0);
  expect((await run([fixture('broken-city')], { CONFIG_DIR: fixture('linjiang') })).code).toBe(1);
});

it('says that a folder is not there', async () => {
  const { code, lines } = await run([fixture('no-such-city')]);
  expect(code).toBe(1);
  expect(lines[0]).toBe('.: must be a folder that can be read: ENOENT');
});

it('refuses arguments that it does not know', async () => {
  expect((await run(['--fix'])).code).toBe(2);
  expect((await run(['a', 'b'])).code).toBe(2);
});
