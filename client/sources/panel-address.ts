/**
 * Whether the panel is open is kept in the address (`?sources`, `?sources=<id>` for one source's quarantine), so that a link opens it on
 * another desk and going back closes it.
 */
import { useCallback, useSyncExternalStore } from 'react';

/** `list`: all sources; `source`: the quarantine of one. */
export type SourcesPanel = { kind: 'closed' } | { kind: 'list' } | { kind: 'source'; id: string };

const KEY = 'sources';

export function panelOf(search: string): SourcesPanel {
  const value = new URLSearchParams(search).get(KEY);
  if (value === null) return { kind: 'closed' };
  return value === '' ? { kind: 'list' } : { kind: 'source', id: value };
}

/** `search` with the panel written into it; whatever else is there stays. */
export function searchWithPanel(search: string, panel: SourcesPanel): string {
  const query = new URLSearchParams(search);
  if (panel.kind === 'closed') query.delete(KEY);
  else query.set(KEY, panel.kind === 'list' ? '' : panel.id);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** The page's own steps fire no event of the browser's. */
const STEPPED = 'sourcespanel';

function follow(changed: () => void): () => void {
  addEventListener('popstate', changed);
  addEventListener(STEPPED, changed);
  return () => {
    removeEventListener('popstate', changed);
    removeEventListener(STEPPED, changed);
  };
}

/** The panel that the address names, and how to go to another. */
export function useSourcesPanel(): [SourcesPanel, (next: SourcesPanel) => void] {
  const value = useSyncExternalStore(follow, () => new URLSearchParams(location.search).get(KEY));
  const go = useCallback((next: SourcesPanel) => {
    history.pushState(history.state, '', `${location.pathname}${searchWithPanel(location.search, next)}`);
    dispatchEvent(new Event(STEPPED));
  }, []);
  return [value === null ? { kind: 'closed' } : panelOf(location.search), go];
}
