/**
 * Reads a request's body, unpacked, counting each byte before it is kept; a small gzip that unpacks to gigabytes, a sender that sends a byte a
 * minute and one that hangs up all end here. Whatever goes wrong, the rest of the body is let through unread for a moment, so that the
 * sender sees the answer and not a broken connection, and then the connection is cut.
 */
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Request } from 'express';
import { AppError } from '../contract/index.ts';
import { MAX_BODY_BYTES } from './body.ts';

export interface ReceiveOptions {
  /** Called before bytes are kept. Throws when there is no room. */
  grow(bytes: number): void;
  setTimer(ms: number, callback: () => void): { cancel(): void };
}

/** A sender that is silent for so long in the middle of a body has gone, or means harm. */
const IDLE_MS = 15_000;
/** However it goes: 16 MB within two minutes is 140 kB/s. */
const WHOLE_MS = 120_000;
/** A refused body is let through unread for so long. */
const LINGER_MS = 2000;
/** Of a body that cannot be unpacked this much is remembered, for the quarantine. */
const HEAD_BYTES = 64 * 1024;

const heads = new WeakMap<Request, Buffer>();

/** What is there of a body that was refused: all of it, or the beginning as it came where it could not be unpacked. */
export function bodyAsCame(request: Request): Buffer {
  const body: unknown = request.body;
  return Buffer.isBuffer(body) ? body : (heads.get(request) ?? Buffer.alloc(0));
}

/** @throws AppError `body_too_large`, `body_too_slow`, `unsupported_encoding`, `invalid_gzip`, `invalid_request`, and what `grow` throws. */
export async function receiveBody(request: Request, options: ReceiveOptions): Promise<Buffer> {
  try {
    return await receive(request, options);
  } catch (error) {
    linger(request, options.setTimer);
    throw error;
  }
}

/** Lets the rest of a refused body through, unread and for a moment; then cuts the connection. */
export function linger(request: Request, setTimer: ReceiveOptions['setTimer']): void {
  if (request.complete || request.destroyed) return;
  request.on('error', () => {});
  request.unpipe();
  request.resume();
  const timer = setTimer(LINGER_MS, () => {
    if (!request.complete) request.socket.destroy();
  });
  request.once('end', () => timer.cancel());
}

/** The body's own stream, or one that unpacks it. */
function unpacked(request: Request): { stream: Readable; isPacked: boolean } {
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase();
  switch (encoding) {
    case 'identity':
      return { stream: request, isPacked: false };
    case 'gzip':
    case 'x-gzip':
      return { stream: request.pipe(createGunzip()), isPacked: true };
    case 'deflate':
      return { stream: request.pipe(createInflate()), isPacked: true };
    case 'br':
      return { stream: request.pipe(createBrotliDecompress()), isPacked: true };
    default:
      throw new AppError('unsupported_encoding', 'Content-Encoding must be gzip or absent.');
  }
}

const tooLarge = (): AppError => new AppError('body_too_large', 'The body is larger than the server takes (after unpacking). Send smaller batches.');

/** Room that is asked for at once where the length is not known beforehand. */
const STEP_BYTES = 64 * 1024;

/** Keeps what comes: in one buffer where the length is known, for a copy at the end would double the largest bodies. */
function createCollector(length: number | null): { add(chunk: Buffer): void; end(): Buffer } {
  if (length !== null) {
    const whole = Buffer.allocUnsafe(length);
    let at = 0;
    return {
      add(chunk) {
        at += chunk.copy(whole, at);
      },
      end: () => whole.subarray(0, at),
    };
  }
  const chunks: Buffer[] = [];
  return { add: (chunk) => void chunks.push(chunk), end: () => (chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)) };
}

function receive(request: Request, { grow, setTimer }: ReceiveOptions): Promise<Buffer> {
  const announced = request.headers['content-length'] === undefined ? null : Number(request.headers['content-length']);
  if (announced !== null && announced > MAX_BODY_BYTES) throw tooLarge();
  grow(announced ?? STEP_BYTES);
  const { stream, isPacked } = unpacked(request);
  return new Promise<Buffer>((resolve, reject) => {
    const collector = createCollector(isPacked ? null : announced);
    let total = 0;
    let room = announced ?? STEP_BYTES;
    const fail = (error: unknown): void => {
      settle();
      reject(error);
    };
    const pace = watchPace(setTimer, fail);
    const take = (chunk: Buffer): void => {
      total += chunk.length;
      try {
        if (total > MAX_BODY_BYTES) throw tooLarge();
        for (; room < total; room += STEP_BYTES) grow(STEP_BYTES);
        collector.add(chunk);
      } catch (error) {
        fail(error);
      }
    };
    const unpackFailed = (error: unknown): void =>
      fail(new AppError('invalid_gzip', 'The body says it is packed (Content-Encoding) and is not, or is cut short.', { cause: error }));
    const lost = (): void => {
      if (!request.complete) fail(new AppError('invalid_request', 'The body ended before its announced length.'));
    };
    const done = (): void => {
      settle();
      resolve(collector.end());
    };
    const settle = (): void => {
      pace.cancel();
      stream.off('data', take).off('end', done);
      request.off('data', pace.moved).off('error', lost).off('close', lost);
      if (!isPacked) return;
      // An unpacker that is given up may still fail; nobody is interested any more.
      stream.off('error', unpackFailed).on('error', () => {});
      stream.destroy();
    };
    if (isPacked) rememberHead(request);
    request.on('data', pace.moved).on('error', lost).on('close', lost);
    stream.on('data', take).on('end', done);
    if (isPacked) stream.on('error', unpackFailed);
  });
}

/** Fails a body that stands still, or takes for ever. */
function watchPace(setTimer: ReceiveOptions['setTimer'], fail: (error: AppError) => void): { moved(): void; cancel(): void } {
  let hasMoved = true;
  const watchIdle = (): { cancel(): void } =>
    setTimer(IDLE_MS, () => {
      if (!hasMoved) fail(new AppError('body_too_slow', 'Nothing of the body came for 15 seconds.'));
      else {
        hasMoved = false;
        idle = watchIdle();
      }
    });
  let idle = watchIdle();
  const whole = setTimer(WHOLE_MS, () => fail(new AppError('body_too_slow', 'The body took longer than two minutes.')));
  return {
    moved() {
      hasMoved = true;
    },
    cancel() {
      idle.cancel();
      whole.cancel();
    },
  };
}

function rememberHead(request: Request): void {
  const chunks: Buffer[] = [];
  let length = 0;
  request.on('data', (chunk: Buffer) => {
    if (length >= HEAD_BYTES) return;
    chunks.push(Buffer.from(chunk.subarray(0, HEAD_BYTES - length)));
    length += Math.min(chunk.length, HEAD_BYTES - length);
    heads.set(request, Buffer.concat(chunks, length));
  });
}
