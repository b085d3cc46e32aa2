/** Whether the screen is too narrow for a table of eleven columns; as in sources.css. */
import { useSyncExternalStore } from 'react';

const narrow = matchMedia('(max-width: 1099px)');

function follow(changed: () => void): () => void {
  narrow.addEventListener('change', changed);
  return () => narrow.removeEventListener('change', changed);
}

export function useIsNarrow(): boolean {
  return useSyncExternalStore(follow, () => narrow.matches);
}
