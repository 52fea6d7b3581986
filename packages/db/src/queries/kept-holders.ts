import type { Queryable } from '../pool.ts';
import type { ProviderName } from './providers.ts';

/** How many wait only because this one does not go: those of its order key, or, while it `isFirst` and fails, all behind it. */
export async function countBehindKept(
  db: Queryable,
  { workspaceId, key, id, isFirst }: ProviderName & { id: string; isFirst: boolean },
): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::int as count from kept_calls k join kept_calls o on o.id = $3
      where k.workspace_id = $1 and k.provider = $2 and k.state = 'waiting' and k.seq > o.seq and ($4 or (o.order_key <> '' and k.order_key = o.order_key))`,
    [workspaceId, key, id, isFirst],
  );
  return rows[0]?.count ?? 0;
}

/** What a run's steps kept and nobody has delivered, discarded or seen arrive: its steps, and for people what they would do. */
export async function openKeptOf(db: Queryable, runId: string): Promise<{ stepId: string; what: string }[]> {
  const { rows } = await db.query<{ stepId: string; what: string }>(
    `select step_id as "stepId", what from kept_calls where run_id = $1 and state in ('waiting', 'dispatching', 'stopped') order by seq`,
    [runId],
  );
  return rows;
}

/** How many that are kept and still open go out with this credential: without it none ever could. */
export async function countKeptWith(
  db: Queryable,
  { workspaceId, credential }: { workspaceId: string; credential: string },
): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::int as count from kept_calls where workspace_id = $1 and state in ('waiting', 'dispatching', 'stopped') and strpos(request::text, $2) > 0`,
    [workspaceId, JSON.stringify(credential)],
  );
  return rows[0]?.count ?? 0;
}

/** Where nothing of a line can go: the call behind which the one waits that was kept first. */
export async function holderOfLine(
  db: Queryable,
  { workspaceId, key }: ProviderName,
): Promise<{ id: string; what: string; problem: { detail?: string } | null; heldMs: number } | null> {
  const { rows } = await db.query<{ id: string; what: string; problem: { detail?: string } | null; heldMs: number }>(
    `select b.id, b.what, b.problem, (1000 * extract(epoch from clock_timestamp() - b.settled_at))::float8 as "heldMs" from kept_calls k
      join kept_calls b on b.workspace_id = k.workspace_id and b.provider = k.provider and b.order_key = k.order_key and b.state = 'stopped' and b.seq < k.seq
      where k.workspace_id = $1 and k.provider = $2 and k.state = 'waiting' and k.order_key <> '' order by k.seq, b.seq limit 1`,
    [workspaceId, key],
  );
  return rows[0] ?? null;
}
