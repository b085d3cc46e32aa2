/** Reads a whole backup and proves it: every member there, in order, and as it was written. Nothing is done with a file before it has passed. */
import { createHash, type Hash } from 'node:crypto';
import { OperatorError } from '../../contract/index.ts';
import { readArchive } from './archive.ts';
import { CHECKSUMS, type Checksums, MANIFEST, type Manifest, parseChunkName, readChecksums, readManifest, sha256 } from './format.ts';

export interface Verified {
  manifest: Manifest;
  checksums: Checksums;
}

/** @throws OperatorError that says what is wrong with `file`. */
export async function verifyBackup(file: string): Promise<Verified> {
  const damaged = (what: string): OperatorError => new OperatorError(`${file} is damaged or was changed: ${what}. Use another backup.`);
  const sums = new Map<string, { hash: Hash; bytes: number; chunks: number }>();
  let manifest: { value: Manifest; sha256: string } | null = null;
  let checksums: Checksums | null = null;
  for await (const { name, bytes } of readArchive(file)) {
    if (checksums !== null) throw damaged(`${name} follows the last member`);
    if (manifest === null) {
      const answer = readManifest(name === MANIFEST ? bytes : Buffer.alloc(0));
      if (!answer.ok) throw new OperatorError(`${file} ${answer.reason}.`);
      manifest = { value: answer.manifest, sha256: sha256(bytes) };
    } else if (name === CHECKSUMS) {
      checksums = readChecksums(bytes);
      if (checksums === null) throw damaged(`${name} cannot be read`);
    } else {
      const chunk = parseChunkName(name);
      const sum = sums.get(chunk?.table ?? '') ?? { hash: createHash('sha256'), bytes: 0, chunks: 0 };
      if (chunk === null || chunk.n !== sum.chunks + 1) throw damaged(`${name} does not belong here`);
      sum.hash.update(bytes);
      sums.set(chunk.table, { hash: sum.hash, bytes: sum.bytes + bytes.length, chunks: chunk.n });
    }
  }
  if (manifest === null || checksums === null) throw new OperatorError(`${file} is cut short: its last member ${CHECKSUMS} is missing. Use another backup.`);
  if (checksums.manifest !== manifest.sha256) throw damaged(`${MANIFEST} is not the one that was written`);
  const expected = new Map(checksums.tables.map((table) => [table.name, table]));
  for (const { name } of manifest.value.tables) {
    const sum = sums.get(name);
    const sha = (sum?.hash ?? createHash('sha256')).digest('hex');
    const wanted = expected.get(name);
    if (wanted === undefined || sha !== wanted.sha256 || (sum?.bytes ?? 0) !== wanted.bytes) throw damaged(`the rows of ${name} are not those that were written`);
    sums.delete(name);
    expected.delete(name);
  }
  const [strange] = [...sums.keys(), ...expected.keys()];
  if (strange !== undefined) throw damaged(`${MANIFEST} knows no table ${strange}`);
  return { manifest: manifest.value, checksums };
}
