/**
 * The past as aggregates, stage by stage and piece by piece. A piece is small enough that the live stream never waits long behind it, and
 * is done when the server has answered: after a stop the next run begins with the first piece that is not.
 */
import type { RollupInput } from '../../server/contract/index.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { DAY_MS } from '../wall-time.ts';
import { aggregate, startsOf } from './aggregate.ts';
import type { Part } from './cast.ts';
import type { Control } from './control.ts';
import { dayStart, type PastPlan, type Segment, type Stage, segmentsOf, stages, type Window } from './plan.ts';

export interface PastDeps {
  simulator: Simulator;
  cast: readonly Part[];
  control: Pick<Control, 'rollups'>;
  plan: PastPlan;
  /** Lets timers and the live stream have their turn. */
  breathe(): Promise<void>;
}

/** Aggregates in one request, about: a few megabytes of JSON, a fraction of a second of the server's time. */
const PIECE_ROWS = 30_000;

export interface Piece {
  source: string;
  parts: readonly { part: Part; segment: Segment }[];
}

/** A stage's pieces in order; the same for the same plan. Each has one source. */
export function piecesOf({ cast, plan }: Pick<PastDeps, 'cast' | 'plan'>, stage: Stage): Piece[] {
  return gather(cast.flatMap((part) => segmentsOfPart(plan, part)[stage].map((segment) => ({ part, segment }))));
}

/** The pieces that a window touches, cut to its days: what a scenario that is put into the past changes. */
export function piecesIn({ cast, plan }: Pick<PastDeps, 'cast' | 'plan'>, window: Window): Piece[] {
  const from = dayStart(plan.zone, window.from);
  const to = dayStart(plan.zone, window.to + DAY_MS);
  return gather(
    cast.flatMap((part) => {
      const segments = segmentsOfPart(plan, part);
      return stages.flatMap((stage) =>
        segments[stage].flatMap((segment) => {
          const cut = { ...segment, from: Math.max(segment.from, from), to: Math.min(segment.to, to) };
          return cut.from < cut.to ? [{ part, segment: cut }] : [];
        }),
      );
    }),
  );
}

const segmentsOfPart = (plan: PastPlan, part: Part): Record<Stage, Segment[]> => segmentsOf(plan, { ...part, intervalMs: part.series.intervalMs });

function gather(all: readonly { part: Part; segment: Segment }[]): Piece[] {
  const pieces: Piece[] = [];
  const open = new Map<string, { parts: { part: Part; segment: Segment }[]; rows: number }>();
  for (const one of all) {
    const rows = (one.segment.to - one.segment.from) / one.segment.widthMs;
    const { source } = one.part;
    let piece = open.get(source);
    if (piece === undefined || piece.rows + rows > PIECE_ROWS) {
      piece = { parts: [], rows: 0 };
      open.set(source, piece);
      pieces.push({ source, parts: piece.parts });
    }
    piece.parts.push(one);
    piece.rows += rows;
  }
  return pieces;
}

/** Makes and sends one piece; answers how many aggregates it had. */
export async function sendPiece(deps: PastDeps, piece: Piece): Promise<number> {
  const { simulator, control, plan, breathe } = deps;
  const rollups: RollupInput[] = [];
  let rows = 0;
  for (const { part, segment } of piece.parts) {
    const readings = simulator.readings(part.index, segment.from, segment.to);
    const columns = aggregate(
      readings,
      startsOf(segment, (instant) => dayStart(plan.zone, instant)),
      part.valid,
    );
    rows += columns.t.length;
    const { indicator, place, facet } = part.series;
    if (columns.t.length > 0) rollups.push({ indicator, place, facet, resolution: segment.resolution, widthMs: segment.widthMs, ...columns } as RollupInput);
    await breathe();
  }
  await control.rollups(piece.source, rollups);
  return rows;
}
