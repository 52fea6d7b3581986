import type { Queryable } from '../pool.ts';

/** Processes that beat within the last 5 s, by the database's clock. */
export async function listLiveProcesses(db: Queryable): Promise<{ process: string; kind: string; facts: Record<string, unknown> }[]> {
  const { rows } = await db.query<{ process: string; kind: string; facts: Record<string, unknown> }>(
    `select process, kind, facts from leases where seen_at > now() - interval '5 seconds'`,
  );
  return rows;
}

export interface Gauges {
  runs: { status: string; count: number }[];
  sends: { state: string; count: number }[];
  pendingInbox: number;
  dueRuns: number;
  openHandoffs: number;
}
/** Everything that /metrics counts in the database, over all workspaces; one statement. */
export async function countGauges(db: Queryable): Promise<Gauges> {
  const { rows } = await db.query<Gauges>(
    `select coalesce((select jsonb_agg(jsonb_build_object('status', status, 'count', count)) from (select status, count(*)::int from runs where status <> 'ended' group by status) x), '[]') as runs,
            coalesce((select jsonb_agg(jsonb_build_object('state', state, 'count', count)) from (select state, count(*)::int from effects where kind = 'send' group by state) x), '[]') as sends,
            (select count(*)::int from inbox where state = 'pending') as "pendingInbox",
            (select count(*)::int from runs where ring_at is not null and ring_at <= now()) as "dueRuns",
            (select count(*)::int from handoffs where status in ('open', 'claimed')) as "openHandoffs"`,
  );
  return rows[0] ?? { runs: [], sends: [], pendingInbox: 0, dueRuns: 0, openHandoffs: 0 };
}
