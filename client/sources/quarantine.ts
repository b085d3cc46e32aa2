/** The quarantine of a source: fetched a page at a time, newest first; read again and let go by a person. Nothing here moves by itself. */
import { type InfiniteData, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import type { quarantineAnswerSchema, ReplayAnswer } from '../../server/contract/index.ts';
import { CallError, getJson, sendJson } from '../http/call.ts';

type QuarantineAnswer = z.infer<typeof quarantineAnswerSchema>;

/** An original may be 64 kB: twenty of them are one screen and at most a megabyte. */
const PAGE = 20;
const told = new Set(['unreachable', 'forbidden', 'not_found', 'conflict', 'store_unavailable', 'overloaded']);

/** The words for a failed call, in `sources`. */
export function failureKey(error: Error): string {
  return error instanceof CallError && told.has(error.code) ? `failed.${error.code}` : 'failed.other';
}

const pathOf = (id: string): string => `/api/v1/sources/${encodeURIComponent(id)}/quarantine`;
const keyOf = (id: string): readonly string[] => ['quarantine', id];

export function useQuarantine(id: string) {
  return useInfiniteQuery<QuarantineAnswer, Error, InfiniteData<QuarantineAnswer>, readonly string[], number | null>({
    queryKey: keyOf(id),
    queryFn: ({ pageParam, signal }) => getJson(`${pathOf(id)}?limit=${PAGE}${pageParam === null ? '' : `&before=${pageParam}`}`, signal),
    initialPageParam: null,
    getNextPageParam: ({ next }) => next,
    // Whoever opens it wants what is there now.
    staleTime: 0,
    gcTime: 0,
    // A source that is not there is told at once.
    retry: (count, error) => count < 3 && !(error instanceof CallError && error.status >= 400 && error.status < 500),
  });
}

/** Reads the oldest thousand entries again. */
export function useReplay(id: string) {
  const queries = useQueryClient();
  return useMutation<ReplayAnswer, Error, void>({
    mutationFn: () => sendJson('POST', `${pathOf(id)}/replay`, {}),
    onSettled: () => queries.invalidateQueries({ queryKey: keyOf(id) }),
  });
}

/** Takes one entry out for good. */
export function useDiscard(id: string) {
  const queries = useQueryClient();
  return useMutation<void, Error, number>({
    mutationFn: (entry) => sendJson('DELETE', `${pathOf(id)}/${entry}`),
    onSettled: () => queries.invalidateQueries({ queryKey: keyOf(id) }),
  });
}
