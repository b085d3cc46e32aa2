/** Which series the simulator plays, and what the feed has to know of each. */
import type { Catalogue } from '../../server/catalogue/catalogue.ts';
import type { SimulatedSeries } from '../simulator/simulator.ts';
import type { Range } from './aggregate.ts';

export interface Part {
  /** Its number in the simulator. */
  index: number;
  series: SimulatedSeries;
  source: string;
  isFlood: boolean;
  isTrial: boolean;
  valid: Range;
}

/** As many series that thresholds are tried on. */
const TRIALS = 50;
const TRIAL_INTERVAL_MS = 300_000;

/** Every series that a simulator of the folder sends, in the simulator's order. */
export function castOf(catalogue: Catalogue, all: readonly SimulatedSeries[]): Part[] {
  const sources = new Map([...catalogue.sources.values()].flatMap((source) => (source.kind === 'simulator' ? source.domains.map((domain) => [domain, source.id] as const) : [])));
  const trials = trialsOf(all);
  return all.flatMap((series, index) => {
    const domain = catalogue.indicators.get(series.indicator)?.domain ?? '';
    const source = sources.get(domain);
    if (source === undefined) return [];
    const valid = catalogue.definitions.get(series.indicator)?.validRange ?? {};
    return [{ index, series, source, isFlood: domain === 'flood', isTrial: trials.has(index), valid }];
  });
}

/** One series of each quick indicator in turn, until there are enough: many kinds of trouble rather than many of one. */
function trialsOf(all: readonly SimulatedSeries[]): Set<number> {
  const quick = new Map<string, number[]>();
  for (const [index, { indicator, intervalMs }] of all.entries()) {
    if (intervalMs <= TRIAL_INTERVAL_MS) quick.set(indicator, [...(quick.get(indicator) ?? []), index]);
  }
  const rows = [...quick.values()];
  const chosen = new Set<number>();
  for (let round = 0; chosen.size < TRIALS && rows.some((row) => row.length > round); round++) {
    for (const row of rows) {
      const index = row[round];
      if (index !== undefined && chosen.size < TRIALS) chosen.add(index);
    }
  }
  return chosen;
}
