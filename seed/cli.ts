/** Entry of `npm run seed` and `npm run replay`: wires them to the process, its clock, its signals and its terminal. */
import { loadCatalogue } from '../server/catalogue/load.ts';
import { parseArguments, type ReplayArguments, usage } from './arguments.ts';
import { demonstrationCommands, demonstrationUsage, parseDemonstration } from './arguments-demonstration.ts';
import type { ReplayClock } from './caller.ts';
import { CommandError, runDemonstration } from './demonstration.ts';
import { createProgress } from './progress.ts';
import { startReplay } from './replay.ts';

/** Its timers keep the process alive: waiting for the next reading is all that a replay does for most of the time. */
const clock: ReplayClock = {
  now: () => Date.now(),
  setTimer(ms, callback) {
    const timer = setTimeout(callback, ms);
    return { cancel: () => clearTimeout(timer) };
  },
};

async function main(argv: readonly string[]): Promise<number> {
  if (demonstrationCommands.some((command) => command === argv[0])) return demonstrate(argv);
  const parsed = parseArguments(argv, clock.now());
  switch (parsed.kind) {
    case 'help':
      console.log(`${demonstrationUsage}\n\n${usage}`);
      return 0;
    case 'wrong':
      console.error(`${parsed.message}\n\n${usage}`);
      return 2;
    case 'replay':
      return replay(parsed.replay);
  }
}

async function demonstrate(argv: readonly string[]): Promise<number> {
  let command: ReturnType<typeof parseDemonstration>;
  try {
    command = parseDemonstration(argv, clock.now());
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${demonstrationUsage}`);
    return 2;
  }
  const { signal } = endingSignal(command.kind === 'simulate' && command.withParent);
  try {
    await runDemonstration(command, { clock, signal, log: lineLog, print: (line) => console.log(line), onProgress: terminalProgress(), environment: process.env });
    return 0;
  } catch (error) {
    // Told to end, it ends in good order: what was answered is kept, what was not is sent by the next run.
    if (signal.aborted) return 0;
    if (!(error instanceof CommandError)) throw error;
    console.error(error.message);
    return 1;
  }
}

const lineLog = (line: string): void => console.log(process.stdout.isTTY ? `\r\u001b[K${line}` : line);

function terminalProgress(): (done: number, total: number) => void {
  const { stdout } = process;
  return createProgress({ isTTY: stdout.isTTY === true, columns: stdout.columns ?? 80, write: (text) => stdout.write(text) });
}

async function replay(settings: ReplayArguments): Promise<number> {
  const token = process.env['INGEST_TOKEN'];
  if (!token) {
    console.error('Set INGEST_TOKEN to a token that may write readings.');
    return 2;
  }
  const loaded = await loadCatalogue(settings.city);
  if (!loaded.ok) {
    for (const { file, path, message } of loaded.problems) console.error([file, path, message].filter((part) => part !== '').join(': '));
    return 1;
  }
  const { signal } = endingSignal(settings.withParent);
  const running = startReplay({
    ...settings,
    catalogue: loaded.catalogue,
    token,
    clock,
    signal,
    onProgress: terminalProgress(),
    log: lineLog,
  });
  running.caughtUp.then(
    () => console.log('The replay has caught up and follows the present.'),
    () => {},
  );
  await running.done;
  return 0;
}

/** Aborted by SIGINT, SIGTERM and, with `withParent`, when the parent closes our standard input or the channel to it. */
function endingSignal(withParent: boolean): AbortController {
  const ending = new AbortController();
  const end = (): void => ending.abort(new Error('the replay was told to end'));
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, end);
  if (withParent) {
    for (const event of ['end', 'close', 'error']) process.stdin.once(event, end);
    process.once('disconnect', end);
    process.stdin.resume();
  }
  return ending;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
