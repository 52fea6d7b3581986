import type { Queryable } from '../pool.ts';
import type { CallWindow, ProviderName } from './providers.ts';

export interface ProviderView {
  key: string;
  kind: string;
  name: string;
  limits: CallWindow[] | null;
  learnt: CallWindow[] | null;
  pausedAt: string | null;
  pausedBy: string | null;
  pauseNote: string | null;
  downSince: string | null;
  probeAt: string | null;
  heldUntil: string | null;
  lastOkAt: string | null;
  lastErrorAt: string | null;
  lastError: { code: string; title: string; detail: string; hint?: string } | null;
  /** Within the last hour. */
  calls: { ok: number; failed: number; limited: number; averageMs: number | null };
  waiting: { count: number; since: string | null };
}

/** A call that has not come again for a minute after its time will not come: its run was ended, or led elsewhere. */
const stillWaits = `r.status not in ('ended', 'paused', 'attention') and h.until > now() - interval '1 minute'`;

const columns = `p.key, p.kind, coalesce(c.name, p.name) as name, p.limits, case when p.learnt_until > now() then p.learnt end as learnt,
  iso(p.paused_at) as "pausedAt", p.paused_by as "pausedBy", p.pause_note as "pauseNote",
  case when p.breaker = 'open' then iso(p.opened_at) end as "downSince", case when p.breaker = 'open' then iso(p.probe_at) end as "probeAt",
  case when p.held_until > now() then iso(p.held_until) end as "heldUntil",
  iso(p.last_ok_at) as "lastOkAt", iso(p.last_error_at) as "lastErrorAt", p.last_error as "lastError",
  (select json_build_object('ok', coalesce(sum(n.ok), 0), 'failed', coalesce(sum(n.failed), 0), 'limited', coalesce(sum(n.limited), 0),
      'averageMs', round(sum(n.total_ms)::numeric / nullif(sum(n.ok), 0)))
     from provider_counts n where n.workspace_id = p.workspace_id and n.provider = p.key and n.bucket > now() - interval '1 hour') as calls,
  (select json_build_object('count', count(*), 'since', iso(min(h.since)))
     from held_calls h join runs r on r.id = h.run_id where h.workspace_id = p.workspace_id and h.provider = p.key and ${stillWaits}) as waiting
  from providers p left join credentials c on c.workspace_id = p.workspace_id and c.id = split_part(p.key, ':', 2)`;

/** The accounts that calls go to: what needs a person first, then what was called last. */
export async function listProviderViews(db: Queryable, workspaceId: string): Promise<ProviderView[]> {
  const { rows } = await db.query<ProviderView>(
    `select ${columns} where p.workspace_id = $1
      order by p.paused_at is null, p.breaker <> 'open', greatest(p.last_ok_at, p.last_error_at) desc nulls last, p.key limit 500`,
    [workspaceId],
  );
  return rows;
}

export async function loadProviderView(db: Queryable, { workspaceId, key }: ProviderName): Promise<ProviderView | null> {
  const { rows } = await db.query<ProviderView>(`select ${columns} where p.workspace_id = $1 and p.key = $2`, [workspaceId, key]);
  return rows[0] ?? null;
}

export async function pauseProvider(
  db: Queryable,
  { workspaceId, key, by, note }: ProviderName & { by: string; note: string },
): Promise<void> {
  await db.query(
    `update providers set paused_at = coalesce(paused_at, now()), paused_by = $3, pause_note = nullif($4, ''), changed_at = clock_timestamp() where workspace_id = $1 and key = $2`,
    [workspaceId, key, by, note],
  );
}

/** Null: what its kind or its answers say. */
export async function setProviderLimits(
  db: Queryable,
  { workspaceId, key, limits }: ProviderName & { limits: readonly CallWindow[] | null },
): Promise<void> {
  await db.query(`update providers set limits = $3, changed_at = clock_timestamp() where workspace_id = $1 and key = $2`, [
    workspaceId,
    key,
    limits === null ? null : JSON.stringify(limits),
  ]);
  await forgetLine(db, { workspaceId, key });
}

/** Answers whose calls wait, in their order. */
export async function resumeProvider(db: Queryable, { workspaceId, key }: ProviderName): Promise<string[]> {
  await db.query(
    `update providers set paused_at = null, paused_by = null, pause_note = null, changed_at = clock_timestamp() where workspace_id = $1 and key = $2`,
    [workspaceId, key],
  );
  await forgetLine(db, { workspaceId, key });
  const { rows } = await db.query<{ runId: string }>(
    `select h.run_id as "runId" from held_calls h join runs r on r.id = h.run_id
      where h.workspace_id = $1 and h.provider = $2 and h.code = 'upstream.paused' and ${stillWaits} order by h.since, h.run_id limit 10000`,
    [workspaceId, key],
  );
  return rows.map((row) => row.runId);
}

/** Its places were given out under what no longer holds. */
async function forgetLine(db: Queryable, { workspaceId, key }: ProviderName): Promise<void> {
  await db.query('delete from throttles where key = $1', [`${workspaceId}/${key}/~line`]);
}
