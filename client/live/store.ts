/**
 * What the page knows of the city at this moment: plain state without React. `latest` is replaced at most once a second
 * (a landing), so whoever subscribes to it redraws once a second and never piecemeal; alerts land at once. Nothing is written here that
 * no panel shows: every write asks every subscriber whether its part changed.
 * Only `connection.ts`, the landing clock and `select` write here.
 */
import { createStore } from 'zustand/vanilla';
import type { Alert, CatalogueState, Latest, ReadingDelta, Simulation, SourcesFrame } from '../../server/contract/index.ts';
import { RATE_SECONDS } from './landing.ts';

export interface Selection {
  indicator: string;
  place: string;
  facet: string | null;
}

/** `lost` reconnects for ever; `refused` does not, and says why. */
export type ConnectionState = 'connecting' | 'live' | 'lost' | 'refused';

export interface LiveState {
  connection: ConnectionState;
  /** Server time of the last sign of life before the link went; null while it holds. */
  lostSince: number | null;
  /** Why the server turned this page away; null unless `refused`. */
  refusal: { code: string; message: string } | null;
  /** How often the link was tried anew since it was lost. */
  attempts: number;
  /** Server time, epoch ms, ticked once a second and on each landing. */
  now: number;
  epoch: string | null;
  /** The server's build, as its welcome said. */
  build: string | null;
  /** How many snapshots were taken; 0 until the first. A further one means that readings in between are not in `landed`. */
  snapshots: number;
  /** Newest reading of each series, by series id. Replaced whole, at most once a second. */
  latest: ReadonlyMap<number, Latest>;
  /** Readings of the newest landing, for whoever appends (sparklines, the chart). */
  landed: readonly ReadingDelta[];
  /** Readings received in each of the last 60 seconds, newest last. */
  rate: readonly number[];
  /** True when the newest frames left out older values because this client or the flow was too much. */
  thinned: boolean;
  /** Open alerts by id. */
  alerts: ReadonlyMap<string, Alert>;
  catalogue: CatalogueState | null;
  /** How the sources fared at `serverTime`; null until the first list. Each list is whole and replaces the one before. */
  sources: SourcesFrame | null;
  /** The demonstration's clock and what is played on it; null in a city without a simulator. */
  simulation: Simulation | null;
  /** The series in the chart and on the map; mirrored in the URL. */
  selected: Selection | null;
  select(next: Selection | null): void;
}

export function createLiveStore(now: number) {
  return createStore<LiveState>()((set) => ({
    connection: 'connecting',
    lostSince: null,
    refusal: null,
    attempts: 0,
    now,
    epoch: null,
    build: null,
    snapshots: 0,
    latest: new Map(),
    landed: [],
    rate: new Array<number>(RATE_SECONDS).fill(0),
    thinned: false,
    alerts: new Map(),
    catalogue: null,
    sources: null,
    simulation: null,
    selected: null,
    select: (next) => set((state) => (isSameSelection(state.selected, next) ? state : { selected: next })),
  }));
}

export function isSameSelection(a: Selection | null, b: Selection | null): boolean {
  return a === b || (a !== null && b !== null && a.indicator === b.indicator && a.place === b.place && a.facet === b.facet);
}

export type LiveStore = ReturnType<typeof createLiveStore>;

/** The page's one store. */
export const liveStore: LiveStore = createLiveStore(Date.now());
