/**
 * One live server per database directory. A claim is a listening socket: the system closes it with its process however that ends, so a
 * claim cannot outlive its server, a reused process number cannot pass for one, and it holds between containers that share a volume.
 *
 * Claims have names that are never used twice and are put in place already listening. Whoever finds one that refuses connections may
 * therefore remove it without a race. A server holds the directory once it has looked and seen no live claim but its own; since each
 * puts its claim in place before it looks, two can never both see none. Of those still deciding, the smallest name goes first.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgresError, systemCode } from './errors.ts';
import { fitsSocketPath, type Home, shortName } from './home.ts';

export interface Claim {
  /** Lets the directory go; safe to call again. */
  release(): Promise<void>;
}

/** Undecided claims settle in a few milliseconds; this bounds a stopped process that never will. */
const decidedWithinMs = 10_000;
/** A live server whose event loop is busy accepts but does not answer; it is taken at once for one that holds. */
const answerWithinMs = 1_000;
const turnMs = 20;
const prefix = 'claim-';
const deciding = 'deciding';
const silentHolder = 'another live server';

/** Claims `home` for this process. Throws `already_in_use` when another live server, or this one, holds it. */
export async function claimHome(home: Home): Promise<Claim> {
  if (process.platform === 'win32') return claimPipe(home);
  const folder = openFolder(home);
  try {
    return await elect(home, folder);
  } catch (error) {
    folder.close();
    throw error;
  }
}

/** A turn each: look; claim when nobody else is there; hold when still alone; give way to a holder or to a smaller name. */
async function elect(home: Home, folder: Folder): Promise<Claim> {
  const deadline = performance.now() + decidedWithinMs;
  let own: OwnClaim | null = null;
  for (;;) {
    const others: LiveClaim[] = await liveClaims(folder, own?.name ?? null);
    const holder = others.find((other) => other.holder !== null)?.holder ?? null;
    const outOfTime = performance.now() >= deadline;
    if (own !== null) {
      const { name } = own;
      if (others.length === 0) return hold(own, folder);
      if (holder !== null || outOfTime || others.some((other) => other.name < name)) {
        await withdraw(own, folder);
        own = null;
      }
    } else if (others.length === 0) {
      own = await putClaim(folder);
      continue;
    }
    if (holder !== null || outOfTime) throw alreadyInUse(home, holder ?? 'another server that is starting');
    await sleep(turnMs);
  }
}

interface OwnClaim {
  readonly name: string;
  readonly server: net.Server;
  holds: boolean;
}

interface LiveClaim {
  readonly name: string;
  /** Who holds the directory by this claim; null while its server is still deciding. */
  readonly holder: string | null;
}

interface Folder {
  readonly path: string;
  close(): void;
}

/**
 * The folder of claims under a path short enough for sockets. On Linux an open folder has one whatever its true length, so that servers
 * meet in the directory itself; elsewhere a long directory falls back to a folder under `/tmp`.
 */
function openFolder(home: Home): Folder {
  if (fitsSocketPath(home.claims, `${prefix}00000000`)) return { path: home.claims, close: () => undefined };
  if (process.platform !== 'linux') return { path: home.sockets, close: () => undefined };
  const descriptor = fs.openSync(home.claims, 'r');
  return { path: `/proc/self/fd/${descriptor}`, close: () => fs.closeSync(descriptor) };
}

async function putClaim(folder: Folder): Promise<OwnClaim> {
  const id = randomBytes(4).toString('hex');
  const claim: OwnClaim = {
    name: prefix + id,
    holds: false,
    server: net.createServer((socket) => void socket.on('error', () => undefined).end(claim.holds ? `process ${process.pid}` : deciding)),
  };
  const unready = path.join(folder.path, `new-${id}`);
  // `exclusive`: a cluster worker must listen by itself, not through its parent.
  claim.server.listen({ path: unready, exclusive: true });
  await once(claim.server, 'listening');
  claim.server.unref();
  fs.renameSync(unready, path.join(folder.path, claim.name));
  return claim;
}

async function withdraw(claim: OwnClaim, folder: Folder): Promise<void> {
  fs.rmSync(path.join(folder.path, claim.name), { force: true });
  claim.server.close();
  await once(claim.server, 'close');
}

function hold(claim: OwnClaim, folder: Folder): Claim {
  claim.holds = true;
  let released: Promise<void> | null = null;
  return {
    release: () => {
      released ??= withdraw(claim, folder).finally(() => folder.close());
      return released;
    },
  };
}

async function liveClaims(folder: Folder, ownName: string | null): Promise<LiveClaim[]> {
  const names = fs.readdirSync(folder.path).filter((name) => name.startsWith(prefix) && name !== ownName);
  const asked = await Promise.all(names.map(async (name) => ({ name, answer: await ask(path.join(folder.path, name)) })));
  return asked.flatMap(({ name, answer }) => {
    if (answer !== 'dead') return [{ name, holder: answer === deciding ? null : answer }];
    fs.rmSync(path.join(folder.path, name), { force: true });
    return [];
  });
}

/**
 * 'dead' only when the system says that nobody listens. A connection cut short is a claim being withdrawn: look again. Anything else that
 * is unclear counts as a live holder, since the cost of being wrong is the data.
 */
function ask(socketPath: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = net.connect(socketPath);
    const end = (result: string): void => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(answerWithinMs, () => end(silentHolder));
    socket.on('data', (chunk) => {
      answer += chunk.toString('utf8');
    });
    socket.once('end', () => end(answer === '' ? deciding : answer));
    socket.once('error', (error) => end(meaningOf(systemCode(error))));
  });
}

function meaningOf(code: string): string {
  if (code === 'ECONNREFUSED' || code === 'ENOENT') return 'dead';
  return code === 'ECONNRESET' || code === 'EPIPE' ? deciding : silentHolder;
}

/** On Windows a pipe's name is free again as soon as its process has ended, and taken names are refused: no more is needed. */
async function claimPipe(home: Home): Promise<Claim> {
  const server = net.createServer((socket) => void socket.end());
  server.listen(`\\\\.\\pipe\\${shortName(home.root)}`);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw systemCode(error) === 'EADDRINUSE' ? alreadyInUse(home, 'another server') : error;
  }
  server.unref();
  return { release: () => new Promise((resolve) => void server.close(() => resolve())) };
}

function alreadyInUse(home: Home, holder: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'already_in_use',
    `The database in ${home.root} is in use by ${holder}. Stop that server first, or give this one another directory with DATA_DIR.`,
  );
}
