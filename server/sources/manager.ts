/**
 * Runs one connector for each source of the catalogue that has one, and follows the catalogue. What always holds: a source has at most
 * one connector, the old one has ended before the new one starts, and a source whose definition did not change is left in peace.
 */
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Source } from '../catalogue/source-schema.ts';
import type { ConnectorContext, RunningConnector, StartConnector } from './connector.ts';

export interface ManagerDeps extends Omit<ConnectorContext, 'timeZone' | 'report'> {
  /** By kind of source; a kind without one sends by itself, or is not read. */
  starters: Partial<Record<Source['kind'], StartConnector>>;
  /** A connector's transport, as it reports it itself. */
  report(source: Source, state: Parameters<ConnectorContext['report']>[0]): void;
}

export interface ConnectorManager {
  /** Starts, restarts and stops what the catalogue asks for; one catalogue after another. Settles when it is done; never rejects. */
  apply(catalogue: Catalogue): Promise<void>;
  /** Ends all connectors; nothing is started any more. Never rejects. */
  stop(): Promise<void>;
}

interface Running {
  /** All that the connector was started with. */
  definition: string;
  connector: RunningConnector;
}

export function createConnectorManager(deps: ManagerDeps): ConnectorManager {
  const running = new Map<string, Running>();
  let work: Promise<void> = Promise.resolve();
  let isStopped = false;

  const end = async (id: string): Promise<void> => {
    const ending = running.get(id);
    running.delete(id);
    try {
      await ending?.connector.stop();
    } catch (error) {
      deps.log.warn(`${id}: the connector did not end in good order`, error);
    }
  };

  const start = (source: Source, starter: StartConnector, timeZone: string): void => {
    const { starters: _starters, report, ...shared } = deps;
    try {
      const connector = starter(source, { ...shared, timeZone, report: (state) => report(source, state) });
      running.set(source.id, { definition: definitionOf(source, timeZone), connector });
    } catch (error) {
      deps.log.warn(`${source.id}: the connector could not be started`, error);
      report(source, { kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  };

  const follow = async ({ sources, city: { timeZone } }: Catalogue): Promise<void> => {
    const outdated = [...running].filter(([id, { definition }]) => {
      const source = sources.get(id);
      return source === undefined || deps.starters[source.kind] === undefined || definitionOf(source, timeZone) !== definition;
    });
    await Promise.all(outdated.map(([id]) => end(id)));
    if (isStopped) return;
    for (const source of sources.values()) {
      const starter = deps.starters[source.kind];
      if (starter !== undefined && !running.has(source.id)) start(source, starter, timeZone);
    }
  };

  const after = (step: () => Promise<void>): Promise<void> => {
    work = work.then(step);
    return work;
  };
  return {
    apply: (catalogue) => after(async () => (isStopped ? undefined : follow(catalogue))),
    stop() {
      isStopped = true;
      return after(async () => {
        await Promise.all([...running.keys()].map(end));
      });
    },
  };
}

const definitionOf = (source: Source, timeZone: string): string => JSON.stringify([source, timeZone]);
