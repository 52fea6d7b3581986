import { onlyRow, type Queryable } from '../pool.ts';
import { stillWaits } from './held-calls.ts';
import { anew } from './kept-calls.ts';
import type { ProviderName } from './providers.ts';

/** Where a call comes from; null once its run is forgotten. */
export interface CallOrigin {
  runId: string;
  flow: string;
  node: string;
  /** For whom; null where the run has no contact. */
  contact: string | null;
}

/** Of the run `r`. */
const contactName = '(select c.name from contacts c where c.id = r.contact_id)';
const nodeName = (step: string): string => `(select n ->> 'name' from versions v, jsonb_array_elements(v.file -> 'nodes') n
  where v.flow_id = r.flow_id and v.id = r.version_id and n ->> 'id' = (select j.node_id from journal j where j.run_id = r.id and j.step_id = ${step} limit 1))`;

export interface HeldView {
  position: number;
  since: string;
  /** When it comes again, as its run was told. */
  until: string;
  code: string;
  origin: CallOrigin | null;
}

/** Calls of steps that wait for the provider, in their order. */
export async function listHeldCalls(
  db: Queryable,
  { workspaceId, key, limit }: ProviderName & { limit: number },
): Promise<{ total: number; asOf: string; items: HeldView[] }> {
  const asOf = await db.query<{ at: string }>('select iso(clock_timestamp()) as at');
  const { rows } = await db.query<HeldView & { total: number }>(
    `select (row_number() over (order by h.turn, h.run_id, h.step_id))::int as position, (count(*) over ())::int as total, iso(h.since) as since, iso(h.until) as until, h.code,
        json_build_object('runId', r.id, 'flow', f.name, 'node', coalesce(${nodeName('h.step_id')}, ''), 'contact', ${contactName}) as origin
      from held_calls h join runs r on r.id = h.run_id join flows f on f.id = r.flow_id
      where h.workspace_id = $1 and h.provider = $2 and ${stillWaits} order by h.turn, h.run_id, h.step_id limit $3`,
    [workspaceId, key, limit],
  );
  return { total: rows[0]?.total ?? 0, asOf: onlyRow(asOf.rows).at, items: rows.map(({ total: _total, ...row }) => row) };
}

export interface KeptView {
  id: string;
  provider: string;
  /** Among those that wait; null for others. */
  position: number | null;
  what: string;
  orderKey: string;
  state: 'waiting' | 'dispatching' | 'delivered' | 'stopped' | 'discarded';
  attempts: number;
  keptAt: string;
  settledAt: string | null;
  settledBy: string | null;
  note: string | null;
  status: number | null;
  problem: { code: string; title: string; detail: string; hint?: string } | null;
  origin: CallOrigin | null;
  /** So many wait only because this one does not go: of its order key, or all that come after it in the line. */
  behind: number;
  /** What the one would do that it waits behind. */
  waitsFor: string | null;
}

/**
 * Which of a provider's open calls holds which: one of its order key that a person must look at or that fails, or else the first of the line while that fails. `h`: id and
 * holder of each that is held; $1 and $2 as in the lists.
 */
const holding = `open as (
    select id, seq, state, order_key, failing_since is not null as fails, first_value(id) over (partition by order_key order by seq) as root
    from kept_calls where workspace_id = $1 and provider = $2 and state in ('waiting', 'dispatching', 'stopped')
  ), head as (
    select o.id, o.seq, o.fails and l.failures > 0 as fails from open o join kept_lines l on l.workspace_id = $1 and l.provider = $2
    where o.state <> 'stopped' and (o.order_key = '' or o.root = o.id) order by o.seq limit 1
  ), h as (
    select o.id, case when o.order_key <> '' and r.id <> o.id and (r.state = 'stopped' or r.fails) then r.id when head.fails and head.seq < o.seq then head.id end as holder
    from open o join open r on r.id = o.root left join head on true where o.state = 'waiting'
  )`;

const keptColumns = `k.id, k.provider, k.what, k.order_key as "orderKey", k.state, k.attempts, iso(k.kept_at) as "keptAt", iso(k.settled_at) as "settledAt", k.settled_by as "settledBy", k.note, k.status, k.problem,
  case when k.run_id is not null then (select json_build_object('runId', r.id, 'flow', f.name, 'node', coalesce(${nodeName('k.step_id')}, ''), 'contact', ${contactName})
    from runs r join flows f on f.id = r.flow_id where r.id = k.run_id) end as origin`;

/** What is kept for a provider: what a person must look at first, then what waits, in order, then what was last over. */
export async function listKeptCalls(
  db: Queryable,
  { workspaceId, key, limit }: ProviderName & { limit: number },
): Promise<{ waiting: number; stopped: number; dueAt: string | null; items: KeptView[] }> {
  const { rows } = await db.query<KeptView>(
    `with ${holding}
      select ${keptColumns}, case when k.state in ('waiting', 'dispatching') then k.position end as position,
        (select count(*)::int from h where h.holder = k.id) as behind, (select b.what from h join kept_calls b on b.id = h.holder where h.id = k.id) as "waitsFor" from (
        (select *, row_number() over (order by seq)::int as position from kept_calls where workspace_id = $1 and provider = $2 and state in ('waiting', 'dispatching') order by seq limit $3)
        union all (select *, null from kept_calls where workspace_id = $1 and provider = $2 and state = 'stopped' order by seq limit $3)
        union all (select *, null from kept_calls where workspace_id = $1 and provider = $2 and state in ('delivered', 'discarded') order by settled_at desc limit 20)
      ) k order by k.state in ('delivered', 'discarded'), k.state <> 'stopped', case when k.state in ('delivered', 'discarded') then k.settled_at end desc, k.seq limit $3`,
    [workspaceId, key, limit],
  );
  const counts = await db.query<{ waiting: number; stopped: number; dueAt: string | null }>(
    `select count(*) filter (where state <> 'stopped')::int as waiting, count(*) filter (where state = 'stopped')::int as stopped,
        (select iso(due_at) from kept_lines where workspace_id = $1 and provider = $2) as "dueAt"
      from kept_calls where workspace_id = $1 and provider = $2 and state in ('waiting', 'dispatching', 'stopped')`,
    [workspaceId, key],
  );
  return { waiting: 0, stopped: 0, dueAt: null, ...counts.rows[0], items: rows };
}

