/**
 * The mark of an alert level: colour and shape together; the text stands beside it. Without colour the fill still tells the
 * state: solid is unacknowledged, hollow acknowledged (or none), dashed unknown, an arrow down resolved.
 */
import type { Level } from '../../server/contract/index.ts';
import { levelNumerals } from './format.ts';

export type MarkState = 'solid' | 'hollow' | 'unknown' | 'resolved';

const shapes: Record<Level, string> = {
  red: 'M3 3h18v18H3z',
  orange: 'M12 1 23 12 12 23 1 12z',
  yellow: 'M12 2.2 23 21.6H1z',
  blue: 'M12 2a10 10 0 1 1 0 20 10 10 0 0 1 0-20z',
};

export interface LevelMarkProps {
  level: Level;
  state?: MarkState;
  /** Size in CSS pixels or any CSS length; default 1em. */
  size?: number | string;
  /** Writes the numeral inside; only readable from some 22 px up. */
  numeral?: boolean;
  /** Grey, for a count of zero. */
  muted?: boolean;
}

/** Decorative for a screen reader: whoever uses it writes level and state as text beside it. */
export function LevelMark({ level, state = 'solid', size = '1em', numeral = false, muted = false }: LevelMarkProps) {
  const colour = muted ? 'var(--text-4)' : `var(--mark-${level})`;
  const solid = state === 'solid';
  const sign = state === 'unknown' ? '?' : state === 'resolved' ? '↓' : levelNumerals[level];
  return (
    <svg className="level-mark" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path
        d={shapes[level]}
        fill={solid ? colour : 'none'}
        stroke={colour}
        strokeWidth={solid ? 0 : 2}
        strokeDasharray={state === 'unknown' ? '3.4 2.4' : undefined}
        strokeLinejoin="round"
      />
      {(numeral || state === 'unknown' || state === 'resolved') && (
        <text x="12" y={level === 'yellow' ? 19 : 16.4} textAnchor="middle" className="num" fontSize="12" fill={solid ? `var(--mark-${level}-ink)` : colour}>
          {sign}
        </text>
      )}
    </svg>
  );
}
