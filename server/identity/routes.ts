/** Signing in and out, and the guards in front of everything else. */
import express, { type CookieOptions, type Request, type RequestHandler, Router } from 'express';
import { AppError, linkBodySchema, type SessionAnswer, sessionBodySchema, tokenBodySchema } from '../contract/index.ts';
import { actorOf, type Credentials, FEED_TOKEN, type Identity, type Principal, SESSION_COOKIE, type SignedIn } from './identity.ts';

/** Credentials of a request, also of a socket's first one. Influx's `Token` scheme counts as bearer. */
export function credentialsOf(headers: { cookie?: string | undefined; authorization?: string | undefined }): Credentials {
  const bearer = /^(?:Bearer|Token) +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  const cookie = new RegExp(`(?:^|; *)${SESSION_COOKIE}=([\\w-]+)`).exec(headers.cookie ?? '')?.[1];
  return { bearer, cookie };
}

const principals = new WeakMap<Request, Principal>();

/** Who sent the request; a guard ran before, so there is somebody. */
export function principalOf(request: Request): Principal {
  const principal = principals.get(request);
  if (principal === undefined) throw new AppError('unauthenticated', 'Sign in, or send a token.');
  return principal;
}

/**
 * True when a browser says that a page of another site made it send this. Browsers add these headers themselves and no page can take
 * them away; senders that are no browsers have no cookie to be tricked with.
 */
function isCrossSite(request: Request): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin, host } = request.headers;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}

/** Lets through whoever `allows` says; everybody else gets 401 (nobody) or 403 (somebody, but not this). */
export function guard(identity: Identity, allows: (principal: Principal) => boolean): RequestHandler {
  return async (request, _response, next) => {
    const principal = principals.get(request) ?? (await identity.identify(credentialsOf(request.headers)));
    if (principal === null) throw new AppError('unauthenticated', 'Sign in, or send a token.');
    if (principal.kind === 'account' && request.method !== 'GET' && request.method !== 'HEAD' && isCrossSite(request)) {
      throw new AppError('cross_site', 'A page of another site may not act in your name.');
    }
    if (!allows(principal)) throw new AppError('forbidden', 'This credential may not do that.');
    principals.set(request, principal);
    next();
  };
}

export const mayRead = (principal: Principal): boolean => principal.kind === 'account' || principal.token.kind === 'wall' || principal.token.kind === 'ingest';
export const mayIngest = (principal: Principal): boolean => principal.kind === 'account' || principal.token.kind === 'ingest';
/** People, and the feed that this server starts itself: it may also fill the past. */
export const mayFeed = (principal: Principal): boolean => principal.kind === 'account' || principal.token.id === FEED_TOKEN;
export const mayOperate = (principal: Principal): boolean => principal.kind === 'account';

export function sessionRoutes(identity: Identity): Router {
  const router = Router();
  const json = express.json({ limit: '10kb' });

  const cookieFor = (request: Request, expires: Date): CookieOptions => ({ httpOnly: true, sameSite: 'strict', secure: request.secure, path: '/', expires });
  const answerTo = ({ account }: SignedIn): SessionAnswer => ({ account: { id: account.id, name: account.name, role: account.role } });

  router.post('/', json, async (request, response) => {
    const { username, password } = sessionBodySchema.parse(request.body);
    const signedIn = await identity.signIn(username, password, request.ip ?? '');
    response.cookie(SESSION_COOKIE, signedIn.secret, cookieFor(request, new Date(signedIn.expiresAt)));
    response.json(answerTo(signedIn));
  });
  router.post('/link', json, async (request, response) => {
    const signedIn = await identity.signInByLink(linkBodySchema.parse(request.body).token, request.ip ?? '');
    response.cookie(SESSION_COOKIE, signedIn.secret, cookieFor(request, new Date(signedIn.expiresAt)));
    response.json(answerTo(signedIn));
  });
  router.get('/', guard(identity, mayOperate), (request, response) => {
    const principal = principalOf(request);
    if (principal.kind === 'account') response.json({ account: { id: principal.account.id, name: principal.account.name, role: principal.account.role } });
  });
  router.delete('/', guard(identity, mayOperate), async (request, response) => {
    const { cookie } = credentialsOf(request.headers);
    if (cookie !== undefined) await identity.signOut(cookie);
    response.clearCookie(SESSION_COOKIE, cookieFor(request, new Date(0)));
    response.status(204).end();
  });
  return router;
}

export interface TokenRoutesDeps {
  identity: Identity;
  /** Whether the catalogue knows a source. */
  hasSource(id: string): boolean;
}

/** `/api/v1/tokens`: tokens of feeds and walls. Mounted for people only. */
export function tokenRoutes({ identity, hasSource }: TokenRoutesDeps): Router {
  const router = Router();
  router.get('/', async (_request, response) => {
    const tokens = await identity.tokens.list();
    response.json({ tokens: tokens.map(({ id, kind, name, sourceId, createdAt, revokedAt }) => ({ id, kind, name, source: sourceId, createdAt, revokedAt })) });
  });
  router.post('/', express.json({ limit: '10kb' }), async (request, response) => {
    const { kind, name, source = null } = tokenBodySchema.parse(request.body);
    if (source !== null && (kind !== 'ingest' || !hasSource(source))) {
      throw new AppError('invalid_request', kind === 'ingest' ? `No source "${source}" in the catalogue.` : 'A wall has no source.', { path: 'source' });
    }
    const { id, secret } = await identity.tokens.issue({ kind, name, sourceId: source }, actorOf(principalOf(request)));
    response.status(201).json({ id, token: secret });
  });
  router.delete('/:id', async (request, response) => {
    await identity.tokens.revoke(String(request.params['id']), actorOf(principalOf(request)));
    response.status(204).end();
  });
  return router;
}
