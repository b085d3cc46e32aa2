/** One connection that only listens: kept open, and tried again for ever when it is lost. */
import pg from 'pg';

const RECONNECT_MS = 500;

/** Rejects when the first attempt fails; later losses are mended behind it. `onNotify` also fires after each reconnect. */
export async function listen(config: pg.ClientConfig, channel: string, on: { onNotify(): void; onError(error: Error): void }): Promise<{ close(): Promise<void> }> {
  let closed = false;
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | undefined;

  /** One attempt is ever waiting: a connection that fails ends and rejects, and both would else ask for another. */
  const again = (): void => {
    if (closed || client !== null || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      connect().catch((error: unknown) => {
        on.onError(error instanceof Error ? error : new Error(String(error)));
        again();
      });
    }, RECONNECT_MS);
  };
  const connect = async (): Promise<void> => {
    const next = new pg.Client(config);
    next.on('notification', on.onNotify);
    next.on('error', (error) => {
      if (!closed) on.onError(error);
    });
    next.on('end', () => {
      if (client === next) client = null;
      again();
    });
    try {
      await next.connect();
      await next.query(`listen ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      // Half a connection must not stay behind.
      next.end().catch(() => undefined);
      throw error;
    }
    if (closed) {
      await next.end();
      return;
    }
    client = next;
    // Whatever was notified while nobody listened is found by looking once.
    on.onNotify();
  };
  try {
    await connect();
  } catch (error) {
    closed = true;
    clearTimeout(timer);
    throw error;
  }
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await client?.end();
    },
  };
}
