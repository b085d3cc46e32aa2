/**
 * The way to PostgreSQL. One pool, the same settings on every connection, transactions that always end, and failures told
 * apart: a store that is away (try again) is not a mistake in a statement (a bug).
 *
 * On the wire of this module an instant is epoch milliseconds: `timestamptz` arrives as a number and leaves as one through
 * `instant()`; `int8` arrives as a number (ids stay far below 2^53).
 */
import pg from 'pg';
import { AppError } from '../contract/index.ts';
import { type ColumnTypes, decodeColumn } from './binary.ts';
import { listen } from './listen.ts';
import { planId } from './plan-id.ts';

/** What a store function needs: a pool or one connection inside a transaction. */
export interface Queryable {
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<pg.QueryResult<Row>>;
}

export type Connection = pg.PoolClient;

export interface Database extends Queryable {
  /**
   * A question whose answer holds whole columns as bytes (see binary.ts): those that `types` names arrive as Float64Array. When `signal` is
   * aborted the statement is cancelled in the database too.
   */
  columns<Row extends pg.QueryResultRow>(text: string, values: unknown[], how: { types: ColumnTypes; signal?: AbortSignal | undefined }): Promise<Row[]>;
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
  return error instanceof Error && code === '' && /connection (terminated|ended)|timeout exceeded when trying to connect|is not queryable/i.test(error.message);
}

export function isDuplicateKey(error: unknown): boolean {
  return codeOf(error) === '23505';
}

/** True when the store has no room left: reading goes on, nothing can be taken until somebody makes room. */
function isFull(error: unknown): boolean {
  const code = codeOf(error);
  return code === '53100' || code === 'ENOSPC';
}

/** A statement that took longer than it may, or whose caller has left. */
const CANCELLED = '57014';

function translate(error: unknown): unknown {
  if (isFull(error)) return new AppError('store_full', 'The disk of the store is full; nothing was taken. Make room, then send it again.', { retryAfter: 30, cause: error });
  if (isUnavailable(error)) return new AppError('store_unavailable', 'The store cannot be reached; nothing was taken. Try again shortly.', { retryAfter: 2, cause: error });
  if (codeOf(error) === CANCELLED) return new AppError('too_slow', 'The store was asked for more than it may work on at once. Ask for less.', { cause: error });
  return error;
}

/**
 * Session settings: PostgreSQL's JIT costs seconds on wide queries and saves nothing on ours; UTC so that text instants need no zone.
 * TimescaleDB would refuse a late batch of many series, whose compressed rows it opens by the thousand; where it is not, nobody reads its setting.
 */
const sessionOptions =
  '-c timezone=UTC -c jit=off -c work_mem=64MB -c statement_timeout=60s -c idle_in_transaction_session_timeout=60s -c lock_timeout=20s -c timescaledb.max_tuples_decompressed_per_dml_transaction=0';

/** A statement that took longer than it should: which, how long, and by which plan. */
export interface SlowQuery {
  ms: number;
  /** The statement's text, on one line, cut. Parameters are never shown. */
  statement: string;
  /** Changes when the plan changes, whatever the parameters; null where the statement could not be explained. */
  planId: string | null;
}

export interface DatabaseOptions {
  max: number;
  onError(error: Error): void;
  /** The store said that it has no room left. */
  onFull?(): void;
  onSlow?(query: SlowQuery): void;
  /** False where the database keeps no statements between calls (a pooler in between, or TimescaleDB in the tests' own process). */
  namedStatements?: boolean;
  /** Milliseconds from which a statement is slow. */
  slowMs?: number;
}

const SLOW_MS = 1000;

