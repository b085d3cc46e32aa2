/** The demonstration's commands: each does what the command line asked, and says so. The process's own things come as `ports`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Catalogue } from '../server/catalogue/catalogue.ts';
import { loadCatalogue } from '../server/catalogue/load.ts';
import type { DemonstrationCommand } from './arguments-demonstration.ts';
import { type Caller, createCaller, type ReplayClock } from './caller.ts';
import { type Crossings, countCrossings } from './crossings.ts';
import { createControl } from './feed/control.ts';
import { runFeed } from './feed/run.ts';
import { seededRandom } from './random.ts';
import { scenarios } from './scenarios/index.ts';
import { DAY_MS } from './wall-time.ts';

export interface CommandPorts {
  clock: ReplayClock;
  signal: AbortSignal;
  print(line: string): void;
  log(line: string): void;
  onProgress(done: number, total: number): void;
  environment: Readonly<Record<string, string | undefined>>;
}

/** What is wrong with a command or where it is run: told without a trace. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

const feedFileSchema = z.object({ url: z.string(), token: z.string() });
const feedFileName = 'feed.json';

/** Resolves when the command is done. @throws CommandError, or the signal's reason. */
export async function runDemonstration(command: DemonstrationCommand, ports: CommandPorts): Promise<void> {
  const catalogue = await catalogueOf(command.city);
  if (command.kind === 'crossings') return tellCrossings(command, catalogue, ports);
  if (command.kind === 'scenario' && command.name === null) return listScenarios(ports);
  return onServer(command, catalogue, ports);
}

async function onServer(command: Exclude<DemonstrationCommand, { kind: 'crossings' }>, catalogue: Catalogue, ports: CommandPorts): Promise<void> {
  const server = await serverOf(command, catalogue, ports);
  const call = createCaller({ ...ports, ...server, random: seededRandom(ports.clock.now()) });
  switch (command.kind) {
    case 'simulate':
      await runFeed({ ...ports, ...server, catalogue, days: command.days, seed: command.seed });
      return;
    case 'scenario':
      return play(command, call, ports);
    case 'stop':
      return stop(call, ports);
  }
}

function listScenarios({ print }: CommandPorts): void {
  for (const { id, name, summary, durationMs } of scenarios.values()) print(`${id.padEnd(18)} ${name.zh} ${name.en} (${durationMs / 3_600_000} h): ${summary.en}`);
}

function tellCrossings({ days, from, scenario, seed }: Extract<DemonstrationCommand, { kind: 'crossings' }>, catalogue: Catalogue, { clock, print }: CommandPorts): void {
  const id = scenario === null ? null : idOf(scenario);
  if (id !== null && !scenarios.has(id)) throw unknownScenario(scenario);
  const begins = from ?? clock.now() - days * DAY_MS;
  const played = id === null ? [] : [{ scenario: id, startsAt: begins }];
  const counted = countCrossings({ catalogue, seed: seed ?? 1, scenarios: played, from: begins, to: begins + days * DAY_MS });
  for (const line of crossingLines(counted, days)) print(line);
}

function* crossingLines({ rules, levels, total, watched }: Crossings, days: number): Generator<string> {
  yield `${total} crossings in ${days} days over ${watched} series: ${(total / days).toFixed(1)} a day`;
  yield `  blue ${levels.blue}, yellow ${levels.yellow}, orange ${levels.orange}, red ${levels.red}`;
  for (const { rule, levels: of, total: sum } of rules) yield `  ${rule.padEnd(40)} ${String(sum).padStart(6)}  (${of.blue} / ${of.yellow} / ${of.orange} / ${of.red})`;
}

/** `water-main-break`, as people type it, is `water_main_break`. */
const idOf = (name: string): string => name.replaceAll('-', '_');

const unknownScenario = (name: string | null): CommandError => new CommandError(`There is no scenario "${name}"; there are: ${[...scenarios.keys()].join(', ')}.`);

async function catalogueOf(city: string): Promise<Catalogue> {
  const loaded = await loadCatalogue(city);
  if (loaded.ok) return loaded.catalogue;
  throw new CommandError(loaded.problems.map(({ file, path, message }) => [file, path, message].filter((part) => part !== '').join(': ')).join('\n'));
}

/** Where the server is and what opens it: from the command line and the environment, else from the file that the server left. */
async function serverOf({ url }: DemonstrationCommand, catalogue: Catalogue, { environment }: CommandPorts): Promise<{ url: string; token: string }> {
  const token = environment['INGEST_TOKEN'];
  if (url !== null && token !== undefined && token !== '') return { url, token };
  const file = join(environment['DATA_DIR'] || '.data', catalogue.city.id, feedFileName);
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) throw new CommandError(`There is no ${file}: start the demonstration with npm start, or give --url and INGEST_TOKEN.`);
  const left = feedFileSchema.parse(JSON.parse(text));
  return { url: url ?? left.url, token: left.token };
}

async function play({ name, speed, at }: Extract<DemonstrationCommand, { kind: 'scenario' }>, call: Caller, { print }: CommandPorts): Promise<void> {
  const scenario = scenarios.get(idOf(name ?? ''));
  if (scenario === undefined) throw unknownScenario(name);
  const body = { scenario: scenario.id, name: scenario.name, durationMs: scenario.durationMs, speed, ...(at === null ? {} : { startsAt: at }) };
  const answer = await call({ method: 'POST', path: '/api/v1/simulation/scenarios', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (answer.status >= 400) throw new CommandError(`The server refused it (${answer.status}): ${answer.text}`);
  const hours = scenario.durationMs / 3_600_000;
  if (at !== null) print(`${scenario.name.en} (${hours} h) is being put into the past at ${new Date(at).toISOString()}.`);
  else print(`${scenario.name.en} is being played: ${hours} h of the city in ${Math.ceil((hours * 60) / speed)} min. "npm run seed -- stop" ends it.`);
}

async function stop(call: Caller, { print, log }: CommandPorts): Promise<void> {
  const { scenarios: played, serverTime } = await createControl(call, log).state();
  const running = played.find(({ startsAt, endsAt, stoppedAt }) => stoppedAt === null && startsAt <= serverTime && endsAt > serverTime);
  if (running === undefined) return print('No scenario is being played.');
  const answer = await call({ method: 'DELETE', path: `/api/v1/simulation/scenarios/${running.id}` });
  if (answer.status >= 400) throw new CommandError(`The server refused it (${answer.status}): ${answer.text}`);
  print(`${running.name.en} is stopped; the clock runs at true speed.`);
}
