/**
 * What every command of the repository shares: where it is, how it shows a long step, how it runs a program, how it fails.
 * Plain JavaScript without packages.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The repository's folder, absolute, without a slash at its end. */
export const repository = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/** An expected failure of the set-up: its message says what to do, so no stack is shown. */
export class SetupError extends Error {}

/**
 * Shows one long step: a live line with the seconds on a terminal, one plain line elsewhere.
 * @template T
 * @param {string} label what is being done: `Building the server`
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(label, work) {
  const began = Date.now();
  const seconds = () => `${((Date.now() - began) / 1000).toFixed(0)} s`;
  const live = process.stdout.isTTY === true;
  const draw = () => process.stdout.write(`\r\x1b[2K… ${label} ${seconds()}`);
  process.stdout.write(live ? `… ${label}` : `${label} … `);
  const timer = live ? setInterval(draw, 250) : null;
  try {
    const result = await work();
    process.stdout.write(live ? `\r\x1b[2K✓ ${label} ${seconds()}\n` : `${seconds()}\n`);
    return result;
  } catch (error) {
    process.stdout.write(live ? `\r\x1b[2K✗ ${label} ${seconds()}\n` : 'failed\n');
    throw error;
  } finally {
    if (timer) clearInterval(timer);
  }
}

/**
 * Runs a command to its end and keeps its output for the error message.
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @throws {SetupError} with the output when it cannot be started or fails.
 */
export function execute(command, args, env = process.env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: repository, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        output += text;
      });
    }
    const stop = () => {
      child.kill('SIGTERM');
      process.exit(143);
    };
    process.once('SIGTERM', stop);
    child.on('error', (error) => reject(new SetupError(`Could not run ${command}: ${error.message}`)));
    child.on('close', (code, signal) => {
      process.off('SIGTERM', stop);
      if (code === 0) resolve(output);
      else reject(new SetupError(`${[command, ...args].join(' ')} failed (${signal ?? `exit code ${code}`}):\n${output.trimEnd()}`));
    });
  });
}

/**
 * Runs a program of Node with this terminal until it ends; a SIGTERM is passed on.
 * @param {string[]} args the program and its arguments
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>} its exit code
 */
export function runToEnd(args, env = process.env) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--enable-source-maps', ...args], { cwd: repository, env, stdio: 'inherit' });
    // A Ctrl-C reaches the child by itself; this process waits for how it ends.
    process.on('SIGINT', () => {});
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.on('error', () => resolve(1));
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/** Ends the process with the message of an expected failure (a SetupError, or any error marked `expected`), or with the whole of an unexpected one. */
export function fail(error) {
  console.error(error instanceof SetupError || error?.expected === true ? `\n${error.message}` : error);
  process.exit(1);
}
