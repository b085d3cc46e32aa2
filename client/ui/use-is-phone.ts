/** Whether the page stands in one column, as on a phone; the same width as in page.css. */
import { useSyncExternalStore } from 'react';

const phone = matchMedia('(max-width: 760px)');

function follow(changed: () => void): () => void {
  phone.addEventListener('change', changed);
  return () => phone.removeEventListener('change', changed);
}

export function useIsPhone(): boolean {
  return useSyncExternalStore(follow, () => phone.matches);
}