export interface KeptOfRun extends KeptView {
  stepId: string;
}

/** What became of the calls that a run's steps kept. */
export async function keptCallsOfRun(db: Queryable, { workspaceId, runId }: { workspaceId: string; runId: string }): Promise<KeptOfRun[]> {
  const { rows } = await db.query<KeptOfRun>(
    `select ${keptColumns}, k.step_id as "stepId", null as position, 0 as behind, null as "waitsFor" from kept_calls k where k.workspace_id = $1 and k.run_id = $2 order by k.seq`,
    [workspaceId, runId],
  );
  return rows;
}

export async function loadKeptCall(db: Queryable, { workspaceId, id }: { workspaceId: string; id: string }): Promise<KeptView | null> {
  const { rows } = await db.query<KeptView>(
    `select ${keptColumns}, null as position, 0 as behind, null as "waitsFor" from kept_calls k where k.workspace_id = $1 and k.id = $2`,
    [workspaceId, id],
  );
  return rows[0] ?? null;
}

interface KeptAct {
  workspaceId: string;
  id: string;
  by: string;
}

/** The line of the calls in `again` is looked at now; one that was restored from a backup has none yet. */
const hurried = `insert into kept_lines (workspace_id, provider) select distinct workspace_id, provider from again
  on conflict (workspace_id, provider) do update set due_at = clock_timestamp(), hurried = true, touched_at = clock_timestamp()`;

/** At its old place in the line. False: it is no call that a person must look at (any more). */
export async function retryKeptCall(db: Queryable, { workspaceId, id }: Omit<KeptAct, 'by'>): Promise<boolean> {
  const { rowCount } = await db.query(
    `with again as (update kept_calls set state = 'waiting', dispatched_by = null, problem = null, failing_since = null, settled_at = null, status = null, ${anew} where workspace_id = $1 and id = $2 and state = 'stopped' returning workspace_id, provider)
      ${hurried}`,
    [workspaceId, id],
  );
  return rowCount === 1;
}

/** Every call to a provider that stopped, but those that may have been carried out: of each of them somebody must look there first. */
export async function retryKeptCalls(db: Queryable, { workspaceId, key }: ProviderName): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `with again as (update kept_calls set state = 'waiting', dispatched_by = null, problem = null, failing_since = null, settled_at = null, status = null, ${anew} where workspace_id = $1 and provider = $2 and state = 'stopped'
          and problem ->> 'code' is distinct from 'upstream.ambiguous' returning workspace_id, provider),
      line as (${hurried})
      select count(*)::int as count from again`,
    [workspaceId, key],
  );
  return rows[0]?.count ?? 0;
}

/** It is not sent any more; or, with `arrived`, a person saw that it had come. False: it is under way, or over. */
export async function settleKeptCall(
  db: Queryable,
  { workspaceId, id, by, note, as }: KeptAct & { note: string; as: 'discarded' | 'delivered' },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `with over as (update kept_calls set state = $3, settled_by = $4, note = nullif($5, ''), settled_at = clock_timestamp(), request = null, body = null
        where workspace_id = $1 and id = $2 and (state = 'stopped' or (state = 'waiting' and $3 = 'discarded')) returning workspace_id, provider)
      update kept_lines l set due_at = clock_timestamp(), hurried = true from over where l.workspace_id = over.workspace_id and l.provider = over.provider`,
    [workspaceId, id, as, by, note],
  );
  return rowCount === 1;
}

/**
 * Takes waiting calls out of the queue, by an act on each run that its owner applies; `seenAt` is up to when the person had looked. Answers how many. `runs`: whether they
 * stop for a person, or leave by the step's `failed` exit.
 */
export async function discardHeldCalls(
  db: Queryable,
  given: ProviderName & { byUserId: string | null; byName: string; reason: string; runs: 'attention' | 'failed'; seenAt: string },
): Promise<number> {
  const { rowCount } = await db.query(
    `with held as (
        select h.run_id, h.step_id, row_number() over (order by h.turn, h.run_id) as nth from held_calls h join runs r on r.id = h.run_id
        where h.workspace_id = $1 and h.provider = $2 and h.since <= $6::timestamptz and ${stillWaits}
      ), asked as (
        insert into overrides (id, workspace_id, run_id, action, args, by_user_id, by_name)
        select 'over_' || replace(gen_random_uuid()::text, '-', ''), $1, run_id, 'discard', $3::jsonb || jsonb_build_object('step', step_id), $4, $5 from held
      )
      update held_calls t set ring_at = clock_timestamp() + make_interval(secs => held.nth * 0.01) from held where t.run_id = held.run_id and t.step_id = held.step_id`,
    [given.workspaceId, given.key, JSON.stringify({ leave: given.runs, note: given.reason }), given.byUserId, given.byName, given.seenAt],
  );
  return rowCount ?? 0;
}
