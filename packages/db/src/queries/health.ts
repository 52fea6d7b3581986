import { onlyRow, type Queryable } from '../pool.ts';

export interface LiveProcess {
  process: string;
  kind: string;
  facts: Record<string, unknown>;
  /** Since its last beat. */
  ageMs: number;
}

/** Processes that beat within the last 5 s, by the database's clock. */
export async function listLiveProcesses(db: Queryable): Promise<LiveProcess[]> {
  const { rows } = await db.query<LiveProcess>(
    `select process, kind, facts, (extract(epoch from now() - seen_at) * 1000)::float8 as "ageMs" from leases where seen_at > now() - interval '5 seconds'`,
  );
  return rows;
}

/** What waits in line, and for how long the first has. */
interface Line {
  count: number;
  oldestSeconds: number;
}
export interface Gauges {
  runs: { status: string; lane: string; count: number }[];
  /** Sends that are not settled for good. */
  sends: { state: string; count: number }[];
  inbox: Line;
  starts: Line;
  queued: Line;
  handoffs: Line;
}
const line = (from: string, since: string): string =>
  `(select jsonb_build_object('count', count(*)::int, 'oldestSeconds', coalesce(extract(epoch from now() - min(${since})), 0)) from ${from})`;
const grouped = (by: string, from: string): string =>
  `coalesce((select jsonb_agg(x) from (select ${by}, count(*)::int as count from ${from} group by ${by}) x), '[]')`;

/** Everything that /metrics counts in the database, over all workspaces; one statement, which reads what is open and not what was. */
export async function countGauges(db: Queryable): Promise<Gauges> {
  const { rows } = await db.query<Gauges>(
    `select ${grouped('status, lane', `runs where status <> 'ended'`)} as runs,
      ${grouped('state', `(select state from effects where kind = 'send' and state = 'planned' union all select state from effects where state = 'dispatching' and kind = 'send' union all select state from effects where state = 'unknown' and kind = 'send') e`)} as sends,
      ${line(`inbox where state = 'pending'`, 'received_at')} as inbox, ${line(`runs where lane = 'handover' and ring_at <= now()`, 'updated_at')} as starts,
      ${line(`runs where lane = 'queued'`, 'started_at')} as queued, ${line(`handoffs where status in ('open', 'claimed')`, 'opened_at')} as handoffs`,
  );
  return onlyRow(rows);
}
