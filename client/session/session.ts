/**
 * Who is signed in. The cookie is out of the page's reach; the page only asks. A one-time link's token stands in the fragment
 * (which never travels in a request or a log), is taken out of the address before anything else, and is used once.
 */
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { SessionAnswer } from '../../server/contract/index.ts';
import { CallError, getJson, sendJson } from '../http/call.ts';
import { SESSION_KEY } from '../http/queries.ts';

const SIGN_IN_PATH = '/sign-in';

/** The token of `#token=…`, or null. */
export function tokenOf(hash: string): string | null {
  const token = new URLSearchParams(hash.replace(/^#/, '')).get('token');
  return token === null || token === '' ? null : token;
}

/** Redeems the link the page was opened with, once; its failure is kept for the sign-in page to tell. */
let redemption: Promise<void> | null = null;
let linkFailure: CallError | null = null;

export function linkFailed(): CallError | null {
  return linkFailure;
}

function redeemLink(): Promise<void> {
  redemption ??= (async () => {
    const token = location.pathname === SIGN_IN_PATH ? tokenOf(location.hash) : null;
    if (token === null) return;
    history.replaceState(null, '', `${location.pathname}${location.search}`);
    try {
      await sendJson<SessionAnswer>('POST', '/api/v1/session/link', { token });
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      linkFailure = error;
    }
  })();
  return redemption;
}

/** After signing in, the address is the page's own. */
export function leaveSignIn(): void {
  if (location.pathname === SIGN_IN_PATH) history.replaceState(null, '', `/${location.search}`);
}

async function askSession(signal: AbortSignal): Promise<SessionAnswer | null> {
  await redeemLink();
  try {
    const answer = await getJson<SessionAnswer>('/api/v1/session', signal);
    leaveSignIn();
    return answer;
  } catch (error) {
    if (error instanceof CallError && error.status === 401) return null;
    throw error;
  }
}

/** The session; null when nobody is signed in; undefined until the server has answered. */
export function useSession(): UseQueryResult<SessionAnswer | null> {
  return useQuery({ queryKey: SESSION_KEY, queryFn: ({ signal }) => askSession(signal), staleTime: Number.POSITIVE_INFINITY });
}

export function signIn(username: string, password: string): Promise<SessionAnswer> {
  return sendJson<SessionAnswer>('POST', '/api/v1/session', { username, password });
}

/** Ends the session and forgets everything the page has seen: the next person at this desk starts from nothing. */
export async function signOut(): Promise<void> {
  await sendJson<void>('DELETE', '/api/v1/session');
  location.assign('/');
}
