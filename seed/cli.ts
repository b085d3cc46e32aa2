/** Entry of `npm run replay`: wires the replay to the process, its clock, its signals and its terminal. */
import { loadCatalogue } from '../server/catalogue/load.ts';
import { parseArguments, type ReplayArguments, usage } from './arguments.ts';
import type { ReplayClock } from './caller.ts';
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
  const parsed = parseArguments(argv, clock.now());
  switch (parsed.kind) {
    case 'help':
      console.log(usage);
      return 0;
    case 'wrong':
      console.error(`${parsed.message}\n\n${usage}`);
      return 2;
    case 'replay':
      return replay(parsed.replay);
  }
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
  const { stdout } = process;
  const showProgress = createProgress({ isTTY: stdout.isTTY === true, columns: stdout.columns ?? 80, write: (text) => stdout.write(text) });
  const { signal } = endingSignal(settings.withParent);
  const running = startReplay({
    ...settings,
    catalogue: loaded.catalogue,
    token,
    clock,
    signal,
    onProgress: showProgress,
    log: (line) => console.log(stdout.isTTY ? `\r\u001b[K${line}` : line),
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
