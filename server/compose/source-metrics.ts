/** The doors' pressure and each source's health as Prometheus text. The label `source` takes the ids of the catalogue and `http`, so a sender cannot widen it. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { SourceHealth } from '../contract/index.ts';
import type { Pressure } from '../http/pressure.ts';

export function registerSourceMetrics(registry: Registry, list: () => SourceHealth[]): void {
  const gauge = (name: string, help: string, value: (source: SourceHealth) => number | null): void => {
    new Gauge({
      name: `city_vitals_source_${name}`,
      help,
      labelNames: ['source'] as const,
      registers: [registry],
      collect() {
        this.reset();
        for (const source of list()) {
          const number = value(source);
          if (number !== null) this.set({ source: source.id }, number);
        }
      },
    });
  };
  gauge('up', '1 while it sends as expected, 0 when it is silent, failing or was never heard.', ({ state }) => (state === 'ok' ? 1 : 0));
  gauge('last_success_timestamp_seconds', 'When something of it was last stored.', ({ lastSuccessAt }) => (lastSuccessAt === null ? null : lastSuccessAt / 1000));
  gauge('lag_seconds', 'How far its newest observation is behind the clock.', ({ lagMs }) => (lagMs === null ? null : lagMs / 1000));
  gauge('quarantined', 'Its entries in quarantine.', ({ quarantined }) => quarantined);
  new Counter({
    name: 'city_vitals_source_readings_total',
    help: 'Readings by source and outcome.',
    labelNames: ['source', 'outcome'] as const,
    registers: [registry],
    collect() {
      this.reset();
      for (const source of list()) for (const outcome of ['accepted', 'duplicates', 'revised', 'rejected'] as const) this.inc({ source: source.id, outcome }, source[outcome]);
    },
  });
  new Counter({
    name: 'city_vitals_source_errors_total',
    help: 'Failures of its transport, and of the store while it sent.',
    labelNames: ['source'] as const,
    registers: [registry],
    collect() {
      this.reset();
      for (const source of list()) this.inc({ source: source.id }, source.errors);
    },
  });
}

export function registerPressureMetrics(registry: Registry, pressure: Pressure): void {
  const gauge = (name: string, help: string, value: () => number): void => {
    new Gauge({
      name: `city_vitals_door_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  };
  gauge('requests', 'Requests with readings in the server now.', () => pressure.requests);
  gauge('bytes', 'Bytes of their bodies, unpacked.', () => pressure.bytes);
  new Counter({
    name: 'city_vitals_door_refused_total',
    help: 'Requests with readings that were turned away because the server, or their sender’s share of it, was full.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(pressure.refused);
    },
  });
}
