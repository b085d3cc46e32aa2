/** Pure: how long what is stored is kept. A form that is coarser is never kept for less time than a finer one. */
import type { CityFile, IndicatorDefinition } from './schema.ts';

/** Milliseconds; null: for ever. */
export interface Retention {
  raw: number | null;
  '1m': number | null;
  '1h': number | null;
  '1d': number | null;
}

export const forms = ['raw', '1m', '1h', '1d'] as const;
const DAY_MS = 86_400_000;
/** A late reading makes its whole day anew, and partitions go by month: readings must outlive the horizon by this. */
export const HORIZON_MARGIN_MS = 2 * DAY_MS;

type Storage = CityFile['storage'];

/** The retention of one indicator: its own where it says so, else the city's. */
export function retentionOf(storage: Storage, indicator: Pick<IndicatorDefinition, 'retention'>): Retention {
  const of = (form: (typeof forms)[number]): number | null => indicator.retention?.[form] ?? storage.retention[form] ?? null;
  return { raw: of('raw'), '1m': of('1m'), '1h': of('1h'), '1d': of('1d') };
}

/** What is wrong with a retention, for the one who wrote it; null when nothing is. */
export function retentionProblem(retention: Retention, rawHorizon: number): string | null {
  if (retention.raw !== null && retention.raw < rawHorizon + HORIZON_MARGIN_MS)
    return `raw must be kept at least two days longer than storage.rawHorizon (${rawHorizon / DAY_MS} days), or a late reading could not be counted into its day`;
  for (const [i, form] of forms.entries()) {
    const finer = forms[i - 1];
    if (finer === undefined) continue;
    const [kept, finerKept] = [retention[form], retention[finer]];
    if (kept !== null && (finerKept === null || finerKept > kept)) return `${form} must not be kept for less time than ${finer}`;
  }
  return null;
}
