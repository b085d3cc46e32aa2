/**
 * Mappings: JSONata expressions that make readings of a sender's own JSON. What always holds: an evaluation ends. Depth, time and size
 * are bounded, regular expressions too, so an expression that runs away costs its own message and never the connector.
 */
import { createContext, Script } from 'node:vm';
import jsonata from 'jsonata';
import { createTimeReader, type TimeReader } from './csv-time.ts';
import type { PieceRefusal } from './piece.ts';

export interface MappingInput {
  payload: unknown;
  topic: string;
  /** Epoch ms; null when the time of arrival says nothing about the time of the readings. */
  receivedAt: number | null;
  timeZone: string;
}

/** The readings that the expression made, of whatever shape, or why there are none. Never rejects. */
export type Mapping = (input: MappingInput) => Promise<{ readings: unknown[] } | { refusal: PieceRefusal }>;

/** A message of ten thousand values takes some tens of milliseconds; a busy machine is given more. */
const MAX_MS = 1000;
/** Nested calls: recursion that ends of itself stays far below, and far below it the engine's own stack ends. */
const MAX_DEPTH = 300;
const MAX_READINGS = 100_000;

/** @throws for a text that does not parse; the city's folder was checked for that. */
export function compileMapping(text: string): Mapping {
  const expression = jsonata(text, { timeout: MAX_MS, stack: MAX_DEPTH, sequence: MAX_READINGS, RegexEngine: BoundedRegExp as RegExpConstructor });
  const localTime = createLocalTime();
  return async ({ payload, topic, receivedAt, timeZone }) => {
    const arrival = receivedAt ?? undefined;
    const bindings = {
      topic: topic.split('/'),
      topicText: topic,
      receivedAt: arrival,
      localTime: (local?: unknown, format?: unknown) => localTime(local, format, timeZone),
      // The server has one clock: JSONata's own would be another.
      millis: () => arrival,
      now: () => (arrival === undefined ? undefined : new Date(arrival).toISOString()),
    };
    try {
      return readingsFrom(await expression.evaluate(payload, bindings));
    } catch (error) {
      return { refusal: refusalFor(error) };
    }
  };
}

function readingsFrom(made: unknown): { readings: unknown[] } | { refusal: PieceRefusal } {
  if (Array.isArray(made)) return { readings: Array.from(made as unknown[]) };
  if (typeof made === 'object' && made !== null) return { readings: [made] };
  if (made === undefined)
    return { refusal: { code: 'missing_field', path: 'mapping', message: 'The mapping found nothing in this message. Where that is meant, let it answer an empty list: [].' } };
  return { refusal: { code: 'wrong_type', path: 'mapping', message: `The mapping must make a reading or a list of readings, not ${String(JSON.stringify(made)).slice(0, 100)}.` } };
}

class NoLocalTime extends Error {}

/** Formats are written in the mapping; an expression that computes them without end must not fill the memory. */
const MAX_FORMATS = 50;

type LocalTime = (local: unknown, format: unknown, zone: string) => number | undefined;

/** Reads local times of a zone to epoch ms. Without a format: ISO 8601, SQL and what departments usually write. Of an hour that comes twice the earlier one. */
function createLocalTime(): LocalTime {
  const readers = new Map<string, TimeReader>();
  return (local, format, zone) => {
    if (local === undefined || local === null) return undefined;
    const wanted = typeof format === 'string' ? format : 'auto';
    const key = `${zone} ${wanted}`;
    const read = readers.get(key) ?? createTimeReader({ format: wanted, ambiguous: 'earlier' }, zone);
    if (readers.size >= MAX_FORMATS) readers.clear();
    readers.set(key, read);
    const result = read(String(local).trim());
    if (result.kind === 'instant') return result.at;
    throw new NoLocalTime(result.message.replaceAll('time.format', 'a format as the second argument of $localTime'));
  };
}

function refusalFor(error: unknown): PieceRefusal {
  if (error instanceof NoLocalTime) return { code: 'invalid_time', path: 'observedAt', message: error.message };
  const { code, message } = typeof error === 'object' && error !== null ? (error as { code?: unknown; message?: unknown }) : {};
  const why = typeof message === 'string' ? message : String(error);
  return { code: 'wrong_type', path: 'mapping', message: `The mapping failed: ${why.slice(0, 500)}${typeof code === 'string' ? ` (${code})` : ''}` };
}

/** A text so short is searched in no time by any expression that a person would write; the bound costs a quarter of a millisecond. */
const SHORT = 16;
const job = createContext({ run: (): unknown => null });
const script = new Script('run()');

/** A regular expression whose search can be stopped: JSONata's own time limit is not looked at while one runs. */
class BoundedRegExp extends RegExp {
  override exec(text: string): RegExpExecArray | null {
    if (text.length <= SHORT) return super.exec(text);
    job['run'] = () => super.exec(text);
    return script.runInContext(job, { timeout: MAX_MS }) as RegExpExecArray | null;
  }
}
