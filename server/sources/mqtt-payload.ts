/**
 * Messages of a broker to readings, by the topics of a source: plain numbers, line protocol, JSON with or without a mapping. Pure but for
 * the mappings it remembers. A message is read by the first entry whose topic takes it.
 *
 * Retained messages are what a broker kept from before; when it was said is not known. Such a message is read only where its payload
 * tells the time itself (the door then knows a duplicate). Stamped with its arrival, a value of last week would make a dead sensor look
 * alive, so without a time of its own it makes no reading, and is not refused either: nothing was lost, and it would come again at each
 * new subscription.
 */
import type { JsonTopic, LineTopic, MqttTopic, NumberTopic } from '../catalogue/mqtt-schema.ts';
import type { MqttSource } from '../catalogue/source-schema.ts';
import { takesTopic } from '../catalogue/topic-filter.ts';
import { lineCandidates } from '../readings/line-candidates.ts';
import { compileMapping, type Mapping } from './mapping.ts';
import type { Original, Piece, PieceRefusal, Reader } from './piece.ts';

/** What a mapping or a line could make of one message; a sender with more has lost its measure, or means harm. */
export const MAX_PAYLOAD_BYTES = 4 * 1024 * 1024;

/** The message as it is kept: text, or base64 where the payload is no text. */
export function originalOf(topic: string, payload: Uint8Array, retained: boolean): Original {
  const text = decode(payload);
  const detail = { topic, ...(retained ? { retained: 'true' } : {}), ...(text === null ? { encoding: 'base64' } : {}) };
  return { format: 'mqtt', text: text ?? Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('base64'), detail };
}

const decoder = new TextDecoder('utf-8', { fatal: true });

function decode(payload: Uint8Array): string | null {
  try {
    return decoder.decode(payload);
  } catch {
    return null;
  }
}

interface Message {
  text: string;
  topic: string;
  /** Null for a retained message: its arrival says nothing. */
  receivedAt: number | null;
  timeZone: string;
  source: MqttSource;
}

type Read = { readings: readonly unknown[]; refusals?: readonly PieceRefusal[] } | { refusal: PieceRefusal };

export const readMqttMessage: Reader = async (source, original, { receivedAt, timeZone }) => {
  const piece = (read: Read): Piece =>
    'refusal' in read ? { readings: [], refusals: [read.refusal], original } : { readings: read.readings, refusals: read.refusals ?? [], original };
  const refuse = (code: PieceRefusal['code'], path: string, message: string): Piece => piece({ refusal: { code, path, message } });
  const topic = original.detail['topic'] ?? '';
  if (source.kind !== 'mqtt') return refuse('source_mismatch', 'topic', `The source "${source.id}" is no longer of kind mqtt: nothing says how to read its messages.`);
  const entry = source.topics.find((one) => takesTopic(one.topic, topic));
  if (entry === undefined) return refuse('source_mismatch', 'topic', `No entry in topics of "${source.id}" takes the topic "${topic.slice(0, 200)}".`);
  if (original.detail['encoding'] !== undefined) return refuse('unsupported_encoding', 'payload', 'The payload is no text in UTF-8; it is kept as base64.');
  if (original.text.length > MAX_PAYLOAD_BYTES) return refuse('body_too_large', 'payload', `The payload has more than ${MAX_PAYLOAD_BYTES} characters.`);
  const isRetained = original.detail['retained'] !== undefined;
  return piece(await read(entry, { text: original.text, topic, receivedAt: isRetained ? null : receivedAt, timeZone, source }));
};

async function read(entry: MqttTopic, message: Message): Promise<Read> {
  switch (entry.payload) {
    case 'number':
      return readNumber(entry, message);
    case 'line':
      return readLines(entry, message);
    case 'json':
      return readJson(entry, message);
  }
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function readNumber(entry: NumberTopic, { text, topic, receivedAt }: Message): Read {
  const trimmed = text.trim();
  const value = Number(trimmed);
  if (!NUMBER.test(trimmed))
    return { refusal: { code: 'not_a_number', path: 'payload', message: `The payload must be a plain number such as 12.5, not ${JSON.stringify(text.slice(0, 100))}.` } };
  if (!Number.isFinite(value)) return { refusal: { code: 'not_finite', path: 'payload', message: 'The value is too large to be stored.' } };
  const level = entry.placeLevel === undefined ? undefined : topic.split('/')[entry.placeLevel - 1];
  const place = level !== undefined && Object.hasOwn(entry.places, level) ? entry.places[level] : (entry.place ?? level);
  if (place === undefined || place === '')
    return { refusal: { code: 'missing_field', path: 'place', message: `The topic "${topic.slice(0, 200)}" has no level ${entry.placeLevel}, which names the place.` } };
  if (receivedAt === null) return { readings: [] };
  return { readings: [{ indicator: entry.indicator, place, ...(entry.facet === undefined ? {} : { facet: entry.facet }), observedAt: receivedAt, value }] };
}

function readLines(entry: LineTopic, { text, receivedAt, source }: Message): Read {
  // A line without a time gets the arrival's; where that says nothing, the line makes no reading.
  const { candidates, refusals } = lineCandidates(text, { precision: entry.precision, now: receivedAt ?? Number.NaN, mapping: source.lineProtocol });
  return {
    readings: candidates.filter(({ observedAt }) => !Number.isNaN(observedAt)),
    refusals: refusals.map(({ line, code, message }) => ({ code, path: `line ${line}`, message })),
  };
}

const mappings = new WeakMap<JsonTopic, Mapping>();

/** Compiled once for each catalogue: an entry of a new one is another object. */
function mappingOf(entry: JsonTopic, text: string): Mapping {
  const known = mappings.get(entry) ?? compileMapping(text);
  mappings.set(entry, known);
  return known;
}

async function readJson(entry: JsonTopic, { text, topic, receivedAt, timeZone }: Message): Promise<Read> {
  let payload: unknown;
  try {
    payload = JSON.parse(text);
  } catch (error) {
    return { refusal: { code: 'malformed_json', path: 'payload', message: `The payload is not JSON: ${error instanceof Error ? error.message.slice(0, 200) : 'unreadable'}.` } };
  }
  const made = entry.mapping === undefined ? plainReadings(payload) : await mappingOf(entry, entry.mapping)({ payload, topic, receivedAt, timeZone });
  if ('refusal' in made || receivedAt !== null) return made;
  return { readings: made.readings.filter(hasTime) };
}

const hasTime = (reading: unknown): boolean => typeof reading !== 'object' || reading === null || ('observedAt' in reading && reading.observedAt !== undefined);

function plainReadings(payload: unknown): { readings: unknown[] } | { refusal: PieceRefusal } {
  if (Array.isArray(payload)) return { readings: payload };
  if (typeof payload !== 'object' || payload === null)
    return {
      refusal: {
        code: 'wrong_type',
        path: 'payload',
        message: 'The payload must be a reading, a list of readings or {"readings": […]}; for anything else the topic needs a mapping.',
      },
    };
  if (!('readings' in payload)) return { readings: [payload] };
  return Array.isArray(payload.readings) ? { readings: payload.readings } : { refusal: { code: 'wrong_type', path: 'readings', message: '"readings" must be a list.' } };
}
