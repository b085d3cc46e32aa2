/** The store for React: a component redraws when what its selector picks has changed, and for nothing else. */
import { useStore } from 'zustand';
import { type LiveState, liveStore } from './store.ts';

/** `select` must return something stable (a member of the state, a primitive), never a new object each time. */
export function useLive<T>(select: (state: LiveState) => T): T {
  return useStore(liveStore, select);
}
