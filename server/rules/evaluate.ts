/**
 * The instant verdict of a threshold rule on one reading, limit by limit. No time and no memory of its own: how long a breach
 * lasts is the alert's business (`alerts/`). What always holds: a reading that says nothing gets `unknown`, never `clear`.
 */
import type { ThresholdRule } from '../catalogue/schema.ts';
import type { Level, Quality } from '../contract/index.ts';

export type Verdict = 'breached' | 'clear' | 'unknown';

/** One verdict for each limit of the rule. */
export type Verdicts = Partial<Record<Level, Verdict>>;

/** The part of a threshold rule that a verdict needs; a place's own limits may stand in for the rule's. */
export type ThresholdLimits = Pick<ThresholdRule, 'direction' | 'deadband' | 'limits'>;

/**
 * Judges `reading` (in the indicator's own unit) against every limit of `rule`. `latch` names the levels whose limit was
 * breached up to this reading: such a limit stays breached until the value has come back past it by more than the deadband's
 * edge, so that a value trembling on a limit is one breach and not twenty. A `bad` or non-finite reading is `unknown` throughout.
 */
export function evaluateThreshold(rule: ThresholdLimits, latch: ReadonlySet<Level>, reading: { value: number; quality: Quality }): Verdicts {
  const verdicts: Verdicts = {};
  const known = reading.quality !== 'bad' && Number.isFinite(reading.value);
  for (const limit of rule.limits) {
    if (!known) verdicts[limit.level] = 'unknown';
    else verdicts[limit.level] = isBreached(rule, latch.has(limit.level), { limit: limit.value, value: reading.value }) ? 'breached' : 'clear';
  }
  return verdicts;
}

function isBreached(rule: ThresholdLimits, latched: boolean, at: { limit: number; value: number }): boolean {
  const slack = latched ? rule.deadband : 0;
  return rule.direction === 'above' ? at.value >= at.limit - slack : at.value <= at.limit + slack;
}
