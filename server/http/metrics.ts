/** The server's own telemetry as Prometheus text. "Metric" means this and nothing else: what the city measures are indicators. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  registry: Registry;
  readings(door: 'json' | 'line' | 'csv', outcome: { accepted: number; duplicates: number; revised: number; rejected: number }): void;
  storeWrite(seconds: number): void;
  evaluation(seconds: number, behind: number): void;
  /** Shows the scheduled backups; called once, where there are any. `lastAt`: epoch ms of the newest good one, null: none yet. */
  backups(read: { lastAt(): number | null; failures(): number }): void;
}

export function createMetrics(read: { liveClients(): number; thinnedFrames(): number; series(): number; openAlerts(): number; catalogueProblems(): number }): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'city_vitals_' });
  const readings = new Counter({ name: 'city_vitals_readings_total', help: 'Readings by door and outcome.', labelNames: ['door', 'outcome'] as const, registers: [registry] });
  const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
  const write = new Histogram({ name: 'city_vitals_store_write_seconds', help: 'One batch, from its start to its commit.', buckets, registers: [registry] });
  const evaluation = new Histogram({ name: 'city_vitals_evaluation_seconds', help: 'One part of the hand-over log, judged and committed.', buckets, registers: [registry] });
  const behind = new Gauge({ name: 'city_vitals_evaluation_log_rows', help: 'Rows of the hand-over log taken in the newest evaluation.', registers: [registry] });
  const gauge = (name: string, help: string, value: () => number): void => {
    new Gauge({
      name: `city_vitals_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  };
  gauge('live_clients', 'Browsers and walls on the live hub.', read.liveClients);
  gauge('live_thinned_frames', 'Frames sent to slow clients with only the newest value of each series.', read.thinnedFrames);
  gauge('series', 'Series known.', read.series);
  gauge('open_alerts', 'Alerts that are firing, or resolved and not acknowledged.', read.openAlerts);
  gauge('catalogue_problems', 'Problems of the newest edit of the city folder that was refused.', read.catalogueProblems);
  return {
    registry,
    readings(door, outcome) {
      for (const kind of ['accepted', 'duplicates', 'revised', 'rejected'] as const) if (outcome[kind] > 0) readings.inc({ door, outcome: kind }, outcome[kind]);
    },
    storeWrite: (seconds) => write.observe(seconds),
    evaluation(seconds, rows) {
      evaluation.observe(seconds);
      behind.set(rows);
    },
    backups(read) {
      gauge('backup_last_success_seconds', 'When the newest good backup was taken, Unix time; 0: there is none.', () => (read.lastAt() ?? 0) / 1000);
      new Counter({
        name: 'city_vitals_backup_failures_total',
        help: 'Scheduled backups that failed, since the start.',
        registers: [registry],
        collect() {
          this.reset();
          this.inc(read.failures());
        },
      });
    },
  };
}
