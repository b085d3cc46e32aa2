/** Whether limits make sense: in order, within reach, and with a deadband that lets an alert end. Pure arithmetic on one list of limits. */
import type { Level } from '../contract/index.ts';

export interface LimitList {
  direction: 'above' | 'below';
  /** From the least to the worst level. */
  limits: readonly { level: Level; value: number }[];
  deadband: number;
  /** Values that can occur; open where nothing is said. */
  range: { min?: number | undefined; max?: number | undefined };
}

export interface LimitFinding {
  /** The limit that is wrong, by its level; null when it is the deadband. */
  level: Level | null;
  message: string;
}

/** Two decimal fractions that differ by less than this share of their size are one number to whoever wrote them. */
const roundingShare = 1e-9;
const atLeast = (a: number, b: number): boolean => a >= b - Math.abs(b) * roundingShare;

/** All findings; deadband and reach are judged only where the order is right, as they would merely repeat it. */
export function judgeLimits(list: LimitList): LimitFinding[] {
  const disorder = judgeOrder(list);
  return disorder.length > 0 ? disorder : [...judgeReach(list), ...judgeDeadband(list)];
}

function judgeOrder({ direction, limits }: LimitList): LimitFinding[] {
  const [rise, over] = direction === 'above' ? ['rise', 'greater'] : ['fall', 'smaller'];
  return limits.flatMap((limit, i) => {
    const lower = limits[i - 1];
    if (lower === undefined) return [];
    const inOrder = direction === 'above' ? limit.value > lower.value : limit.value < lower.value;
    if (inOrder) return [];
    return [
      {
        level: limit.level,
        message: `limits must ${rise} with the level (direction ${direction}): ${limit.level} ${limit.value} must be ${over} than ${lower.level} ${lower.value}`,
      },
    ];
  });
}

function judgeReach({ direction, limits, range }: LimitList): LimitFinding[] {
  const [near, far] = direction === 'above' ? [range.min, range.max] : [range.max, range.min];
  const beyond = (value: number, bound: number): boolean => (direction === 'above' ? value > bound : value < bound);
  return limits.flatMap(({ level, value }) => {
    if (far !== undefined && beyond(value, far)) return [{ level, message: `can never be reached: a value beyond ${far} is not possible, and a reading of it is kept as bad` }];
    if (near !== undefined && !beyond(value, near)) return [{ level, message: `would always be breached: no value lies ${direction === 'above' ? 'below' : 'above'} ${near}` }];
    return [];
  });
}

function judgeDeadband({ direction, limits, deadband, range }: LimitList): LimitFinding[] {
  const [least] = limits;
  if (deadband === 0 || least === undefined) return [];
  for (const [i, limit] of limits.entries()) {
    const lower = limits[i - 1];
    if (lower === undefined) continue;
    const gap = Math.abs(limit.value - lower.value);
    if (atLeast(deadband, gap)) {
      return [
        {
          level: null,
          message: `${deadband} reaches from ${limit.level} ${limit.value} back to ${lower.level} ${lower.value}: it must be smaller than the distance between neighbouring limits`,
        },
      ];
    }
  }
  const end = direction === 'above' ? range.min : range.max;
  if (end === undefined) return [];
  const distance = Math.abs(least.value - end);
  const alwaysBreached = direction === 'above' ? least.value <= end : least.value >= end;
  if (alwaysBreached || !atLeast(deadband, distance)) return [];
  return [
    {
      level: null,
      message: `${deadband} reaches from ${least.level} ${least.value} to the end of what is possible (${end}), so that an alert could never clear: it must be smaller than ${distance}`,
    },
  ];
}
