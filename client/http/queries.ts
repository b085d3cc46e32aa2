/**
 * How calls are kept and tried again. `always`: on an intranet the browser's idea of being online is wrong. A server that
 * is away is asked again for ever, each time later; an answer that says no is not asked again.
 */
import { QueryCache, QueryClient } from '@tanstack/react-query';
import { CallError } from './call.ts';

export const SESSION_KEY = ['session'] as const;

function isWorthRetrying(error: Error): boolean {
  return error instanceof CallError && (error.status === 0 || error.status === 429 || error.status >= 500);
}

export function createQueries(): QueryClient {
  const queries: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      // A session that ended shows on whichever call meets it first.
      onError: (error) => {
        if (error instanceof CallError && error.code === 'unauthenticated') queries.setQueryData(SESSION_KEY, null);
      },
    }),
    defaultOptions: {
      queries: {
        networkMode: 'always',
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        retry: (_count, error) => isWorthRetrying(error),
        retryDelay: (count) => Math.min(1000 * 2 ** count, 10_000),
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
  return queries;
}