export function createDatabase(settings: ConnectionSettings, options: DatabaseOptions): Database {
  const config = { ...settings, types, options: sessionOptions, application_name: 'city-vitals', keepAlive: true };
  const pool = new pg.Pool({ ...config, max: options.max, connectionTimeoutMillis: 10_000, idleTimeoutMillis: 30_000 });
  // An idle connection that dies is the pool's business; without a listener it would end the process.
  let isEnding = false;
  // What goes while the pool is being ended is no loss: a backend may be told to go before it has read our good-bye.
  pool.on('error', (error) => {
    if (!isEnding) options.onError(error);
  });
  // Between the pool's hands and ours a connection has no listener for a moment; its next statement tells what happened.
  pool.on('connect', (client) => client.on('error', () => undefined));

  const watch = createWatch(pool, options);
  const told = (error: unknown): unknown => {
    if (isFull(error)) options.onFull?.();
    return translate(error);
  };

  return {
    async query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]) {
      const watched = watch();
      try {
        return await pool.query<Row>(text, values);
      } catch (error) {
        throw told(error);
      } finally {
        watched(text, values);
      }
    },
    async columns<Row extends pg.QueryResultRow>(text: string, values: unknown[], how: { types: ColumnTypes; signal?: AbortSignal | undefined }) {
      const watched = watch();
      try {
        return await queryColumns<Row>(pool, { text, values, ...how, name: options.namedStatements === false ? undefined : statementName(text) });
      } catch (error) {
        throw told(error);
      } finally {
        watched(text, values);
      }
    },
    async transaction(work) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await runTransaction(pool, work);
        } catch (error) {
          if (attempt < 5 && retryable.has(codeOf(error))) continue;
          throw told(error);
        }
      }
    },
    listen: (channel, onNotify) => listen(config, channel, { onNotify, onError: options.onError }),
    end() {
      isEnding = true;
      return pool.end();
    },
  };
}

/**
 * Tells of slow statements. Counts the time in which this process waited, not that in which it was busy itself and late to hear the
 * answer. The plan is asked for afterwards and one at a time, so that a slow store is not slowed further.
 */
function createWatch(pool: pg.Pool, { onSlow, slowMs = SLOW_MS }: DatabaseOptions): () => (text: string, values: unknown[] | undefined) => void {
  let isAsking = false;
  return () => {
    const before = performance.eventLoopUtilization();
    return (text, values) => {
      const ms = performance.eventLoopUtilization(before).idle;
      if (ms < slowMs || onSlow === undefined || isAsking) return;
      isAsking = true;
      void planId(pool, text, values).then((id) => {
        isAsking = false;
        onSlow({ ms: Math.round(ms), statement: text.replace(/\s+/g, ' ').trim().slice(0, 300), planId: id });
      });
    };
  };
}

const names = new Map<string, string>();

/** Named, a statement is parsed and planned once for each connection. The texts of the server are few and fixed. */
function statementName(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    name = `columns_${names.size}`;
    names.set(text, name);
  }
  return name;
}

async function queryColumns<Row extends pg.QueryResultRow>(
  pool: pg.Pool,
  query: { text: string; values: unknown[]; types: ColumnTypes; signal?: AbortSignal | undefined; name: string | undefined },
): Promise<Row[]> {
  const { text, values, types, signal, name } = query;
  signal?.throwIfAborted();
  const connection = await pool.connect();
  let cancelling: Promise<unknown> | null = null;
  const cancel = (): void => {
    const { processID } = connection as unknown as { processID: number };
    cancelling = pool.query('select pg_cancel_backend($1)', [processID]).catch(() => undefined);
  };
  let broken: Error | undefined;
  try {
    signal?.addEventListener('abort', cancel, { once: true });
    const { rows } = await connection.query<Row>({ text, values, ...(name === undefined ? {} : { name }) });
    for (const row of rows as Record<string, unknown>[]) for (const [key, type] of Object.entries(types)) row[key] = decodeColumn(row[key] as Buffer | null, type);
    return rows;
  } catch (error) {
    if (isUnavailable(error) && !signal?.aborted) broken = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    signal?.removeEventListener('abort', cancel);
    // The connection goes back only when no cancel can hit the next one's statement.
    await cancelling;
    connection.release(broken);
  }
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
