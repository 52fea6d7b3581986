import type { JsonObject } from '@holdfast/node-kit';
import { onlyRow, type Queryable } from '../pool.ts';

export interface LeaseBeat {
  process: string;
  kind: 'app' | 'server' | 'worker';
  facts: JsonObject;
  /** No beat of this process has arrived yet. */
  isFirst: boolean;
}

/** A beat. Answers how old the lease was by the database's clock; null: there was none, and but for the first beat there is none now. */
export async function beatLease(db: Queryable, beat: LeaseBeat): Promise<{ ageMs: number | null }> {
  const result = await db.query<{ ageMs: number | null }>({
    name: 'beat-lease',
    text: `with before as (select seen_at from leases where process = $1), kept as (
        insert into leases (process, kind, facts) select $1, $2, $3 where $4 or exists (select 1 from before)
        on conflict (process) do update set seen_at = now(), facts = excluded.facts
      ) select (select extract(epoch from now() - seen_at) * 1000 from before)::float8 as "ageMs"`,
    values: [beat.process, beat.kind, JSON.stringify(beat.facts), beat.isFirst],
  });
  return onlyRow(result.rows);
}

export async function endLease(db: Queryable, process: string): Promise<void> {
  await db.query('delete from leases where process = $1', [process]);
}

/** Leases of processes that died long ago. */
export async function sweepLeases(db: Queryable): Promise<void> {
  await db.query(`delete from leases where seen_at < now() - interval '1 hour'`);
}
