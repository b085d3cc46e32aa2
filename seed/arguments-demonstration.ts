/** The command line of the demonstration: its feed, its scenarios, its counts. Pure: `now` is an argument. */
import { parseArgs } from 'node:util';
import { parseDuration } from '../server/catalogue/duration.ts';
import { FASTEST, parseIsoInstant } from '../server/contract/index.ts';

export const demonstrationUsage = `usage: npm run seed -- COMMAND [options]

  scenario NAME        play a scenario on the running demonstration; without a name: list them
    --speed N          at N times true speed, 1 to ${FASTEST} (default 1)
    --at WHEN          put it into the past instead: 3d (ago), or 2026-08-20T06:00:00+08:00
  stop                 stop the scenario that is being played
  crossings            count threshold crossings without a server
    --days N           over so many days (default 30)
    --from WHEN        beginning then (default: as many days ago)
    --scenario NAME    with a scenario from the beginning on
  simulate             the feed itself; npm start runs it
    --days N           how far back the past is filled on the first run (default 400)
    --with-parent      end when the standard input closes

  --url URL            the server (default: the one that npm start told of in DATA_DIR)
  --city DIR           the city's folder (default metrics-config/linjiang)
  --seed N             the seed number (default 1)

Address and token come from the file that npm start leaves in DATA_DIR for its own account; with --url the feed's own token may
come from INGEST_TOKEN instead.`;

interface Common {
  /** Null: from the file that the server left. */
  url: string | null;
  city: string;
  seed: number | undefined;
}

export type DemonstrationCommand =
  | (Common & { kind: 'scenario'; name: string | null; speed: number; at: number | null })
  | (Common & { kind: 'stop' })
  | (Common & { kind: 'crossings'; days: number; from: number | null; scenario: string | null })
  | (Common & { kind: 'simulate'; days: number | undefined; withParent: boolean });

export const demonstrationCommands = ['scenario', 'stop', 'crossings', 'simulate'] as const;

const options = {
  url: { type: 'string' },
  city: { type: 'string' },
  seed: { type: 'string' },
  speed: { type: 'string' },
  at: { type: 'string' },
  days: { type: 'string' },
  from: { type: 'string' },
  scenario: { type: 'string' },
  'with-parent': { type: 'boolean' },
} as const;

/** Which options a command knows, beside those of all. */
const known = { scenario: ['speed', 'at'], stop: [], crossings: ['days', 'from', 'scenario'], simulate: ['days', 'with-parent'] } as const;

/** @throws Error that says what is wrong. */
export function parseDemonstration(argv: readonly string[], now: number): DemonstrationCommand {
  const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  const [kind, name, ...rest] = positionals;
  if (!isCommand(kind)) throw new Error(`unknown command: ${kind ?? 'none'}`);
  const extra = kind === 'scenario' ? rest : [name, ...rest].filter((word) => word !== undefined);
  if (extra.length > 0) throw new Error(`${kind} takes no ${JSON.stringify(extra[0])}`);
  const allowed: readonly string[] = ['url', 'city', 'seed', ...known[kind]];
  const alien = Object.keys(values).find((option) => !allowed.includes(option));
  if (alien !== undefined) throw new Error(`${kind} takes no --${alien}`);
  if (values.url !== undefined && (!URL.canParse(values.url) || !/^https?:$/.test(new URL(values.url).protocol)))
    throw new Error(`--url must be an http address, not ${JSON.stringify(values.url)}`);
  const common: Common = { url: values.url ?? null, city: values.city ?? 'metrics-config/linjiang', seed: whole('seed', values.seed, { least: 0, most: 2 ** 31 }) };
  const days = whole('days', values.days, { least: 1, most: 1500 });
  switch (kind) {
    case 'scenario':
      return { ...common, kind, name: name ?? null, ...playing(values, now) };
    case 'stop':
      return { ...common, kind };
    case 'crossings':
      return { ...common, kind, days: days ?? 30, from: values.from === undefined ? null : instant('from', values.from, now), scenario: values.scenario ?? null };
    case 'simulate':
      return { ...common, kind, days, withParent: values['with-parent'] ?? false };
  }
}

const isCommand = (word: string | undefined): word is DemonstrationCommand['kind'] => demonstrationCommands.some((command) => command === word);

function playing({ speed, at }: { speed?: string; at?: string }, now: number): { speed: number; at: number | null } {
  if (speed !== undefined && at !== undefined) throw new Error('--speed and --at exclude each other: the past has no speed');
  const times = speed === undefined ? 1 : Number(speed);
  if (!Number.isFinite(times) || times < 1 || times > FASTEST) throw new Error(`--speed must be a number from 1 to ${FASTEST}, not ${JSON.stringify(speed)}`);
  return { speed: times, at: at === undefined ? null : instant('at', at, now) };
}

function whole(name: string, text: string | undefined, { least, most }: { least: number; most: number }): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most) throw new Error(`--${name} must be a whole number from ${least} to ${most}, not ${JSON.stringify(text)}`);
  return number;
}

function instant(name: string, text: string, now: number): number {
  const back = parseDuration(text);
  const at = back === null ? parseIsoInstant(text) : now - back;
  if (at === null) throw new Error(`--${name} must be a duration such as 3d, or a time such as 2026-08-20T06:00:00+08:00, not ${JSON.stringify(text)}`);
  return at;
}
