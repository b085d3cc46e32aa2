/**
 * Calls to our own server. The session cookie goes along by itself; whatever changes something carries the header that
 * a foreign page cannot send. A failure is a `CallError` with the server's code, or `unreachable` when there was no answer.
 */
import type { ErrorCode } from '../../server/contract/index.ts';

export type CallCode = ErrorCode | 'unreachable';

export class CallError extends Error {
  override readonly name = 'CallError';
  readonly code: CallCode;
  readonly status: number;

  constructor(code: CallCode, status: number, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

interface ErrorBody {
  error?: { code?: string; message?: string };
}

async function answerOf<T>(response: Response): Promise<T> {
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
  const body = (await response.json().catch(() => ({}))) as ErrorBody;
  const code = (body.error?.code ?? (response.status === 401 ? 'unauthenticated' : 'internal')) as CallCode;
  throw new CallError(code, response.status, body.error?.message ?? response.statusText);
}

async function send<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, credentials: 'same-origin' });
  } catch (cause) {
    if (init.signal?.aborted === true) throw cause;
    throw new CallError('unreachable', 0, 'no answer from the server');
  }
  return answerOf<T>(response);
}

/** GET `path`, answered as `T` (a type of server/contract). Throws `CallError`. */
export function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return send<T>(path, signal === undefined ? {} : { signal });
}

/** A call that changes something. Throws `CallError`. */
export function sendJson<T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { 'X-City-Vitals': '1' };
  if (body === undefined) return send<T>(path, { method, headers });
  return send<T>(path, { method, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) });
}
