/** The simulator's side of the server: the one clock, what is played, what was filled, and the marked events. */
import { z } from 'zod';
import { type Bilingual, type RollupInput, rollupsAnswerSchema, type Simulation, simulationSchema } from '../../server/contract/index.ts';
import type { Answer, Call, Caller } from '../caller.ts';

/** What the simulator remembers between two runs; kept in the store, so that it goes with the data. */
const progressSchema = z.object({
  seed: z.number(),
  days: z.number(),
  /** Where the live stream began. */
  base: z.number(),
  /** Readings were sent down to here, hour by hour from the newest. */
  recentTo: z.number(),
  /** Everything that was due until then was sent. */
  liveUntil: z.number(),
  /** The next piece of the past; null when all of it is there. */
  past: z.object({ stage: z.number(), piece: z.number() }).nullable(),
  /** Scenarios, by number, that were put into the past. */
  redone: z.array(z.number()),
});
export type Progress = z.infer<typeof progressSchema>;

export interface Control {
  state(): Promise<Simulation>;
  /** Null before the first run, or when what is kept is of another kind. */
  progress(): Promise<Progress | null>;
  keep(progress: Progress): Promise<void>;
  /** Sends aggregates of one source. What is refused is told in the log. */
  rollups(source: string, rollups: readonly RollupInput[]): Promise<void>;
  event(event: { kind: string; name: Bilingual; from: number; to: number }): Promise<void>;
  preserve(window: { name: string; from: number; to: number; indicators: readonly string[] }): Promise<void>;
}

const json = { 'content-type': 'application/json' };

export function createControl(call: Caller, log: (line: string) => void): Control {
  const told = new Set<string>();
  const ask = async (request: Call): Promise<Answer> => {
    const answer = await call(request);
    if (answer.status >= 400) throw new Error(`${request.method} ${request.path} was refused with ${answer.status}: ${answer.text.slice(0, 500)}`);
    return answer;
  };
  const read = async (path: string): Promise<unknown> => JSON.parse((await ask({ method: 'GET', path })).text);
  const write = (method: 'POST' | 'PUT', path: string, body: unknown): Promise<Answer> => ask({ method, path, headers: json, body: JSON.stringify(body) });

  return {
    state: async () => simulationSchema.parse(await read('/api/v1/simulation')),
    async progress() {
      const { progress } = z.object({ progress: z.unknown() }).parse(await read('/api/v1/simulation/progress'));
      const parsed = progressSchema.safeParse(progress);
      return parsed.success ? parsed.data : null;
    },
    async keep(progress) {
      await write('PUT', '/api/v1/simulation/progress', { progress });
    },
    async rollups(source, rollups) {
      if (rollups.length === 0) return;
      const { text } = await write('POST', `/api/v1/rollups?source=${encodeURIComponent(source)}`, { rollups });
      for (const { code, message } of rollupsAnswerSchema.parse(JSON.parse(text)).rejected) {
        if (told.has(code)) continue;
        told.add(code);
        log(`${source}: an aggregate was refused (${code}): ${message}`);
      }
    },
    async event(event) {
      await write('POST', '/api/v1/events', event);
    },
    async preserve({ name, from, to, indicators }) {
      const { preserved } = z.object({ preserved: z.array(z.object({ name: z.string(), from: z.number() })) }).parse(await read('/api/v1/preserved'));
      if (!preserved.some((one) => one.name === name && one.from === from)) await write('POST', '/api/v1/preserved', { name, from, to, indicators });
    },
  };
}
