/**
 * Who is asking. Three credentials: a session cookie (a person), a bearer token (a feed or a wall), a one-time link (the first
 * sign-in). Anything else is nobody. Everything here answers in the same time whether a name exists or not.
 */
import { randomUUID } from 'node:crypto';
import { type Actor, AppError } from '../contract/index.ts';
import { createAttemptLimit } from './attempts.ts';
import { hashPassword, passwordFits } from './passwords.ts';
import { digest, newSecret } from './secrets.ts';
import type { Account, IdentityStore, ListedToken, TokenKind, TokenRecord } from './store.ts';

export type Principal = { kind: 'account'; account: Account } | { kind: 'token'; token: TokenRecord };

export const SESSION_COOKIE = 'city_vitals_session';
const HOUR_MS = 3_600_000;
/** A shift and the next one; a person who is away longer signs in anew. */
const SESSION_IDLE_MS = 24 * HOUR_MS;
const SESSION_ABSOLUTE_MS = 14 * 24 * HOUR_MS;
/** The link is read off a terminal: minutes matter, not days. */
const LINK_MS = 24 * HOUR_MS;

export interface Credentials {
  cookie: string | undefined;
  bearer: string | undefined;
}

export interface SignedIn {
  account: Account;
  /** The session's secret, for the cookie. */
  secret: string;
  expiresAt: number;
}

/** The id of the token that the server's own feed sends with. */
export const FEED_TOKEN = 'ingest_feed';

export interface Identity {
  identify(credentials: Credentials): Promise<Principal | null>;
  /** @throws AppError `wrong_credentials`, `too_many_requests` */
  signIn(username: string, password: string, address: string): Promise<SignedIn>;
  signInByLink(secret: string, address: string): Promise<SignedIn>;
  signOut(secret: string): Promise<void>;
  /** A fresh one-time link's secret for the first account. */
  issueSignInLink(): Promise<string>;
  tokens: Tokens;
  /** A token for a feed that this server starts itself; each start makes a new one. */
  issueFeedToken(): Promise<string>;
}

/** Tokens of feeds and walls, for whoever administers. */
export interface Tokens {
  list(): Promise<ListedToken[]>;
  /** Answers the token's id and its secret, which is shown this once. */
  issue(token: { kind: 'ingest' | 'wall'; name: string; sourceId: string | null }, actor: Actor): Promise<{ id: string; secret: string }>;
  /** @throws AppError `not_found` when there is no such valid token. */
  revoke(id: string, actor: Actor): Promise<void>;
}

export interface IdentityDeps {
  store: IdentityStore;
  now(): number;
  /** Every sign-in and refusal is journaled. */
  record(entry: { kind: string; actor: Actor; detail: Record<string, unknown> }): Promise<void>;
}

/** What the environment gives the first start of a store. */
interface Seed {
  adminPassword: string | undefined;
  ingestToken: string | undefined;
}

/** Opens identity: makes the first account and the seeded ingest token when this is the first start. */
export async function openIdentity(deps: IdentityDeps, seed: Seed): Promise<Identity> {
  const { store, now } = deps;
  await seedFirstStart(deps, seed);
  await store.forgetExpired(now());
  const signing = createSigning(deps);
  const issue = async (token: { id: string; kind: TokenKind; name: string; accountId: string | null; prefix: string; expiresAt: number | null }): Promise<string> => {
    const { prefix, ...record } = token;
    const secret = newSecret(prefix);
    await store.createToken({ ...record, sourceId: null, tokenHash: digest(secret), now: now() });
    return secret;
  };

  return {
    ...signing,
    tokens: createTokens(deps),
    async identify({ cookie, bearer }) {
      if (bearer !== undefined) {
        const token = await store.findToken(digest(bearer), now());
        return token === null ? null : { kind: 'token', token };
      }
      if (cookie === undefined) return null;
      const account = await store.sessionAccount({ tokenHash: digest(cookie), now: now(), idleMs: SESSION_IDLE_MS });
      return account === null ? null : { kind: 'account', account };
    },
    signOut: (secret) => store.endSession(digest(secret)),
    issueSignInLink: () => issue({ id: 'sign_in_link', kind: 'sign_in_link', name: 'one-time sign-in link', accountId: 'admin', prefix: 'cvl', expiresAt: now() + LINK_MS }),
    issueFeedToken: () => issue({ id: FEED_TOKEN, kind: 'ingest', name: 'feed of this server', accountId: null, prefix: 'cvf', expiresAt: null }),
  };
}

