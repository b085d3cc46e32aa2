/**
 * The sources' door: pieces in, readings and quarantine committed, then the outcome. Readings go first: when the process is killed between
 * the two commits, the sender was told nothing and hands in the same pieces again; the readings are then duplicates, which do no harm, and
 * what is refused is kept. The other order would be as safe, but a quarantine that is away would then hold up good readings.
 */
import type { Ingest, Sender } from '../readings/ingest.ts';
import type { Piece, Take, TakeOutcome } from './piece.ts';
import type { Refused, RefusedOriginals } from './quarantine.ts';

export interface DoorPorts {
  ingestWith: Ingest['ingestWith'];
  /** Resolves once the refused originals are committed. */
  keep(sender: Sender, refused: RefusedOriginals, receivedAt: number): Promise<void>;
  now(): number;
}

/** Only stores: what is refused is told in the outcome and kept by the caller. */
export async function storePieces(ingestWith: Ingest['ingestWith'], sender: Sender, pieces: readonly Piece[]): Promise<TakeOutcome> {
  const rejected: TakeOutcome['rejected'] = [];
  const outcome = await ingestWith(sender, (admission) => {
    for (const [piece, { readings, refusals }] of pieces.entries()) {
      for (const refusal of refusals) rejected.push({ piece, ...refusal });
      for (const reading of readings) {
        const refusal = admission.admitUnknown(reading);
        if (refusal !== null) rejected.push({ piece, ...refusal });
      }
    }
  });
  return { accepted: outcome.accepted, duplicates: outcome.duplicates, revised: outcome.revised, rejected };
}

/** One reason for each refused piece: its first, and how many more there are. */
export function reasonsOf(rejected: TakeOutcome['rejected']): Map<number, Refused['refusal']> {
  const firsts = new Map<number, { first: Refused['refusal']; more: number }>();
  for (const { piece, ...refusal } of rejected) {
    const known = firsts.get(piece);
    if (known === undefined) firsts.set(piece, { first: refusal, more: 0 });
    else known.more++;
  }
  return new Map([...firsts].map(([piece, { first, more }]) => [piece, more === 0 ? first : { ...first, message: `${first.message} (and ${more} more)` }]));
}

export interface Door {
  /** For connectors. */
  take: Take;
  /** The same for a sender over HTTP, who may have no source. */
  takeFrom(sender: Sender, pieces: readonly Piece[]): Promise<TakeOutcome>;
}

export function createDoor({ ingestWith, keep, now }: DoorPorts): Door {
  const takeFrom: Door['takeFrom'] = async (sender, pieces) => {
    const receivedAt = now();
    const outcome = await storePieces(ingestWith, sender, pieces);
    const originals = [...reasonsOf(outcome.rejected)].flatMap(([piece, refusal]) => {
      const original = pieces[piece]?.original;
      return original === undefined ? [] : [{ original, refusal }];
    });
    if (originals.length > 0) await keep(sender, { originals, count: originals.length }, receivedAt);
    return outcome;
  };
  return { takeFrom, take: (source, pieces) => takeFrom({ token: `source ${source.id}`, source }, pieces) };
}
