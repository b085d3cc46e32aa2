/**
 * Month partitions of `reading`. One is made before its first row arrives, in a transaction of its own, so that the copying
 * transaction never waits for the lock that making one takes.
 */
import { type Database, instant } from './pool.ts';

/** A UTC month as a number: year × 12 + month. */
function monthOf(ms: number): number {
  const date = new Date(ms);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function startOf(month: number): number {
  return Date.UTC(Math.floor(month / 12), month % 12, 1);
}

export interface Partitions {
  /** Makes sure that every month of `times` (epoch ms, any order) has its partition. Cheap when they are known. */
  ensure(times: ArrayLike<number>): Promise<void>;
}

export function createPartitions(database: Database): Partitions {
  const known = new Set<number>();
  const making = new Map<number, Promise<void>>();

  const make = async (month: number): Promise<void> => {
    const year = Math.floor(month / 12);
    const name = `reading_${year}_${String((month % 12) + 1).padStart(2, '0')}`;
    await database.transaction(async (connection) => {
      // `if not exists` alone still races between two servers; the lock makes the second one wait and then see it.
      await connection.query("select pg_advisory_xact_lock(hashtext('reading_partition'))");
      await connection.query(`create table if not exists ${name} partition of reading for values from ('${instant(startOf(month))}') to ('${instant(startOf(month + 1))}')`);
    });
    known.add(month);
  };

  return {
    async ensure(times) {
      let lastMonth = -1;
      let from = 0;
      let to = 0;
      const missing = new Set<number>();
      for (let i = 0; i < times.length; i++) {
        const t = times[i] as number;
        if (t >= from && t < to) continue;
        lastMonth = monthOf(t);
        from = startOf(lastMonth);
        to = startOf(lastMonth + 1);
        if (!known.has(lastMonth)) missing.add(lastMonth);
      }
      for (const month of missing) {
        let promise = making.get(month);
        if (promise === undefined) {
          promise = make(month).finally(() => making.delete(month));
          making.set(month, promise);
        }
        await promise;
      }
    },
  };
}
