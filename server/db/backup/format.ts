/**
 * What a backup is: a tar.gz of members in one order. `manifest.json` says whose store it was and what its tables are; then come the rows
 * of one table after the other, in chunks of PostgreSQL's COPY text (`reading/000001.copy`); `checksums.json` is the last member and
 * holds rows and SHA-256 of each table and of the manifest. A file without a last member that agrees with all before it is no backup.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';

/** Raised when an older version could no longer read the file. */
export const FORMAT_VERSION = 1;
export const MANIFEST = 'manifest.json';
export const CHECKSUMS = 'checksums.json';

const columnSchema = z.object({ name: z.string(), type: z.string() });

const tableSchema = z.object({
  name: z.string(),
  columns: z.array(columnSchema).min(1),
  /** Names of the month partitions that hold the rows, oldest first; null: the table is not partitioned. */
  partitions: z.array(z.string()).nullable(),
});

const manifestSchema = z.object({
  format: z.literal(FORMAT_VERSION),
  /** Version of the product that wrote the file. */
  version: z.string(),
  city: z.string(),
  timeZone: z.string(),
  engine: z.literal('postgresql'),
  /** The instant at which the store was as the file says, ISO 8601. */
  takenAt: z.string(),
  migrations: z.array(z.object({ number: z.int(), name: z.string(), hash: z.string() })).min(1),
  /** In an order in which no row refers to a table that comes later. */
  tables: z.array(tableSchema).min(1),
});

const checksumsSchema = z.object({
  manifest: z.string(),
  tables: z.array(z.object({ name: z.string(), rows: z.int().nonnegative(), bytes: z.int().nonnegative(), sha256: z.string() })),
  /** The last number that each sequence gave out; null: none yet. */
  sequences: z.array(z.object({ name: z.string(), last: z.int().nullable() })),
});

export type TableEntry = z.infer<typeof tableSchema>;
export type Manifest = z.infer<typeof manifestSchema>;
export type Checksums = z.infer<typeof checksumsSchema>;
export type TableSum = Checksums['tables'][number];

export type ManifestAnswer = { ok: true; manifest: Manifest } | { ok: false; reason: string };

/** The manifest, or in half a sentence why these bytes are none that this version can read. */
export function readManifest(bytes: Buffer): ManifestAnswer {
  const value = parseJson(bytes);
  const format = z.object({ format: z.int() }).safeParse(value);
  if (format.success && format.data.format > FORMAT_VERSION)
    return { ok: false, reason: `was written by a newer version of City Vitals (format ${format.data.format}): use that version` };
  const result = manifestSchema.safeParse(value);
  return result.success ? { ok: true, manifest: result.data } : { ok: false, reason: 'is no backup of City Vitals, or its manifest is damaged' };
}

/** Null when the bytes are no checksums. */
export function readChecksums(bytes: Buffer): Checksums | null {
  return checksumsSchema.safeParse(parseJson(bytes)).data ?? null;
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
}

export function toMember(value: Manifest | Checksums): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`, 'utf8');
}

/** Name of the nth chunk of a table, from 1. */
export function chunkName(table: string, n: number): string {
  return `${table}/${String(n).padStart(6, '0')}.copy`;
}

/** The table and number of a chunk, or null for another name. */
export function parseChunkName(name: string): { table: string; n: number } | null {
  const match = /^([^/]+)\/(\d{6,})\.copy$/.exec(name);
  return match === null ? null : { table: match[1] as string, n: Number(match[2]) };
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
