/**
 * Opens the store: an external PostgreSQL when there is an address, else the embedded one, kept running: when its process dies, it
 * is started again and everything that waits for the store goes on.
 */

import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded/launcher.ts';
import type { ConnectionSettings } from './pool.ts';

export interface OpenStore {
  settings: ConnectionSettings;
  kind: 'external' | 'embedded';
  stop(): Promise<void>;
}

const RESTART_MS = 500;

export interface OpenOptions {
  databaseUrl: string | null;
  /** Folder of the embedded database. */
  directory: string;
  log(message: string): void;
  setTimer(ms: number, callback: () => void): { cancel(): void };
}

export async function openStore(options: OpenOptions): Promise<OpenStore> {
  if (options.databaseUrl !== null) return { settings: { connectionString: options.databaseUrl }, kind: 'external', stop: () => Promise.resolve() };
  let stopping = false;
  let running: EmbeddedPostgres = await startEmbeddedPostgres({ directory: options.directory, log: options.log });
  let restarting: Promise<void> = Promise.resolve();

  const pause = (): Promise<void> => new Promise((resolve) => options.setTimer(RESTART_MS, resolve));
  const restart = async (): Promise<void> => {
    while (!stopping) {
      try {
        running = await startEmbeddedPostgres({ directory: options.directory, log: options.log });
        watch();
        options.log('The embedded database is running again.');
        return;
      } catch (error) {
        options.log(`The embedded database did not start: ${error instanceof Error ? error.message : String(error)}`);
        await pause();
      }
    }
  };
  const watch = (): void => {
    void running.exited.then(() => {
      if (stopping) return;
      options.log('The embedded database has ended unexpectedly; starting it again.');
      restarting = restart();
    });
  };
  watch();
  return {
    settings: running.connection,
    kind: 'embedded',
    async stop() {
      stopping = true;
      await restarting;
      await running.stop();
    },
  };
}
