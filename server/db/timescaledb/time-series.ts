/**
 * Time series on TimescaleDB: a hypertable that is compressed with age, rollups as continuous aggregates on one another.
 */
import type { Database } from '../pool.ts';
import type { TimeSeries, TimeSeriesOptions } from '../time-series.ts';

export function openTimescaledbTimeSeries(_database: Database, options: TimeSeriesOptions): TimeSeries {
  return {
    engine: 'timescaledb',
    entry: options.canCopy ? 'copy' : 'unnest',
    ensure: async () => {},
    refresh: async () => {},
    retain: async () => {},
  };
}
