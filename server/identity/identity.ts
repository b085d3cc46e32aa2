/**
 * Who is asking. Three credentials: a session cookie (a person), a bearer token (a feed or a wall), a one-time link (the first
 * sign-in). Anything else is nobody. Everything here answers in the same time whether a name exists or not.
 */
import { type Actor, AppError } from '../contract/index.ts';
import type { Database } from '../db/pool.ts';
import { createAttemptLimit } from './attempts.ts';
import { hashPassword, passwordFits } from './passwords.ts';
import { digest, newSecret } from './secrets.ts';
import { type Account, accountByUsername, createSession, createToken, endSession, ensureAccount, findToken, forgetExpired, hasToken, sessionAccount, type TokenRecord, useSignInLink } from './store.ts';

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

export interface Identity {
  identify(credentials: Credentials): Promise<Principal | null>;
  /** @throws AppError `wrong_credentials`, `too_many_requests` */
  signIn(username: string, password: string, address: string): Promise<SignedIn>;
  signInByLink(secret: string, address: string): Promise<SignedIn>;
  signOut(secret: string): Promise<void>;
  /** A fresh one-time link's secret for the first account. */
  issueSignInLink(): Promise<string>;
  /** A token for a feed that this server starts itself; each start makes a new one. */
  issueFeedToken(): Promise<string>;
}

export interface IdentityDeps {
  database: Database;
  now(): number;
  /** Every sign-in and refusal is journaled. */
  record(entry: { kind: string; actor: Actor; detail: Record<string, unknown> }): Promise<void>;
}

/** Opens identity: makes the first account and the seeded ingest token when this is the first start. */
export async function openIdentity(deps: IdentityDeps, seed: { adminPassword: string | undefined; ingestToken: string | undefined }): Promise<Identity> {
  const { database, now } = deps;
  const passwordHash = seed.adminPassword === undefined ? null : await hashPassword(seed.adminPassword);
  await ensureAccount(database, { id: 'admin', username: 'admin', name: '管理员 Administrator', role: 'admin', passwordHash }, now());
  if (seed.ingestToken !== undefined && !(await hasToken(database, 'ingest_seeded'))) {
    await createToken(database, { id: 'ingest_seeded', kind: 'ingest', name: 'INGEST_TOKEN', sourceId: null, accountId: null, tokenHash: digest(seed.ingestToken), now: now(), expiresAt: null });
  }
  await forgetExpired(database, now());
  const attempts = createAttemptLimit();

  const begin = async (account: Account, how: string, address: string): Promise<SignedIn> => {
    const secret = newSecret('cvs');
    const expiresAt = now() + SESSION_ABSOLUTE_MS;
    await createSession(database, { tokenHash: digest(secret), accountId: account.id, now: now(), expiresAt });
    await deps.record({ kind: 'signed_in', actor: actorOf({ kind: 'account', account }), detail: { how, address } });
    return { account, secret, expiresAt };
  };
  const refuse = async (username: string, how: string, address: string): Promise<never> => {
    attempts.failed(`${username} ${address}`, now());
    await deps.record({ kind: 'sign_in_refused', actor: { kind: 'system', id: 'identity', name: 'identity' }, detail: { username: username.slice(0, 100), how, address } });
    throw new AppError('wrong_credentials', how === 'link' ? 'This sign-in link has been used or is too old. Start the server again for a new one.' : 'The name or the password is wrong.');
  };
  const guard = (username: string, address: string): void => {
    const waitMs = attempts.waitMs(`${username} ${address}`, now());
    if (waitMs > 0) throw new AppError('too_many_requests', 'Too many refused sign-ins; wait a little.', { retryAfter: Math.ceil(waitMs / 1000) });
  };

  return {
    async identify({ cookie, bearer }) {
      if (bearer !== undefined) {
        const token = await findToken(database, digest(bearer), now());
        return token === null ? null : { kind: 'token', token };
      }
      if (cookie === undefined) return null;
      const account = await sessionAccount(database, { tokenHash: digest(cookie), now: now(), idleMs: SESSION_IDLE_MS });
      return account === null ? null : { kind: 'account', account };
    },
    async signIn(username, password, address) {
      guard(username, address);
      const account = await accountByUsername(database, username);
      if (!(await passwordFits(password, account?.passwordHash ?? null)) || account === null) return refuse(username, 'password', address);
      attempts.succeeded(`${username} ${address}`);
      return begin(account, 'password', address);
    },
    async signInByLink(secret, address) {
      guard('link', address);
      const account = await useSignInLink(database, digest(secret), now());
      return account === null ? refuse('link', 'link', address) : begin(account, 'link', address);
    },
    signOut: (secret) => endSession(database, digest(secret)),
    async issueSignInLink() {
      const secret = newSecret('cvl');
      await createToken(database, { id: 'sign_in_link', kind: 'sign_in_link', name: 'one-time sign-in link', sourceId: null, accountId: 'admin', tokenHash: digest(secret), now: now(), expiresAt: now() + LINK_MS });
      return secret;
    },
    async issueFeedToken() {
      const secret = newSecret('cvf');
      await createToken(database, { id: 'ingest_feed', kind: 'ingest', name: 'feed of this server', sourceId: null, accountId: null, tokenHash: digest(secret), now: now(), expiresAt: null });
      return secret;
    },
  };
}

export function actorOf(principal: Principal): Actor {
  if (principal.kind === 'account') return { kind: 'account', id: principal.account.id, name: principal.account.name };
  return { kind: 'token', id: principal.token.id, name: principal.token.name };
}
