/**
 * The past of the selected series: fetched for the chosen window, kept in sight until the next answer is there, cancelled
 * when something else is chosen, and continued from the live store. Fetched anew now and then, since late readings and
 * corrections of the past do not come live.
 */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { HistorySeries, ReadingDelta } from '../../server/contract/index.ts';
import { getJson } from '../http/call.ts';
import { liveStore, type Selection } from '../live/store.ts';
import { useLive } from '../live/use-live.ts';
import { type ChartWindow, windowMs } from './chart-window.ts';
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
  const query = new URLSearchParams({
    indicator: selection.indicator,
    place: selection.place,
    facet: selection.facet ?? '',
    from: String(Math.floor(now - windowMs[window])),
    // What is stamped a little ahead of our clock belongs to the picture too.
    to: String(Math.ceil(now + 60_000)),
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

/** What arrived of this series since the answer. */
function useArrived(past: Past | undefined): readonly ReadingDelta[] {
  const [arrived, setArrived] = useState<{ past: Past | undefined; readings: ReadingDelta[] }>({ past, readings: [] });
  const landed = useLive((state) => state.landed);
  const seen = useRef(landed);
  const series = past?.history?.series;
  useEffect(() => {
    if (landed === seen.current && arrived.past === past) return;
    const fresh = landed === seen.current ? [] : landed.filter((reading) => reading.series === series);
    seen.current = landed;
    if (fresh.length === 0 && arrived.past === past) return;
    setArrived((before) => ({ past, readings: [...(before.past === past ? before.readings : []), ...fresh].slice(-MAX_LIVE) }));
  }, [landed, past, series, arrived]);
  return arrived.past === past ? arrived.readings : [];
}

export function useHistory(selection: Selection | null, window: ChartWindow): HistoryState {
  const query = useQuery({
    queryKey: ['history', selection, window],
    queryFn: ({ signal }) => (selection === null ? Promise.reject(new Error('nothing selected')) : fetchPast(selection, window, signal)),
    enabled: selection !== null,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    refetchInterval: REFRESH_MS,
  });
  const past = query.data;
  const arrived = useArrived(past);
  const rows = useMemo(() => (past?.history == null ? [] : withLive(rowsOf(past.history), past.history, arrived)), [past, arrived]);
  return { past, rows, isFetching: query.isFetching, isOld: query.isPlaceholderData, error: query.error, retry: () => void query.refetch() };
}
