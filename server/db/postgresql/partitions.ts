/**
 * Month partitions of `reading` and `reading_1m`. One is made before its first row arrives, in a transaction of its own, so that the copying
 * transaction never waits for the lock that making one takes.
 */
import { type Database, instant, type Queryable } from '../pool.ts';

/** A UTC month as a number: year × 12 + month. */
function monthOf(ms: number): number {
  const date = new Date(ms);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function startOf(month: number): number {
  return Date.UTC(Math.floor(month / 12), month % 12, 1);
}

function nameOf(relation: string, month: number): string {
  return `${relation}_${Math.floor(month / 12)}_${String((month % 12) + 1).padStart(2, '0')}`;
}

export interface Partitions {
  /** Makes sure that every month of `times` (epoch ms, any order) has its partition. Cheap when they are known. */
  ensure(times: ArrayLike<number>): Promise<void>;
  /** A partition was dropped: it is made again if its time is asked for. */
  forget(name: string): void;
}

export type Partitioned = 'reading' | 'reading_1m';

export function createPartitions(database: Database, relation: Partitioned): Partitions {
  const known = new Set<number>();
  const making = new Map<number, Promise<void>>();

  const make = async (month: number): Promise<void> => {
    const name = nameOf(relation, month);
    await database.transaction(async (connection) => {
      // `if not exists` alone still races between two servers; the lock makes the second one wait and then see it.
      await connection.query("select pg_advisory_xact_lock(hashtext('reading_partition'))");
      await connection.query(`create table if not exists ${name} partition of ${relation} for values from ('${instant(startOf(month))}') to ('${instant(startOf(month + 1))}')`);
    });
    known.add(month);
  };

  return {
    forget(name) {
      for (const month of known) if (nameOf(relation, month) === name) known.delete(month);
    },
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

export interface Partition {
  name: string;
  /** First instant after it, epoch ms. */
  end: number;
}

/** The partitions of a relation, oldest first. */
export async function listPartitions(connection: Queryable, relation: Partitioned): Promise<Partition[]> {
  const { rows } = await connection.query<{ name: string }>(
    'select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = $1::regclass order by 1',
    [relation],
  );
  return rows.flatMap(({ name }) => {
    const match = /_(\d{4})_(\d\d)$/.exec(name);
    return match === null ? [] : [{ name, end: startOf(Number(match[1]) * 12 + Number(match[2])) }];
  });
}
