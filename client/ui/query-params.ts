/**
 * Parts of the view kept in the address, so that a link opens the same view on another desk and going back goes back. Whatever else the
 * address holds stays as it is.
 */
import { useSyncExternalStore } from 'react';

/** `search` with `patch` written into it; null takes a key out, an empty text leaves it there without a value. */
export function searchWithParams(search: string, patch: Readonly<Record<string, string | null>>): string {
  const query = new URLSearchParams(search);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) query.delete(key);
    else query.set(key, value);
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** The page's own steps fire no event of the browser's. */
const listeners = new Set<() => void>();

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  addEventListener('popstate', changed);
  return () => {
    listeners.delete(changed);
    removeEventListener('popstate', changed);
  };
}

/** What the address says under `key`; null when it says nothing. */
export function useParam(key: string): string | null {
  return useSyncExternalStore(subscribe, () => new URLSearchParams(location.search).get(key));
}

/** Writes into the address. `replace`: no step to go back to, for what changes with every key that is pressed. */
export function changeParams(patch: Readonly<Record<string, string | null>>, { replace = false } = {}): void {
  const search = searchWithParams(location.search, patch);
  if (search === location.search) return;
  const url = `${location.pathname}${search}`;
  if (replace) history.replaceState(history.state, '', url);
  else history.pushState(history.state, '', url);
  for (const changed of listeners) changed();
}
