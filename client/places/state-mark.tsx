/** A place's mark as the map draws it, for legend, card and list: the same shapes as `sprites.ts`. */
import { useId } from 'react';
import type { Level } from '../../server/contract/index.ts';
import { LevelMark, type MarkState } from '../ui/level-mark.tsx';
import type { MarkName } from './station-states.ts';

/** Decorative: the state is written beside it. */
export function StateMark({ mark, size = 14 }: { mark: MarkName; size?: number }) {
  const id = useId();
  const [level, fill] = mark.split('-') as [Level, MarkState | undefined];
  if (fill !== undefined) return <LevelMark level={level} state={fill} size={size} />;
  const known = mark === 'normal' || mark === 'suspect' || mark === 'bad';
  return (
    <svg width={size} height={size} viewBox="0 0 14 14" className="state-mark" aria-hidden="true" focusable="false">
      {mark === 'stale' && (
        <pattern id={id} width="3" height="3" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path d="M0 0v3" stroke="var(--text-2)" strokeWidth="1.6" />
        </pattern>
      )}
      <circle
        cx="7"
        cy="7"
        r={known ? 4 : 5.4}
        fill={mark === 'stale' ? `url(#${id})` : 'none'}
        stroke={known ? 'var(--text-3)' : 'var(--text-2)'}
        strokeWidth="1.3"
        strokeDasharray={mark === 'missing' ? '2.4 2' : undefined}
      />
      {known && <circle cx="7" cy="7" r="1.8" fill="var(--text-3)" />}
      {(mark === 'suspect' || mark === 'bad') && <path d="M1 13 13 1" stroke="var(--text-2)" strokeWidth="1.6" />}
      {mark === 'bad' && <path d="M1 1 13 13" stroke="var(--text-2)" strokeWidth="1.6" />}
    </svg>
  );
}
