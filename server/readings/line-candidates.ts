/** Lines to candidates without a door: for originals that are read again, and for connectors whose messages are lines. Not for the hot path. */
import type { Admission, Candidate, Refusal } from './admission.ts';
import { createBatchBuilder } from './columns.ts';
import { admitPoints, type LineMapping, type LineRefusal, type Precision } from './line-points.ts';

/** Never seen: it only keeps the line reader on its general way, which hands over whole candidates. */
const nowhere: Refusal = { code: 'internal', path: '', message: '' };

/** `now`: the time of lines that tell none, epoch ms. */
export function lineCandidates(
  text: string,
  options: { precision: Precision; now: number; mapping: LineMapping | undefined },
): { candidates: Candidate[]; refusals: LineRefusal[] } {
  const candidates: Candidate[] = [];
  const refusals: LineRefusal[] = [];
  const admission: Admission = {
    admit(candidate) {
      candidates.push(candidate);
      return null;
    },
    admitUnknown: () => nowhere,
    targetOf: () => nowhere,
    admitTo: () => nowhere,
    missing: [],
    batch: createBatchBuilder(),
  };
  admitPoints(text, options, { admission, reject: (refusal) => refusals.push(refusal) });
  return { candidates, refusals };
}
