/** The chart's window as React state, tied to the address both ways. */
import { useSyncExternalStore } from 'react';
import { type ChartWindow, searchWithWindow, windowOf } from './chart-window.ts';

/** The address gives no event when a page changes it itself. */
const listeners = new Set<() => void>();

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  addEventListener('popstate', changed);
  return () => {
    listeners.delete(changed);
    removeEventListener('popstate', changed);
  };
}

function choose(window: ChartWindow): void {
  if (window === windowOf(location.search)) return;
  history.pushState(history.state, '', `${location.pathname}${searchWithWindow(location.search, window)}`);
  for (const changed of listeners) changed();
}

export function useWindow(): [ChartWindow, (window: ChartWindow) => void] {
  return [useSyncExternalStore(subscribe, () => windowOf(location.search)), choose];
}
