/**
 * A tar.gz as a file that is either whole under its name or not there. It is written beside its name as `NAME.part`, made durable, and only
 * then given the name; a name that is taken is never written over. Memory: one member at a time, whatever the file's size.
 */
import { once } from 'node:events';
import fs from 'node:fs';
import { link, open, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { extract, pack } from 'tar-stream';
import { OperatorError } from '../../contract/index.ts';

export interface Member {
  name: string;
  bytes: Buffer;
}

export interface ArchiveWriter {
  /** Resolves when the member was taken and the next may come. */
  add(member: Member): Promise<void>;
  /** Makes the file durable and gives it its name; its size in bytes. */
  finish(): Promise<number>;
  /** Leaves nothing behind; safe after any failure. */
  discard(): Promise<void>;
}

/** Ours are a few MB; more can only be a file of something else. */
const LARGEST_MEMBER_BYTES = 256 * 1024 * 1024;
/** Rows compress well at any level, and the server has better uses for the processor. */
const GZIP_LEVEL = 4;

/** Begins `file`. @throws OperatorError when the name is taken, another backup writes it, or the folder cannot be written to. */
export async function createArchive(file: string): Promise<ArchiveWriter> {
  const part = `${file}.part`;
  if (fs.existsSync(file)) throw alreadyThere(file);
  const handle = await open(part, 'wx', 0o600).catch((error: unknown) => {
    throw new OperatorError(
      isCode(error, 'EEXIST') ? `${part} exists: another backup is writing it, or one was killed. Remove it if none is.` : `${part} cannot be written: ${messageOf(error)}`,
    );
  });
  const tar = pack();
  const written = pipeline(tar, createGzip({ level: GZIP_LEVEL }), fs.createWriteStream(part, { fd: handle.fd, autoClose: false }));
  // Told by whoever awaits it; until then a failure must not end the process.
  written.catch(() => undefined);
  return {
    async add({ name, bytes }) {
      const taken = new Promise<void>((resolve, reject) => {
        tar.entry({ name, size: bytes.length, mode: 0o600, mtime: new Date(0) }, bytes, (error) => (error ? reject(error) : resolve()));
      });
      // Whatever ends the writing (a full disk) is the reason, not that the tar was cut off.
      await taken.catch(() => written);
    },
    async finish() {
      tar.finalize();
      await written;
      await handle.sync();
      await handle.close();
      const { size } = await stat(part);
      // `link` fails where `rename` would write over a file that came meanwhile.
      await link(part, file).catch((error: unknown) => {
        throw isCode(error, 'EEXIST') ? alreadyThere(file) : error;
      });
      await rm(part);
      await syncFolder(path.dirname(file));
      return size;
    },
    async discard() {
      tar.destroy();
      await written.catch(() => undefined);
      await handle.close().catch(() => undefined);
      await rm(part, { force: true });
    },
  };
}

/**
 * The members of `file` in their order. The file is proved whole (length and checksum of the compression) only when the last one was taken
 * and the generator has ended. @throws OperatorError for a file that cannot be read, is cut short, or changed.
 */
export async function* readArchive(file: string): AsyncGenerator<Member> {
  const source = fs.createReadStream(file);
  await once(source, 'open').catch((error: unknown) => {
    throw new OperatorError(isCode(error, 'ENOENT') ? `There is no file ${file}.` : `${file} cannot be read: ${messageOf(error)}`);
  });
  const tar = extract();
  const read = pipeline(source, createGunzip(), tar);
  read.catch(() => undefined);
  try {
    for await (const entry of tar) {
      const { name, size = 0 } = entry.header;
      if (size > LARGEST_MEMBER_BYTES) throw new OperatorError(`${file} is no backup of City Vitals: its member ${name} has ${size} bytes.`);
      const parts: Buffer[] = [];
      for await (const bytes of entry) parts.push(bytes as Buffer);
      yield { name, bytes: Buffer.concat(parts) };
    }
    await read;
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw isDamage(error) ? new OperatorError(`${file} is damaged or cut short (${messageOf(error)}). Use another backup.`) : error;
  } finally {
    source.destroy();
  }
}

/** Errors of decompression and of the tar; anything else came from whoever takes the members. */
function isDamage(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    code.startsWith('Z_') ||
    code === 'EIO' ||
    code === 'ERR_STREAM_PREMATURE_CLOSE' ||
    /unexpected end of (data|file)|invalid tar header|stream was destroyed|premature close/i.test(messageOf(error))
  );
}

/** A name is on disk only once its folder is; Windows opens no folders. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync();
  await handle.close();
}

function alreadyThere(file: string): OperatorError {
  return new OperatorError(`${file} exists, and a backup is never written over another. Name a new file.`);
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
