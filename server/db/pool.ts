/**
 * The way to PostgreSQL. One pool, the same settings on every connection, transactions that always end, and failures told
 * apart: a store that is away (try again) is not a mistake in a statement (a bug).
 *
 * On the wire of this module an instant is epoch milliseconds: `timestamptz` arrives as a number and leaves as one through
 * `instant()`; `int8` arrives as a number (ids stay far below 2^53).
 */
import pg from 'pg';
import { AppError } from '../contract/index.ts';

/** What a store function needs: a pool or one connection inside a transaction. */
export interface Queryable {
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<pg.QueryResult<Row>>;
}

export type Connection = pg.PoolClient;

export interface Database extends Queryable {
  /** Runs `work` in one transaction; commits when it returns, rolls back when it throws. Serialization failures and deadlocks are tried again, up to 5 times. */
  transaction<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  /** One connection that stays open, with automatic return of LISTEN after a loss; `onNotify` also fires after each reconnect. */
  listen(channel: string, onNotify: () => void): Promise<{ close(): Promise<void> }>;
  end(): Promise<void>;
}

export type ConnectionSettings = { connectionString: string } | { host: string; port: number; user: string; database: string };

const TIMESTAMPTZ = 1184;
const INT8 = 20;

const types: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (format !== 'binary') {
      if (oid === TIMESTAMPTZ) return parseInstant;
      if (oid === INT8) return Number;
    }
    return pg.types.getTypeParser(oid, format as 'text');
  },
};

/** `2026-01-02 03:04:05.678+00` (the session speaks UTC) to epoch ms. */
function parseInstant(text: string): number {
  return Date.parse(`${text.slice(0, 10)}T${text.slice(11)}:00`);
}

/** An instant (epoch ms) as a statement parameter. */
export function instant(ms: number): string {
  return new Date(ms).toISOString();
}

/** PostgreSQL codes after which the same transaction may simply be run again. */
const retryable: ReadonlySet<string> = new Set(['40001', '40P01']);
/** Codes and prefixes that say the store is away or shutting down, not that the statement is wrong. */
const unavailable = /^(08|57P0|53)/;
const socketCodes: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EACCES']);

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** True when `error` means that the store cannot be reached now and the call may succeed later. */
export function isUnavailable(error: unknown): boolean {
  const code = codeOf(error);
  if (unavailable.test(code) || socketCodes.has(code)) return true;
  return error instanceof Error && code === '' && /connection (terminated|ended)|timeout exceeded when trying to connect|Connection terminated/i.test(error.message);
}

export function isDuplicateKey(error: unknown): boolean {
  return codeOf(error) === '23505';
}

function translate(error: unknown): unknown {
  if (isUnavailable(error)) return new AppError('store_unavailable', 'The store cannot be reached; nothing was taken. Try again shortly.', { retryAfter: 2, cause: error });
  return error;
}

/** Session settings: PostgreSQL's JIT costs seconds on wide queries and saves nothing on ours; UTC so that text instants need no zone. */
const sessionOptions = '-c timezone=UTC -c jit=off -c work_mem=64MB -c statement_timeout=60s -c idle_in_transaction_session_timeout=60s -c lock_timeout=20s';

export function createDatabase(settings: ConnectionSettings, options: { max: number; onError(error: Error): void }): Database {
  const config = { ...settings, types, options: sessionOptions, application_name: 'city-vitals', keepAlive: true };
  const pool = new pg.Pool({ ...config, max: options.max, connectionTimeoutMillis: 10_000, idleTimeoutMillis: 30_000 });
  // An idle connection that dies is the pool's business; without a listener it would end the process.
  pool.on('error', options.onError);

  return {
    async query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]) {
      try {
        return await pool.query<Row>(text, values);
      } catch (error) {
        throw translate(error);
      }
    },
    async transaction(work) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await runTransaction(pool, work);
        } catch (error) {
          if (attempt < 5 && retryable.has(codeOf(error))) continue;
          throw translate(error);
        }
      }
    },
    listen: (channel, onNotify) => listen(config, channel, { onNotify, onError: options.onError }),
    end: () => pool.end(),
  };
}

async function runTransaction<T>(pool: pg.Pool, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await pool.connect();
  let broken: Error | undefined;
  // A connection that dies between two statements emits an error of its own; the next statement will fail and tell.
  const remember = (error: Error) => {
    broken = error;
  };
  connection.on('error', remember);
  try {
    await connection.query('begin');
    const result = await work(connection);
    await connection.query('commit');
    return result;
  } catch (error) {
    try {
      await connection.query('rollback');
    } catch (rollbackError) {
      broken = rollbackError instanceof Error ? rollbackError : new Error(String(rollbackError));
    }
    throw error;
  } finally {
    connection.removeListener('error', remember);
    connection.release(broken);
  }
}

const RECONNECT_MS = 500;

async function listen(config: pg.ClientConfig, channel: string, on: { onNotify(): void; onError(error: Error): void }): Promise<{ close(): Promise<void> }> {
  let closed = false;
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | undefined;

  const connect = async (): Promise<void> => {
    const next = new pg.Client(config);
    next.on('notification', on.onNotify);
    next.on('error', on.onError);
    next.on('end', () => {
      client = null;
      if (!closed) timer = setTimeout(retry, RECONNECT_MS);
    });
    await next.connect();
    await next.query(`listen ${pg.escapeIdentifier(channel)}`);
    if (closed) {
      await next.end();
      return;
    }
    client = next;
    // Whatever was notified while nobody listened is found by looking once.
    on.onNotify();
  };
  const retry = () => {
    connect().catch((error: unknown) => {
      on.onError(error instanceof Error ? error : new Error(String(error)));
      if (!closed && client === null) timer = setTimeout(retry, RECONNECT_MS);
    });
  };

  await connect();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await client?.end();
    },
  };
}
