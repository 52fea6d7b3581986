import type { Queryable } from '../pool.ts';
import { redealHeld, stillWaits } from './held-calls.ts';
import { hurryKeptLine } from './kept-calls.ts';
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
  /** Since when nothing new is taken. */
  drainingAt: string | null;
  downSince: string | null;
  probeAt: string | null;
  heldUntil: string | null;
  lastOkAt: string | null;
  lastErrorAt: string | null;
  lastError: { code: string; title: string; detail: string; hint?: string } | null;
  /** Within the last hour. */
  calls: { ok: number; failed: number; limited: number; averageMs: number | null };
  waiting: { count: number; since: string | null };
  /** Calls kept for later. */
  kept: { waiting: number; stopped: number; since: string | null };
}

const columns = `p.key, p.kind, coalesce(c.name, h.name, p.name || ' (' || a.name || ')', p.name) as name, p.limits, case when p.learnt_until > now() then p.learnt end as learnt,
  iso(p.paused_at) as "pausedAt", p.paused_by as "pausedBy", p.pause_note as "pauseNote", iso(p.draining_at) as "drainingAt",
  case when p.breaker = 'open' then iso(p.opened_at) end as "downSince", case when p.breaker = 'open' then iso(p.probe_at) end as "probeAt",
  case when p.held_until > now() then iso(p.held_until) end as "heldUntil",
  iso(p.last_ok_at) as "lastOkAt", iso(p.last_error_at) as "lastErrorAt", p.last_error as "lastError",
  (select json_build_object('ok', coalesce(sum(n.ok), 0), 'failed', coalesce(sum(n.failed), 0), 'limited', coalesce(sum(n.limited), 0),
      'averageMs', round(sum(n.total_ms)::numeric / nullif(sum(n.ok), 0)))
     from provider_counts n where n.workspace_id = p.workspace_id and n.provider = p.key and n.bucket > now() - interval '1 hour') as calls,
  (select json_build_object('count', count(*), 'since', iso(min(h.since)))
     from held_calls h join runs r on r.id = h.run_id where h.workspace_id = p.workspace_id and h.provider = p.key and ${stillWaits}) as waiting,
  (select json_build_object('waiting', count(*) filter (where k.state <> 'stopped'), 'stopped', count(*) filter (where k.state = 'stopped'), 'since', iso(min(k.kept_at) filter (where k.state <> 'stopped')))
     from kept_calls k where k.workspace_id = p.workspace_id and k.provider = p.key and k.state in ('waiting', 'dispatching', 'stopped')) as kept
  from providers p left join credentials c on c.workspace_id = p.workspace_id and c.id = split_part(p.key, ':', 2)
  left join agents a on p.kind = 'http' and a.workspace_id = p.workspace_id and a.id = split_part(p.key, '@', 2)
  left join channels h on p.kind = 'channel' and h.workspace_id = p.workspace_id and h.id = split_part(p.key, ':', 2)`;

/** The accounts that calls go to: what needs a person first, then what was called last. */
export async function listProviderViews(db: Queryable, workspaceId: string): Promise<ProviderView[]> {
  const { rows } = await db.query<ProviderView>(
    `select ${columns} where p.workspace_id = $1
      order by p.paused_at is null and p.draining_at is null, p.breaker <> 'open', greatest(p.last_ok_at, p.last_error_at) desc nulls last, p.key limit 500`,
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
    `update providers set paused_at = coalesce(paused_at, now()), draining_at = null, paused_by = $3, pause_note = nullif($4, ''), changed_at = clock_timestamp() where workspace_id = $1 and key = $2`,
    [workspaceId, key, by, note],
  );
}

/** Null: what its kind or its answers say. Who waits gets a new place at the new pace: `everyMs`. */
export async function setProviderLimits(
  db: Queryable,
  { workspaceId, key, limits, everyMs }: ProviderName & { limits: readonly CallWindow[] | null; everyMs: number },
): Promise<void> {
  await db.query(`update providers set limits = $3, changed_at = clock_timestamp() where workspace_id = $1 and key = $2`, [
    workspaceId,
    key,
    limits === null ? null : JSON.stringify(limits),
  ]);
  await letWaitingGo(db, { workspaceId, key, everyMs });
}

/** Calls go again. Answers how many wait: they are rung in their order. */
export async function resumeProvider(db: Queryable, { workspaceId, key, everyMs }: ProviderName & { everyMs: number }): Promise<number> {
  await db.query(
    `update providers set paused_at = null, paused_by = null, pause_note = null, draining_at = null, changed_at = clock_timestamp() where workspace_id = $1 and key = $2`,
    [workspaceId, key],
  );
  return letWaitingGo(db, { workspaceId, key, everyMs });
}

/** Nothing new is taken; what waits by now goes out. */
export async function drainProvider(
  db: Queryable,
  { workspaceId, key, by, note, everyMs }: ProviderName & { by: string; note: string; everyMs: number },
): Promise<number> {
  await db.query(
    `update providers set draining_at = coalesce(draining_at, clock_timestamp()), paused_at = null, paused_by = $3, pause_note = nullif($4, ''), changed_at = clock_timestamp() where workspace_id = $1 and key = $2`,
    [workspaceId, key, by, note],
  );
  return letWaitingGo(db, { workspaceId, key, everyMs });
}

/** It may be called now, whatever it asked for and however it failed: one call tries it, and the others follow when it is answered. */
export async function tryProviderNow(db: Queryable, { workspaceId, key, everyMs }: ProviderName & { everyMs: number }): Promise<number> {
  const { rows } = await db.query<{ isOpen: boolean }>(
    `update providers set held_until = null, probe_at = case when breaker = 'open' then clock_timestamp() end, changed_at = clock_timestamp()
      where workspace_id = $1 and key = $2 and paused_at is null returning breaker = 'open' as "isOpen"`,
    [workspaceId, key],
  );
  if (!rows[0]) return 0;
  if (!rows[0].isOpen) return letWaitingGo(db, { workspaceId, key, everyMs });
  await hurryKeptLine(db, { workspaceId, key });
  return redealHeld(db, { workspaceId, key, everyMs, most: 3 });
}

/** Calls that are put off and calls that are kept come earlier than they were told, in their order and at this pace. */
export async function letWaitingGo(db: Queryable, { workspaceId, key, everyMs }: ProviderName & { everyMs: number }): Promise<number> {
  await hurryKeptLine(db, { workspaceId, key });
  return redealHeld(db, { workspaceId, key, everyMs });
}
