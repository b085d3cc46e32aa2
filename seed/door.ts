/**
 * Sends batches of readings through the public ingest door. Only what the server has answered counts as sent. A refused batch is told
 * in the log and left behind, as sending it again would change nothing.
 */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { ingestAnswerSchema, type ReadingInput } from '../server/contract/index.ts';
import { type CallerDeps, createCaller } from './caller.ts';

const pack = promisify(gzip);

export type DoorDeps = CallerDeps;

export interface Door {
  /**
   * Returns when every reading was answered. At most `MAX_BATCH` readings a call.
   * @throws NotAllowed when the credential is refused; the signal's reason when it was aborted.
   */
  send(source: string, readings: readonly ReadingInput[]): Promise<void>;
}

export const MAX_BATCH = 5_000;

export function createDoor(deps: DoorDeps): Door {
  const { log } = deps;
  const call = createCaller(deps);
  const told = new Set<string>();
  const once = (key: string, line: string): void => {
    if (told.has(key)) return;
    told.add(key);
    log(line);
  };

  /** Readings refused one by one: each kind is told once, as the same recording would repeat it with every batch. */
  function tellRefusals(source: string, text: string): void {
    for (const { code, message } of refusalsIn(text)) once(`${source} ${code} ${message}`, `${source}: a reading was refused (${code}): ${message}`);
  }

  async function send(source: string, readings: readonly ReadingInput[]): Promise<void> {
    if (readings.length === 0) return;
    const body = await pack(readings.map((reading) => JSON.stringify(reading)).join('\n'));
    const headers = { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' };
    const { status, text } = await call({ method: 'POST', path: `/api/v1/readings?source=${encodeURIComponent(source)}`, headers, body: new Uint8Array(body) });
    if (status === 413) return sendHalves(source, readings);
    if (status >= 400) log(`${source}: a batch was refused with ${status}: ${text.slice(0, 1000)}`);
    else tellRefusals(source, text);
  }

  async function sendHalves(source: string, readings: readonly ReadingInput[]): Promise<void> {
    if (readings.length === 1) return log(`${source}: a single reading is too large for the server; it is left out.`);
    const middle = Math.ceil(readings.length / 2);
    await send(source, readings.slice(0, middle));
    await send(source, readings.slice(middle));
  }

  return { send };
}

function refusalsIn(text: string): { code: string; message: string }[] {
  try {
    const answer = ingestAnswerSchema.safeParse(JSON.parse(text));
    return answer.success ? answer.data.rejected : [];
  } catch {
    return [];
  }
}
