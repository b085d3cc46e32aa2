/** Accounts, sessions and tokens in the store. Secrets come and go as digests only. */
import { type Database, instant } from '../db/pool.ts';

export interface Account {
  id: string;
  username: string;
  name: string;
  role: 'admin';
  passwordHash: string | null;
}

interface AccountRow {
  id: string;
  username: string;
  name: string;
  role: 'admin';
  password_hash: string | null;
}

const toAccount = (row: AccountRow): Account => ({ id: row.id, username: row.username, name: row.name, role: row.role, passwordHash: row.password_hash });
const ACCOUNT = 'a.id, a.username, a.name, a.role, a.password_hash';

/** Makes the first account unless it exists; true when it was made now. */
async function ensureAccount(database: Database, account: Account, now: number): Promise<boolean> {
  const { rowCount } = await database.query('insert into account (id, username, name, role, password_hash, created_at) values ($1, $2, $3, $4, $5, $6) on conflict do nothing', [
    account.id,
    account.username,
    account.name,
    account.role,
    account.passwordHash,
    instant(now),
  ]);
  return rowCount === 1;
}

async function accountByUsername(database: Database, username: string): Promise<Account | null> {
  const { rows } = await database.query<AccountRow>(`select ${ACCOUNT} from account a where a.username = $1`, [username]);
  return rows[0] === undefined ? null : toAccount(rows[0]);
}

async function createSession(database: Database, session: { tokenHash: Buffer; accountId: string; now: number; expiresAt: number }): Promise<void> {
  await database.query('insert into session (token_hash, account_id, created_at, last_seen_at, expires_at) values ($1, $2, $3, $3, $4)', [
    session.tokenHash,
    session.accountId,
    instant(session.now),
    instant(session.expiresAt),
  ]);
}

async function sessionAccount(database: Database, session: { tokenHash: Buffer; now: number; idleMs: number }): Promise<Account | null> {
  const { rows } = await database.query<AccountRow & { last_seen_at: number }>(
    `select ${ACCOUNT}, s.last_seen_at from session s join account a on a.id = s.account_id where s.token_hash = $1 and s.expires_at > $2 and s.last_seen_at > $3`,
    [session.tokenHash, instant(session.now), instant(session.now - session.idleMs)],
  );
  const row = rows[0];
  if (row === undefined) return null;
  // Once a minute is enough to know that somebody is there.
  if (session.now - row.last_seen_at > 60_000) await database.query('update session set last_seen_at = $2 where token_hash = $1', [session.tokenHash, instant(session.now)]);
  return toAccount(row);
}

async function endSession(database: Database, tokenHash: Buffer): Promise<void> {
  await database.query('delete from session where token_hash = $1', [tokenHash]);
}

/** Sessions and links whose time is over leave no trace. */
async function forgetExpired(database: Database, now: number): Promise<void> {
  await database.query('delete from session where expires_at < $1', [instant(now)]);
  await database.query("delete from token where kind = 'sign_in_link' and expires_at < $1", [instant(now)]);
}

export type TokenKind = 'ingest' | 'wall' | 'sign_in_link';

export interface TokenRecord {
  id: string;
  kind: TokenKind;
  name: string;
  sourceId: string | null;
  accountId: string | null;
}

async function createToken(database: Database, token: TokenRecord & { tokenHash: Buffer; now: number; expiresAt: number | null }): Promise<void> {
  await database.query(
    `insert into token (id, kind, name, token_hash, source_id, account_id, created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (id) do update set token_hash = excluded.token_hash, expires_at = excluded.expires_at, used_at = null, revoked_at = null, created_at = excluded.created_at`,
    [token.id, token.kind, token.name, token.tokenHash, token.sourceId, token.accountId, instant(token.now), token.expiresAt === null ? null : instant(token.expiresAt)],
  );
}

async function hasToken(database: Database, id: string): Promise<boolean> {
  const { rowCount } = await database.query('select from token where id = $1', [id]);
  return rowCount === 1;
}

interface TokenRow {
  id: string;
  kind: TokenKind;
  name: string;
  source_id: string | null;
  account_id: string | null;
}

const toToken = (row: TokenRow): TokenRecord => ({ id: row.id, kind: row.kind, name: row.name, sourceId: row.source_id, accountId: row.account_id });

async function findToken(database: Database, tokenHash: Buffer, now: number): Promise<TokenRecord | null> {
  const { rows } = await database.query<TokenRow>(
    "select id, kind, name, source_id, account_id from token where token_hash = $1 and kind <> 'sign_in_link' and revoked_at is null and (expires_at is null or expires_at > $2)",
    [tokenHash, instant(now)],
  );
  return rows[0] === undefined ? null : toToken(rows[0]);
}

export interface ListedToken extends TokenRecord {
  createdAt: number;
  revokedAt: number | null;
}

/** Tokens that feeds and walls use, revoked ones too; no secret is among it. */
async function listTokens(database: Database): Promise<ListedToken[]> {
  const { rows } = await database.query<TokenRow & { created_at: number; revoked_at: number | null }>(
    "select id, kind, name, source_id, account_id, created_at, revoked_at from token where kind <> 'sign_in_link' order by created_at, id",
  );
  return rows.map((row) => ({ ...toToken(row), createdAt: row.created_at, revokedAt: row.revoked_at }));
}

/** True when the token was valid until now. */
async function revokeToken(database: Database, id: string, now: number): Promise<boolean> {
  const { rowCount } = await database.query("update token set revoked_at = $2 where id = $1 and kind <> 'sign_in_link' and revoked_at is null", [id, instant(now)]);
  return rowCount === 1;
}

/** Uses a one-time link up: of two callers at once, one gets the account. */
async function spendSignInLink(database: Database, tokenHash: Buffer, now: number): Promise<Account | null> {
  const { rows } = await database.query<AccountRow>(
    `with used as (update token set used_at = $2 where token_hash = $1 and kind = 'sign_in_link' and used_at is null and revoked_at is null and expires_at > $2 returning account_id)
     select ${ACCOUNT} from used join account a on a.id = used.account_id`,
    [tokenHash, instant(now)],
  );
  return rows[0] === undefined ? null : toAccount(rows[0]);
}

/** The store's verbs, bound to one database: what the rest of identity sees of it. */
export function createIdentityStore(database: Database) {
  return {
    ensureAccount: (account: Account, now: number) => ensureAccount(database, account, now),
    accountByUsername: (username: string) => accountByUsername(database, username),
    createSession: (session: Parameters<typeof createSession>[1]) => createSession(database, session),
    sessionAccount: (session: Parameters<typeof sessionAccount>[1]) => sessionAccount(database, session),
    endSession: (tokenHash: Buffer) => endSession(database, tokenHash),
    forgetExpired: (now: number) => forgetExpired(database, now),
    createToken: (token: Parameters<typeof createToken>[1]) => createToken(database, token),
    hasToken: (id: string) => hasToken(database, id),
    findToken: (tokenHash: Buffer, now: number) => findToken(database, tokenHash, now),
    listTokens: () => listTokens(database),
    revokeToken: (id: string, now: number) => revokeToken(database, id, now),
    spendSignInLink: (tokenHash: Buffer, now: number) => spendSignInLink(database, tokenHash, now),
  };
}

export type IdentityStore = ReturnType<typeof createIdentityStore>;