async function seedFirstStart({ store, now }: IdentityDeps, seed: Seed): Promise<void> {
  const passwordHash = seed.adminPassword === undefined ? null : await hashPassword(seed.adminPassword);
  await store.ensureAccount({ id: 'admin', username: 'admin', name: '管理员 Administrator', role: 'admin', passwordHash }, now());
  if (seed.ingestToken === undefined || (await store.hasToken('ingest_seeded'))) return;
  const tokenHash = digest(seed.ingestToken);
  await store.createToken({ id: 'ingest_seeded', kind: 'ingest', name: 'INGEST_TOKEN', sourceId: null, accountId: null, tokenHash, now: now(), expiresAt: null });
}

function createTokens({ store, now, record }: IdentityDeps): Tokens {
  return {
    list: store.listTokens,
    async issue({ kind, name, sourceId }, actor) {
      const id = `${kind}_${randomUUID()}`;
      const secret = newSecret(kind === 'wall' ? 'cvw' : 'cvi');
      await store.createToken({ id, kind, name, sourceId, accountId: null, tokenHash: digest(secret), now: now(), expiresAt: null });
      await record({ kind: 'token_issued', actor, detail: { token: id, kind, name, source: sourceId } });
      return { id, secret };
    },
    async revoke(id, actor) {
      if (!(await store.revokeToken(id, now()))) throw new AppError('not_found', 'There is no such token, or it was revoked before.');
      await record({ kind: 'token_revoked', actor, detail: { token: id } });
    },
  };
}

/** Signing in, slowed down for whoever guesses, every outcome journaled. */
function createSigning({ store, now, record }: IdentityDeps): Pick<Identity, 'signIn' | 'signInByLink'> {
  const attempts = createAttemptLimit();

  const begin = async (account: Account, how: string, address: string): Promise<SignedIn> => {
    const secret = newSecret('cvs');
    const expiresAt = now() + SESSION_ABSOLUTE_MS;
    await store.createSession({ tokenHash: digest(secret), accountId: account.id, now: now(), expiresAt });
    await record({ kind: 'signed_in', actor: actorOf({ kind: 'account', account }), detail: { how, address } });
    return { account, secret, expiresAt };
  };
  const refuse = async (username: string, how: string, address: string): Promise<never> => {
    attempts.failed(`${username} ${address}`, now());
    await record({ kind: 'sign_in_refused', actor: { kind: 'system', id: 'identity', name: 'identity' }, detail: { username: username.slice(0, 100), how, address } });
    const message = how === 'link' ? 'This sign-in link has been used or is too old. Start the server again for a new one.' : 'The name or the password is wrong.';
    throw new AppError('wrong_credentials', message);
  };
  const checkPace = (username: string, address: string): void => {
    const waitMs = attempts.waitMs(`${username} ${address}`, now());
    if (waitMs > 0) throw new AppError('too_many_requests', 'Too many refused sign-ins; wait a little.', { retryAfter: Math.ceil(waitMs / 1000) });
  };

  return {
    async signIn(username, password, address) {
      checkPace(username, address);
      const account = await store.accountByUsername(username);
      if (!(await passwordFits(password, account?.passwordHash ?? null)) || account === null) return refuse(username, 'password', address);
      attempts.succeeded(`${username} ${address}`);
      return begin(account, 'password', address);
    },
    async signInByLink(secret, address) {
      checkPace('link', address);
      const account = await store.spendSignInLink(digest(secret), now());
      return account === null ? refuse('link', 'link', address) : begin(account, 'link', address);
    },
  };
}

export function actorOf(principal: Principal): Actor {
  if (principal.kind === 'account') return { kind: 'account', id: principal.account.id, name: principal.account.name };
  return { kind: 'token', id: principal.token.id, name: principal.token.name };
}
