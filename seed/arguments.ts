/** The command line of the seed, as typed, to what is to be done. Pure: `now` is an argument. */
import { parseArgs } from 'node:util';
import { parseDuration } from '../server/catalogue/duration.ts';
import { parseIsoInstant } from '../server/contract/index.ts';
import { parseWall } from './wall-time.ts';

export const usage = `usage: npm run replay -- [options]

Sends the recordings of a city's folder to a running server, as if they happened now. The token comes from INGEST_TOKEN.

  --url URL          the server (default http://127.0.0.1:8080)
  --city DIR         the city's folder (default metrics-config/open-data)
  --from WHEN        how far back to begin: 2d, 12h, or 2026-01-31T00:00:00Z (default: three days before today)
  --speed N          play what lies behind at N times real time, instead of at once
  --anchor DATE      the city's day that shows each recording's "today" (default: today)
  --no-loop          play the span once and end, instead of repeating it for ever
  --only ID,ID       only these sources
  --with-parent      end when the standard input closes`;

export interface ReplayArguments {
  url: string;
  city: string;
  from: number | undefined;
  speed: number | undefined;
  anchor: string | undefined;
  loop: boolean;
  only: string[] | undefined;
  withParent: boolean;
}

export type ParsedArguments = { kind: 'replay'; replay: ReplayArguments } | { kind: 'help' } | { kind: 'wrong'; message: string };

const options = {
  url: { type: 'string' },
  city: { type: 'string' },
  from: { type: 'string' },
  speed: { type: 'string' },
  anchor: { type: 'string' },
  loop: { type: 'boolean' },
  'no-loop': { type: 'boolean' },
  only: { type: 'string' },
  'with-parent': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** @param now epoch milliseconds, for `--from 2d`. */
export function parseArguments(argv: readonly string[], now: number): ParsedArguments {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
    if (values.help) return { kind: 'help' };
    const [command, ...rest] = positionals;
    if (command !== 'replay' || rest.length > 0) throw new Error(command === undefined ? 'say what to do: replay' : `unknown command: ${positionals.join(' ')}`);
    if (values.loop && values['no-loop']) throw new Error('--loop and --no-loop exclude each other');
    const replay: ReplayArguments = {
      url: urlOf(values.url ?? 'http://127.0.0.1:8080'),
      city: values.city ?? 'metrics-config/open-data',
      from: values.from === undefined ? undefined : fromOf(values.from, now),
      speed: values.speed === undefined ? undefined : speedOf(values.speed),
      anchor: values.anchor === undefined ? undefined : anchorOf(values.anchor),
      loop: !values['no-loop'],
      only: values.only?.split(',').map((id) => id.trim()),
      withParent: values['with-parent'] ?? false,
    };
    return { kind: 'replay', replay };
  } catch (error) {
    return { kind: 'wrong', message: error instanceof Error ? error.message : String(error) };
  }
}

function urlOf(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) throw new Error(`--url must be an http address, not ${JSON.stringify(text)}`);
  return text;
}

function fromOf(text: string, now: number): number {
  const back = parseDuration(text);
  const instant = back === null ? parseIsoInstant(text) : now - back;
  if (instant === null) throw new Error(`--from must be a duration such as 2d or 12h, or a time such as 2026-01-31T00:00:00Z, not ${JSON.stringify(text)}`);
  return instant;
}

function speedOf(text: string): number {
  const speed = Number(text);
  if (!Number.isFinite(speed) || speed <= 1) throw new Error(`--speed must be a number greater than 1, not ${JSON.stringify(text)}`);
  return speed;
}

function anchorOf(text: string): string {
  if (text.length !== 10 || parseWall(text) === null) throw new Error(`--anchor must be a date such as 2026-01-31, not ${JSON.stringify(text)}`);
  return text;
}
