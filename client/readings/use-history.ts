/**
 * The past of the selected series: fetched for the chosen window, kept in sight until the next answer is there, cancelled
 * when something else is chosen, and continued from the live store. Fetched anew now and then, since late readings and
 * corrections of the past do not come live.
 */
import { keepPreviousData, skipToken, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { HistorySeries, Latest, ReadingDelta } from '../../server/contract/index.ts';
import { getJson } from '../http/call.ts';
import { liveStore, type Selection } from '../live/store.ts';
import { useLive } from '../live/use-live.ts';
import { type ChartWindow, rangeOf } from './chart-window.ts';
import { type Row, rowsOf, withLive } from './series-rows.ts';

/** More than a chart has pixels for at any size that is read. */
const POINTS = 1500;
const REFRESH_MS = 5 * 60_000;
/** Live readings kept on top of what was fetched; a series with more than this in five minutes is drawn from the next fetch. */
const MAX_LIVE = 3000;

/** One answer and the question it belongs to. */
export interface Past {
  selection: Selection;
  window: ChartWindow;
  /** Null: the series is in the catalogue and nothing was ever measured. */
  history: HistorySeries | null;
  fetchedAt: number;
}

async function fetchPast(selection: Selection, window: ChartWindow, signal: AbortSignal): Promise<Past> {
  const now = liveStore.getState().now;
  const { from, to } = rangeOf(window, now);
  const query = new URLSearchParams({
    indicator: selection.indicator,
    place: selection.place,
    facet: selection.facet ?? '',
    from: String(Math.floor(from)),
    // What is stamped a little ahead of our clock belongs to the picture of now too.
    to: String(Math.ceil(window.kind === 'last' ? now + 60_000 : to)),
    points: String(POINTS),
  });
  const { series } = await getJson<{ series: HistorySeries[] }>(`/api/v1/history?${query}`, signal);
  return { selection, window, history: series[0] ?? null, fetchedAt: now };
}

export interface HistoryState {
  past: Past | undefined;
  rows: readonly Row[];
  isFetching: boolean;
  /** The picture belongs to an earlier question. */
  isOld: boolean;
  error: Error | null;
  retry(): void;
}

/** What arrived of this series since the answer, in order of arrival. */
function useArrived(past: Past | undefined): readonly ReadingDelta[] {
  const [arrived, setArrived] = useState<readonly ReadingDelta[]>([]);
  const series = past?.history?.series;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer holds what came before it
  useEffect(() => {
    setArrived([]);
    if (series === undefined) return;
    return liveStore.subscribe((state, before) => {
      if (state.landed === before.landed) return;
      const fresh = state.landed.filter((reading) => reading.series === series);
      if (fresh.length > 0) setArrived((known) => [...known, ...fresh].slice(-MAX_LIVE));
    });
  }, [past, series]);
  return arrived;
}

/** The answer and what came after it. */
function mergeRows(past: Past | undefined, arrived: readonly ReadingDelta[], latest: Latest | undefined): readonly Row[] {
  const history = past?.history;
  if (history == null) return [];
  const rows = withLive(
    rowsOf(history),
    history,
    arrived.filter((reading) => reading.series === history.series),
  );
  // A reading that landed between the answer's making and its arrival is only in the store.
  const isNewer = history.bucketMs === null && latest !== undefined && latest.observedAt > (rows.at(-1)?.t ?? 0);
  return isNewer ? withLive(rows, history, [latest]) : rows;
}

export function useHistory(selection: Selection | null, window: ChartWindow): HistoryState {
  // Before the server has said what time it is, "until now" would mean this computer's clock, which may be wrong.
  const knowsTime = useLive((state) => state.epoch !== null);
  const query = useQuery({
    queryKey: ['history', selection, window],
    queryFn: selection === null || !knowsTime ? skipToken : ({ signal }) => fetchPast(selection, window, signal),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    refetchInterval: REFRESH_MS,
  });
  const past = query.data;
  const arrived = useArrived(past);
  const latest = useLive((state) => (past?.history?.series == null ? undefined : state.latest.get(past.history.series)));
  const rows = useMemo(() => mergeRows(past, arrived, latest), [past, arrived, latest]);
  const snapshots = useLive((state) => state.snapshots);
  const { refetch } = query;
  const seen = useRef(snapshots);
  const canAsk = selection !== null && knowsTime;
  // A further snapshot means that readings went by unseen.
  useEffect(() => {
    const isFurther = snapshots > Math.max(1, seen.current);
    seen.current = snapshots;
    if (isFurther && canAsk) void refetch();
  }, [snapshots, canAsk, refetch]);
  return { past, rows, isFetching: query.isFetching, isOld: query.isPlaceholderData, error: query.error, retry: () => void refetch() };
}
