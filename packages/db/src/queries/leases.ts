import type { JsonObject } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

export interface LeaseBeat {
  process: string;
  kind: 'app' | 'server' | 'worker';
  facts: JsonObject;
  /** No beat of this process has arrived yet. */
  isFirst: boolean;
  /** Beyond this age a lease is renewed no more. */
  maxAgeMs: number;
}

/**
 * A beat by the database's clock. False: the lease is gone, or so old that TAKEOVER may have given its runs away, which it does 5 s after
 * the last beat, but not before PostgreSQL itself has been up for 10 s.
 */
export async function beatLease(db: Queryable, beat: LeaseBeat): Promise<boolean> {
  const result = await db.query({
    name: 'beat-lease',
    text: `insert into leases (process, kind, facts) select $1, $2, $3 where $4 or exists (select 1 from leases where process = $1)
      on conflict (process) do update set seen_at = now(), facts = excluded.facts
      where leases.seen_at >= now() - make_interval(secs => $5 / 1000.0) or pg_postmaster_start_time() > now() - interval '9 s'`,
    values: [beat.process, beat.kind, JSON.stringify(beat.facts), beat.isFirst, beat.maxAgeMs],
  });
  return result.rowCount === 1;
}

export async function endLease(db: Queryable, process: string): Promise<void> {
  await db.query('delete from leases where process = $1', [process]);
}

/** Leases of processes that died long ago. */
export async function sweepLeases(db: Queryable): Promise<void> {
  await db.query(`delete from leases where seen_at < now() - interval '1 hour'`);
}
