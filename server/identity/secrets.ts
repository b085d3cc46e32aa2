/** Random secrets and their digests. A secret is shown once; the store keeps only its SHA-256. */
import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, URL-safe; `prefix` tells a reader of a log or a diff what leaked. */
export function newSecret(prefix: string): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`;
}

export function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
