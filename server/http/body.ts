/** Bodies as text: bounded after unpacking, so that a small gzip that unpacks to gigabytes is refused before it is whole. */
import { isAscii, isUtf8 } from 'node:buffer';
import express, { type Request, type RequestHandler } from 'express';
import { AppError } from '../contract/index.ts';

/** Largest body after unpacking: some 150,000 readings. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** Reads the whole body, whatever its type; `bodyText` gives it. */
export const readBody: RequestHandler = express.raw({ type: () => true, limit: MAX_BODY_BYTES, inflate: true });

const BYTE_ORDER_MARK = '\uFEFF';

export function bodyText(request: Request): string {
  const body = asciiOrText(request);
  return typeof body === 'string' ? body : body.toString('latin1');
}

/** The body as it came when all of it is ASCII, as most are; else as text. For readers that need no text: making one of a whole body costs as much as reading it. */
export function asciiOrText(request: Request): Buffer | string {
  const body: unknown = request.body;
  if (!Buffer.isBuffer(body)) return '';
  if (isAscii(body)) return body;
  if (!isUtf8(body)) throw new AppError('invalid_request', 'The body must be UTF-8 text.', { path: 'body' });
  const text = body.toString('utf8');
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

/** Strings are skipped, so that only bare words are found. */
const BARE_NUMBERS = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

/**
 * JSON, and one thing more: Python and others write bare NaN and Infinity, which no JSON knows. They become strings here, so that
 * their readings are refused one by one and the rest of the batch is kept.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    try {
      return JSON.parse(text.replace(BARE_NUMBERS, (token) => (token.startsWith('"') ? token : `"${token}"`)));
    } catch {
      throw new AppError('malformed_json', `The body is not JSON: ${error instanceof Error ? error.message.slice(0, 200) : 'unreadable'}`);
    }
  }
}
