/** The city's marked events, the newest first; none until they are there, and none from a server that does not know of any. */
import { useQuery } from '@tanstack/react-query';
import type { CityEvent } from '../../server/contract/index.ts';
import { CallError, getJson } from '../http/call.ts';

const REFRESH_MS = 5 * 60_000;
const none: readonly CityEvent[] = [];

async function fetchEvents(signal: AbortSignal): Promise<readonly CityEvent[]> {
  try {
    const { events } = await getJson<{ events: CityEvent[] }>('/api/v1/events', signal);
    return [...events].sort((a, b) => b.from - a.from);
  } catch (error) {
    if (error instanceof CallError && error.status === 404) return none;
    throw error;
  }
}

export function useEvents(): readonly CityEvent[] {
  return useQuery({ queryKey: ['events'], queryFn: ({ signal }) => fetchEvents(signal), staleTime: REFRESH_MS, refetchInterval: REFRESH_MS }).data ?? none;
}
