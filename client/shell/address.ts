/**
 * What is looked at, kept in the address (`?indicator=&place=&facet=`), so that a link opens the same view on another desk
 * and going back goes back.
 */
import type { LiveStore, Selection } from '../live/store.ts';
import { isSameSelection } from '../live/store.ts';

const ID = /^[a-z][a-z0-9_]{0,79}$/;

/** The selection an address names; null when it names none, or not in full. */
export function selectionOf(search: string): Selection | null {
  const query = new URLSearchParams(search);
  const [indicator, place, facet] = [query.get('indicator'), query.get('place'), query.get('facet')];
  if (indicator === null || place === null || !ID.test(indicator) || !ID.test(place)) return null;
  return { indicator, place, facet: facet !== null && ID.test(facet) ? facet : null };
}

/** `search` with the selection written into it; whatever else is there stays. */
export function searchWith(search: string, selected: Selection | null): string {
  const query = new URLSearchParams(search);
  for (const key of ['indicator', 'place', 'facet']) query.delete(key);
  if (selected !== null) {
    query.set('indicator', selected.indicator);
    query.set('place', selected.place);
    if (selected.facet !== null) query.set('facet', selected.facet);
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

const CHOSEN = 'chosenByPage';

/** Whether the page itself chose what the address names, as it does when it opens without a selection. */
export function isChosenByPage(state: unknown = history.state): boolean {
  return typeof state === 'object' && state !== null && CHOSEN in state;
}

/** Ties store and address together, both ways. Returns how to untie them. */
export function followAddress(store: LiveStore): () => void {
  const read = (): void => store.getState().select(selectionOf(location.search));
  read();
  const stop = store.subscribe((state, before) => {
    if (state.selected === before.selected || isSameSelection(state.selected, selectionOf(location.search))) return;
    const url = `${location.pathname}${searchWith(location.search, state.selected)}`;
    // The page chooses a first series by itself; that is no step to go back to, and a reload still knows that nobody asked for it.
    if (before.selected === null) history.replaceState({ [CHOSEN]: true }, '', url);
    else history.pushState(null, '', url);
  });
  addEventListener('popstate', read);
  return () => {
    stop();
    removeEventListener('popstate', read);
  };
}
