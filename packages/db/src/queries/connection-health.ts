import type { Queryable } from '../pool.ts';

/** Whether a connection works, as it was last tried. */
export interface ConnectionHealth {
  isWatched: boolean;
  checkedAt: string | null;
  lastOkAt: string | null;
  lastFailedAt: string | null;
  /** The last failure in words, while it stands. */
  problem: string | null;
  /** In a row. */
  failures: number;
}

export interface DueProbe {
  id: string;
  workspaceId: string;
}

/** Kinds that are never sent anywhere are not probed; nor is what waits for a person anyhow. */
const isProbed = `c.kind <> 'signing' and c.state = 'ready'`;
const interval = `make_interval(secs => 60 * coalesce((select (s.value #>> '{}')::float8 from settings s where s.workspace_id = c.workspace_id and s.key = 'probeEveryMinutes'), 15))`;

/**
 * Takes connections that are due, and puts them off by their workspace's interval, a tenth more or less, so that one process tries each and not all come
 * at once. Who dies meanwhile tries it the next time.
 */
export async function takeDueProbes(db: Queryable, limit: number): Promise<DueProbe[]> {
  const { rows } = await db.query<DueProbe>(
    `insert into connection_health as h (credential_id, workspace_id, next_at)
     select c.id, c.workspace_id, now() + ${interval} * (0.9 + 0.2 * random()) from credentials c left join connection_health d on d.credential_id = c.id
      where ${isProbed} and coalesce(d.is_watched, true) and coalesce(d.next_at, c.created_at + interval '1 minute') <= now() order by d.next_at nulls first limit $1
     on conflict (credential_id) do update set next_at = excluded.next_at where h.is_watched and h.next_at <= now()
     returning h.credential_id as id, h.workspace_id as "workspaceId"`,
    [limit],
  );
  return rows;
}

export interface ProbedConnection {
  name: string;
  state: string;
  failures: number;
  /** People were told that it fails. */
  toldAt: Date | null;
  /** Since when it fails, to its last success. */
  lastOkAt: Date | null;
  usedBy: string[];
  openRuns: number;
}

/** Notes what came of a try; answers how it stands now. Null: it was removed meanwhile. */
export async function saveProbe(db: Queryable, given: { id: string; isOk: boolean; detail: string }): Promise<ProbedConnection | null> {
  const { rows } = await db.query<ProbedConnection>(
    `with saved as (
        insert into connection_health as h (credential_id, workspace_id, next_at, checked_at, last_ok_at, last_failed_at, problem, failures)
        select c.id, c.workspace_id, now() + ${interval}, now(), case when $2 then now() end, case when $2 then null else now() end, case when $2 then null else $3 end,
               case when $2 then 0 else 1 end from credentials c where c.id = $1
        on conflict (credential_id) do update set checked_at = now(), last_ok_at = case when $2 then now() else h.last_ok_at end,
          last_failed_at = case when $2 then h.last_failed_at else now() end, problem = excluded.problem, failures = case when $2 then 0 else h.failures + 1 end
        returning credential_id, failures, told_at, last_ok_at
      )
      select c.name, c.state, s.failures, s.told_at as "toldAt", s.last_ok_at as "lastOkAt",
        coalesce((select jsonb_agg(f.name order by f.name) from flows f join versions v on v.flow_id = f.id and v.id = f.published_version_id
          where f.workspace_id = c.workspace_id and f.archived_at is null and f.paused_at is null
            and jsonb_path_exists(v.file, '$.nodes[*].config.** ? (@ == $id)', jsonb_build_object('id', c.id))), '[]') as "usedBy",
        (select count(*)::int from runs r join versions v on v.flow_id = r.flow_id and v.id = r.version_id where r.workspace_id = c.workspace_id and r.status <> 'ended'
            and jsonb_path_exists(v.file, '$.nodes[*].config.** ? (@ == $id)', jsonb_build_object('id', c.id))) as "openRuns"
      from saved s join credentials c on c.id = s.credential_id`,
    [given.id, given.isOk, given.detail],
  );
  return rows[0] ?? null;
}

/** People have been told of its failures; or may be told anew. */
export async function markTold(db: Queryable, args: { id: string; isTold: boolean }): Promise<void> {
  await db.query('update connection_health set told_at = case when $2 then now() end where credential_id = $1', [args.id, args.isTold]);
}

/** Whether it is tried by itself. */
export async function setWatched(db: Queryable, args: { workspaceId: string; id: string; isWatched: boolean }): Promise<void> {
  await db.query(
    `insert into connection_health (credential_id, workspace_id, is_watched) select id, workspace_id, $3 from credentials where workspace_id = $1 and id = $2
     on conflict (credential_id) do update set is_watched = $3, next_at = now()`,
    [args.workspaceId, args.id, args.isWatched],
  );
}

/** It was changed: what was known of it says nothing any more, and it is tried soon. */
export async function forgetProbes(db: Queryable, args: { workspaceId: string; id: string }): Promise<void> {
  await db.query(
    'update connection_health set next_at = now(), problem = null, failures = 0 where workspace_id = $1 and credential_id = $2',
    [args.workspaceId, args.id],
  );
}
