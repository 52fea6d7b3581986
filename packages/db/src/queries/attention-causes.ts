import type { Queryable } from '../pool.ts';

/** Runs that need attention and stopped for the same cause. */
export interface AttentionCause {
  key: string;
  code: string;
  title: string;
  /** Of the one that stopped last: what happened, with the value. */
  detail: string;
  hint: string | null;
  flows: { id: string; name: string }[];
  /** Where they stand, when all stand at the same step of the same version. */
  step: { flow: string; version: string; versionNumber: number; node: string; name: string } | null;
  credential: { id: string; name: string; kind: string } | null;
  count: number;
  firstAt: string;
  lastAt: string;
  /** The run that stopped last. */
  example: string;
}

/** The most frequent first, at most 200. */
export async function countCauses(db: Queryable, args: { workspaceId: string; key?: string }): Promise<AttentionCause[]> {
  const { rows } = await db.query<AttentionCause>(
    `with stopped as (
        select r.flow_id, r.version_id, coalesce(r.cause ->> 'node', '') as node, coalesce(r.cause ->> 'code', 'internal') as code, count(*)::int as count,
               min(r.updated_at) as first_at, max(r.updated_at) as last_at, (array_agg(r.id order by r.updated_at desc, r.id desc))[1] as example
          from runs r where r.workspace_id = $1 and r.status = 'attention' group by 1, 2, 3, 4
      ), placed as (
        select s.*, f.name as flow_name, v.number, n.name as node_name, e.cause,
               attention_key(e.cause, s.flow_id, s.version_id, v.file) as key, attention_credential(e.cause, v.file) as credential
          from stopped s join runs e on e.id = s.example join flows f on f.id = s.flow_id join versions v on v.flow_id = s.flow_id and v.id = s.version_id
          left join lateral (select x ->> 'name' as name from jsonb_array_elements(v.file -> 'nodes') x where x ->> 'id' = s.node limit 1) n on true
      )
      select p.key, p.code, coalesce((array_agg(p.cause ->> 'title' order by p.last_at desc))[1], '') as title,
             coalesce((array_agg(p.cause ->> 'detail' order by p.last_at desc))[1], '') as detail, (array_agg(p.cause ->> 'hint' order by p.last_at desc))[1] as hint,
             jsonb_agg(distinct jsonb_build_object('id', p.flow_id, 'name', p.flow_name)) as flows,
             case when count(*) = 1 and min(p.node) <> '' then jsonb_build_object('flow', min(p.flow_id), 'version', min(p.version_id),
               'versionNumber', min(p.number), 'node', min(p.node), 'name', coalesce(min(p.node_name), min(p.node))) end as step,
             (select jsonb_build_object('id', c.id, 'name', c.name, 'kind', c.kind) from credentials c where c.workspace_id = $1 and c.id = min(p.credential)) as credential,
             sum(p.count)::int as count, iso(min(p.first_at)) as "firstAt", iso(max(p.last_at)) as "lastAt",
             (array_agg(p.example order by p.last_at desc))[1] as example
        from placed p where $2::text is null or p.key = $2 group by p.key, p.code order by sum(p.count) desc, p.key limit 200`,
    [args.workspaceId, args.key ?? null],
  );
  return rows;
}

export interface StoppedRun {
  id: string;
  /** Nobody knows whether its call was carried out: by its cause, or by what the ledger says of its step. */
  isAmbiguous: boolean;
}

const isAmbiguous = (codes: string): string => `(r.cause ->> 'code' = any (${codes}) or exists (
  select 1 from effects e where e.run_id = r.id and e.kind = 'call' and e.state in ('dispatching', 'unknown') and e.step_id = (
    select j.step_id from journal j where j.run_id = r.id and j.kind = 'step-failed' and j.node_id = r.cause ->> 'node' order by j.seq desc limit 1)))`;

/** Whether a call of the step at which this run stopped may have been carried out. */
export async function isAmbiguousRun(db: Queryable, args: { runId: string; ambiguousCodes: readonly string[] }): Promise<boolean> {
  const { rows } = await db.query<{ is: boolean }>(`select ${isAmbiguous('$2')} as is from runs r where r.id = $1`, [
    args.runId,
    args.ambiguousCodes,
  ]);
  return rows[0]?.is ?? false;
}

/** The runs that stand still for one cause, oldest first. */
export async function listRunsOfCause(
  db: Queryable,
  args: { workspaceId: string; cause: string; ambiguousCodes: readonly string[]; limit: number },
): Promise<StoppedRun[]> {
  const { rows } = await db.query<StoppedRun>(
    `with kinds as materialized (
        select distinct on (flow_id, version_id, cause ->> 'node', cause ->> 'code') flow_id, version_id, cause from runs where workspace_id = $1 and status = 'attention'
      ), same as materialized (
        select k.* from kinds k join versions v on v.flow_id = k.flow_id and v.id = k.version_id where attention_key(k.cause, k.flow_id, k.version_id, v.file) = $2
      )
      select r.id, ${isAmbiguous('$3')} as "isAmbiguous"
       from runs r join same s on s.flow_id = r.flow_id and s.version_id = r.version_id
        and s.cause ->> 'node' is not distinct from r.cause ->> 'node' and s.cause ->> 'code' is not distinct from r.cause ->> 'code'
      where r.workspace_id = $1 and r.status = 'attention' order by r.id limit $4`,
    [args.workspaceId, args.cause, args.ambiguousCodes, args.limit],
  );
  return rows;
}
