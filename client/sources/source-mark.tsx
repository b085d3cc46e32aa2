/**
 * The state of a source as a shape, always beside its word: a filled dot is well, a dashed ring was never heard, a hatched ring is silent,
 * a crossed slab is failing. None is an alert, so none has an alert's colour.
 */
import type { SourceState } from '../../server/contract/index.ts';

const shapes: Record<SourceState, React.ReactNode> = {
  ok: <circle cx="7" cy="7" r="3.5" fill="currentColor" />,
  never: <circle cx="7" cy="7" r="5.2" fill="none" stroke="currentColor" strokeWidth="1.4" strokeDasharray="2.4 2.1" />,
  silent: (
    <g fill="none" stroke="currentColor">
      <circle cx="7" cy="7" r="5.2" strokeWidth="1.5" />
      <path d="M3.4 9.6 9.6 3.4M4.8 11.2l6.400-6.400" strokeWidth="1.2" />
    </g>
  ),
  failing: (
    <>
      <rect x="0.5" y="0.5" width="13" height="13" rx="1.5" fill="currentColor" />
      <path d="m4 4 6 6m0-6-6 6" fill="none" stroke="var(--panel)" strokeWidth="2" />
    </>
  ),
};

export function SourceMark({ state }: { state: SourceState }) {
  return (
    <svg className="source-mark" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
      {shapes[state]}
    </svg>
  );
}
