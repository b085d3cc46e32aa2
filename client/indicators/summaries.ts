/** The one place where the city's summaries are kept, brought up to date once for all panels, in the same moment as the store itself. */
import { createStore } from 'zustand/vanilla';
import type { LiveState, LiveStore } from '../live/store.ts';
import { noSummaries, type Summaries, summarizeAll, summarizeChanged } from './summary.ts';
import { firingBySeries, type Moment, type Vital } from './vitals.ts';

export const summaryStore = createStore<Summaries>()(() => noSummaries);

const momentOf = ({ latest, now }: LiveState, firing: Moment['firing']): Moment => ({ latest, firing, now });

/** Keeps the summaries of `vitals` for as long as they are what is expected. Returns how to stop. */
export function followVitals(store: LiveStore, vitals: readonly Vital[]): () => void {
  const all = (state: LiveState): void => summaryStore.setState(summarizeAll(vitals, momentOf(state, firingBySeries(state.alerts))));
  all(store.getState());
  return store.subscribe((state, before) => {
    if (state.snapshots !== before.snapshots) {
      all(state);
      return;
    }
    if (state.now === before.now && state.latest === before.latest && state.alerts === before.alerts) return;
    const known = summaryStore.getState();
    const firing = state.alerts === before.alerts ? known.firing : firingBySeries(state.alerts);
    // What landed is told until the next landing: it is news only when the readings are others.
    const landed = state.latest === before.latest ? [] : state.landed;
    summaryStore.setState(summarizeChanged(known, momentOf(state, firing), { landed, before: before.now }));
  });
}
