import { describe, expect, it } from 'vitest';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Source, sourceSchema } from '../catalogue/source-schema.ts';
import { createConnectorManager } from './manager.ts';

const name = { zh: '源', en: 'Source' };
const mqtt = (id: string, topic = 'a'): Source => sourceSchema.parse({ id, name, kind: 'mqtt', url: 'mqtt://broker', topics: [{ topic, payload: 'json' }] });
const push = (id: string): Source => sourceSchema.parse({ id, name, kind: 'push' });
const catalogue = (...sources: Source[]): Catalogue =>
  ({ city: { timeZone: 'Asia/Shanghai' }, sources: new Map(sources.map((source) => [source.id, source])) }) as unknown as Catalogue;

function setUp(options: { stopping?: Promise<void>; fails?: string } = {}) {
  const log: string[] = [];
  const manager = createConnectorManager({
    take: async () => ({ accepted: 0, duplicates: 0, revised: 0, rejected: [] }),
    now: () => 0,
    setTimer: () => ({ cancel: () => {} }),
    secret: (text) => text,
    log: { info: () => {}, warn: (message) => log.push(`warned: ${message}`) },
    report: (source, state) => log.push(`${source.id}: ${state.kind}`),
    starters: {
      mqtt(source, context) {
        if (source.id === options.fails) throw new Error('no');
        log.push(`start ${source.id} ${source.kind === 'mqtt' ? source.topics[0]?.topic : ''}`);
        context.report({ kind: 'connected' });
        return {
          async stop() {
            await options.stopping;
            log.push(`stop ${source.id}`);
          },
        };
      },
    },
  });
  return { log, manager };
}

describe('the connector manager', () => {
  it('starts what has a connector, and leaves alone what did not change', async () => {
    const { log, manager } = setUp();
    await manager.apply(catalogue(mqtt('one'), push('two')));
    await manager.apply(catalogue(push('two'), mqtt('one')));
    expect(log).toEqual(['start one a', 'one: connected']);
  });

  it('restarts what changed and stops what is gone, or is of another kind now', async () => {
    const { log, manager } = setUp();
    await manager.apply(catalogue(mqtt('one'), mqtt('two'), mqtt('three')));
    log.length = 0;
    await manager.apply(catalogue(mqtt('one', 'b'), push('three')));
    expect(log.slice(0, 3).sort()).toEqual(['stop one', 'stop three', 'stop two']);
    expect(log.slice(3)).toEqual(['start one b', 'one: connected']);
  });

  it('starts the new connector only after the old one has ended, however many catalogues come', async () => {
    let letEnd = (): void => {};
    const { log, manager } = setUp({
      stopping: new Promise((resolve) => {
        letEnd = resolve;
      }),
    });
    await manager.apply(catalogue(mqtt('one')));
    log.length = 0;
    const applied = [manager.apply(catalogue(mqtt('one', 'b'))), manager.apply(catalogue(mqtt('one', 'c')))];
    await Promise.resolve();
    expect(log).toEqual([]);
    letEnd();
    await Promise.all(applied);
    expect(log).toEqual(['stop one', 'start one b', 'one: connected', 'stop one', 'start one c', 'one: connected']);
  });

  it('tells of a connector that cannot be started, and starts the others', async () => {
    const { log, manager } = setUp({ fails: 'one' });
    await manager.apply(catalogue(mqtt('one'), mqtt('two')));
    expect(log).toEqual(['warned: one: the connector could not be started', 'one: failed', 'start two a', 'two: connected']);
  });

  it('starts nothing more once it was stopped', async () => {
    const { log, manager } = setUp();
    await manager.apply(catalogue(mqtt('one')));
    const applied = manager.apply(catalogue(mqtt('one', 'b')));
    await Promise.all([manager.stop(), applied]);
    await manager.apply(catalogue(mqtt('two')));
    expect(log).toEqual(['start one a', 'one: connected', 'stop one']);
  });
});
