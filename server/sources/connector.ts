/**
 * The one small interface of connectors: what fetches or receives readings by itself (a broker, a folder, a poll). A connector owns its
 * transport and nothing else: it reads units into pieces, hands them to `take`, and tells its own sender only after that.
 */
import type { Source } from '../catalogue/source-schema.ts';
import type { Take } from './piece.ts';

export interface ConnectorContext {
  take: Take;
  timeZone: string;
  now(): number;
  setTimer(ms: number, callback: () => void): { cancel(): void };
  /** Replaces `${NAME}` by the environment's value. @throws AppError `invalid_request` that names the missing variable, never a value. */
  secret(text: string): string;
  /** The transport's own state, for the source's health: `connected` clears the error. */
  report(state: { kind: 'connected' } | { kind: 'failed'; message: string }): void;
  log: { info(message: string): void; warn(message: string, error?: unknown): void };
}

export interface RunningConnector {
  /** Stops taking, lets what is in work end, closes the transport. Never rejects. */
  stop(): Promise<void>;
}

/** Starts to take for one source. Must return at once: connecting, and connecting again, happen behind it and are reported. */
export type StartConnector = (source: Source, context: ConnectorContext) => RunningConnector;
