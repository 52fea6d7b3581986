import type { JsonObject } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

export async function beatLease(
  db: Queryable,
  lease: { process: string; kind: 'app' | 'server' | 'worker'; facts: JsonObject },
): Promise<void> {
  await db.query({
    name: 'beat-lease',
    text: `insert into leases (process, kind, facts) values ($1, $2, $3) on conflict (process) do update set seen_at = now(), facts = excluded.facts`,
    values: [lease.process, lease.kind, JSON.stringify(lease.facts)],
  });
}

export async function endLease(db: Queryable, process: string): Promise<void> {
  await db.query('delete from leases where process = $1', [process]);
}

/** Leases of processes that died long ago. */
export async function sweepLeases(db: Queryable): Promise<void> {
  await db.query(`delete from leases where seen_at < now() - interval '1 hour'`);
}
