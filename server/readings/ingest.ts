/**
 * The one door: sensors, feeds, seed and tests come in here and nowhere else. It answers only after the commit, so what it
 * counts as accepted is on disk. The number of batches in work is bounded; beyond it the door says so instead of queueing.
 */
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Source } from '../catalogue/source-schema.ts';
import type { IngestAnswer, RejectedReading } from '../contract/index.ts';
import { AppError } from '../contract/index.ts';
import type { SeriesKey, SeriesRegistry } from '../indicators/registry.ts';
import { type Admission, createAdmission, type Refusal } from './admission.ts';
import type { Batch, ReadingColumns } from './columns.ts';
import type { WriteOutcome } from './store.ts';

/** What the door needs from the rest of the server. */
export interface IngestPorts {
  catalogue(): Catalogue;
  registry: SeriesRegistry;
  now(): number;
  /** Makes series that do not exist yet; answers their numbers in order. */
  makeSeries(keys: SeriesKey[], source: Source | null): Promise<number[]>;
  /** Notes on the series who writes them, when that changes. */
  noteSource(series: number[], source: Source): Promise<void>;
  write(batch: Batch, context: { receivedAt: number; sourceId: string | null; mayRepeat: boolean }): Promise<WriteOutcome & { hadRepeats: boolean }>;
  /** Readings before this are beyond the raw horizon, epoch ms. */
  earliest(now: number): number;
  /** Called after the commit, with what was committed. Must not throw. */
  committed(rows: ReadingColumns, receivedAt: number): void;
  /** For the senders' health: a batch was committed (or only repeated what was there), or the store failed under it. Must not throw. */
  stored(sender: Sender, outcome: WriteOutcome, rows: ReadingColumns): void;
  storeFailed(sender: Sender, error: unknown): void;
}

export type Sender = { token: string; source: Source | null };

export interface Ingest {
  /** `readings`: objects of any shape, judged one by one; the index of a refusal is the position. A position that was unreadable carries its own refusal. */
  ingest(sender: Sender, readings: Iterable<unknown | Unreadable>): Promise<IngestAnswer>;
  /** For wire formats that name readings otherwise: `fill` admits them itself. */
  ingestWith(sender: Sender, fill: (admission: Admission) => void): Promise<WriteOutcome>;
}

/** Stands in a list of readings for a line that could not be parsed, or (null) that is blank. */
export class Unreadable {
  readonly refusal: Refusal | null;
  constructor(refusal: Refusal | null) {
    this.refusal = refusal;
  }
}

/** Batches in work at once: more than the store's writers only lengthens the queue in front of them. */
const MAX_IN_WORK = 32;
/** Senders whose batches repeat what is stored go a way that expects it. Bounded: forgotten senders only cost one failed copy. */
const MAX_REMEMBERED = 1000;

export function createIngest(ports: IngestPorts): Ingest {
  const repeating = new Set<string>();
  let inWork = 0;

  const store = async (sender: Sender, admission: Admission): Promise<WriteOutcome> => {
    const { source } = sender;
    if (admission.batch.length === 0) return { accepted: 0, duplicates: 0, revised: 0 };
    const made = admission.missing.length === 0 ? [] : await ports.makeSeries(admission.missing, source);
    const batch = admission.batch.finish((placeholder) => made[-placeholder - 1] as number);
    if (source !== null) await markSeries(ports, batch.rows, source);
    const receivedAt = ports.now();
    const key = `${sender.token} ${source?.id ?? ''}`;
    const outcome = await ports.write(batch, { receivedAt, sourceId: source?.id ?? null, mayRepeat: repeating.has(key) });
    if (!outcome.hadRepeats) repeating.delete(key);
    else if (repeating.size < MAX_REMEMBERED) repeating.add(key);
    if (outcome.accepted + outcome.revised > 0) ports.committed(batch.rows, receivedAt);
    ports.stored(sender, outcome, batch.rows);
    return outcome;
  };

  const ingestWith = async (sender: Sender, fill: (admission: Admission) => void): Promise<WriteOutcome> => {
    if (inWork >= MAX_IN_WORK) throw new AppError('overloaded', 'Too many batches are being stored; nothing of this one was taken. Send it again shortly.', { retryAfter: 1 });
    inWork++;
    try {
      const now = ports.now();
      const admission = createAdmission({ catalogue: ports.catalogue(), registry: ports.registry, source: sender.source, now, earliest: ports.earliest(now) });
      fill(admission);
      return await store(sender, admission);
    } catch (error) {
      ports.storeFailed(sender, error);
      throw error;
    } finally {
      inWork--;
    }
  };

  return {
    ingestWith,
    async ingest(sender, readings) {
      const rejected: RejectedReading[] = [];
      const outcome = await ingestWith(sender, (admission) => {
        let index = 0;
        for (const reading of readings) {
          const refusal = reading instanceof Unreadable ? reading.refusal : admission.admitUnknown(reading);
          if (refusal !== null) rejected.push({ index, ...refusal });
          index++;
        }
      });
      return { accepted: outcome.accepted, duplicates: outcome.duplicates, revised: outcome.revised, rejected };
    },
  };
}

/** Provenance on the series, only where it changes: a steady feed costs nothing. */
async function markSeries(ports: IngestPorts, rows: ReadingColumns, source: Source): Promise<void> {
  const changed: number[] = [];
  let previous = 0;
  for (let i = 0; i < rows.length; i++) {
    const id = rows.series[i] as number;
    if (id === previous) continue;
    previous = id;
    const series = ports.registry.get(id);
    if (series !== undefined && (series.source !== source.id || (source.simulated && !series.simulated))) changed.push(id);
  }
  if (changed.length > 0) await ports.noteSource(changed, source);
}
