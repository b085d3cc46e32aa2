/**
 * Rows out of and into PostgreSQL as a stream of COPY text. A copy that is under way owns its connection, so it is never left in the
 * middle: when something fails it is cancelled and read to its end, and the connection is whole again.
 */
import { finished } from 'node:stream/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { Connection, Database } from '../pool.ts';

/** How values are written as text: the same in every session that writes or reads a backup. */
const TEXT_SETTINGS =
  "set local datestyle = 'ISO'; set local intervalstyle = 'postgres'; set local extra_float_digits = 1; set local bytea_output = 'hex'; set local client_encoding = 'UTF8'; set local timezone = 'UTC'";

/** For a transaction that moves whole tables: no time limit, the same texts everywhere, rows in the order of their index without sorting a table on disk. */
export async function prepareToMoveTables(connection: Connection): Promise<void> {
  await connection.query(
    `set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0; set local enable_sort = off; set local max_parallel_workers_per_gather = 0; ${TEXT_SETTINGS}`,
  );
}

/**
 * Runs a `copy … to stdout`, hands its bytes on as they come (never whole rows) and answers the number of rows. When `take` rejects or
 * `signal` aborts, the statement is cancelled through another connection and that reason thrown.
 */
export async function copyOut(
  context: { database: Database; connection: Connection; signal?: AbortSignal | undefined },
  statement: string,
  take: (bytes: Buffer) => Promise<void>,
): Promise<number> {
  const { database, connection, signal } = context;
  signal?.throwIfAborted();
  const stream = connection.query(copyTo(statement));
  let failure: { reason: unknown } | null = null;
  let cancelling: Promise<unknown> | null = null;
  const give = (reason: unknown): void => {
    if (failure !== null) return;
    failure = { reason };
    const { processID } = connection as unknown as { processID: number };
    // Where it cannot be cancelled, the copy runs to its end unread.
    cancelling = database.query('select pg_cancel_backend($1)', [processID]).catch(() => undefined);
  };
  const abort = (): void => give(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    for await (const bytes of stream) if (failure === null) await take(bytes as Buffer).catch(give);
  } catch (error) {
    if (failure === null) throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
    // The connection is used again only when no cancel can hit the next statement.
    await cancelling;
  }
  if (failure !== null) throw (failure as { reason: unknown }).reason;
  // The bytes end before the statement does, and the count comes with the latter's end.
  await connection.query('select');
  return stream.rowCount;
}

export interface CopyIn {
  write(bytes: Buffer): Promise<void>;
  /** The number of rows taken. */
  finish(): Promise<number>;
}

/** Begins a `copy … from stdin`. @throws the database's error from `write` or `finish`; the transaction is then lost. */
export function copyIn(connection: Connection, statement: string): CopyIn {
  const stream = connection.query(copyFrom(statement));
  let failure: { reason: unknown } | null = null;
  const ended = finished(stream);
  ended.catch((reason: unknown) => {
    failure = { reason };
  });
  return {
    async write(bytes) {
      if (failure !== null) throw failure.reason;
      if (stream.write(bytes)) return;
      await Promise.race([ended, new Promise((resolve) => stream.once('drain', resolve))]);
    },
    async finish() {
      if (failure !== null) throw failure.reason;
      stream.end();
      await ended;
      return stream.rowCount;
    },
  };
}
