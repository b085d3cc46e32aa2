/** Passwords by argon2id (RFC 9106), through a kept library. Costs: 19 MiB, 2 passes, 1 lane, as OWASP's password storage sheet (2024) sets for argon2id. */
import { hash, verify } from '@node-rs/argon2';

const costs = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export function hashPassword(password: string): Promise<string> {
  return hash(password, costs);
}

let decoy: Promise<string> | null = null;

/** Whether `password` fits `stored`. An account without a password takes just as long to say no. */
export async function passwordFits(password: string, stored: string | null): Promise<boolean> {
  decoy ??= hashPassword('no account has this password');
  const fits = await verify(stored ?? (await decoy), password);
  return fits && stored !== null;
}
