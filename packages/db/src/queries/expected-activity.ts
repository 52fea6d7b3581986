import type { ExpectedActivity } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

export interface ExpectingTrigger {
  workspaceId: string;
  flowId: string;
  nodeId: string;
  expects: ExpectedActivity;
}

const live = `join flows f on f.id = t.flow_id and f.archived_at is null and f.paused_at is null`;

/** Forgets what no live trigger expects any more, or expects otherwise; a paused flow begins anew when it goes on. */
export async function forgetExpectations(db: Queryable): Promise<void> {
  await db.query(
    `delete from expected_activity e where not exists (
       select 1 from triggers t ${live} where t.flow_id = e.flow_id and t.node_id = e.node_id and t.config -> 'expects' = e.expects)`,
  );
}

/** Live triggers that expect something and have no window yet. */
export async function unplannedExpectations(db: Queryable): Promise<ExpectingTrigger[]> {
  const { rows } = await db.query<ExpectingTrigger>(
    `select t.workspace_id as "workspaceId", t.flow_id as "flowId", t.node_id as "nodeId", t.config -> 'expects' as expects from triggers t ${live}
      where jsonb_typeof(t.config -> 'expects') = 'object' and not exists (select 1 from expected_activity e where e.flow_id = t.flow_id and e.node_id = t.node_id) limit 500`,
  );
  return rows;
}

/** Plans a trigger's first window; one that is planned already stays. */
export async function insertExpectation(db: Queryable, given: ExpectingTrigger & { from: Date; until: Date }): Promise<void> {
  await db.query(
    `insert into expected_activity (workspace_id, flow_id, node_id, expects, window_from, window_until) values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
    [given.workspaceId, given.flowId, given.nodeId, JSON.stringify(given.expects), given.from, given.until],
  );
}

export interface DueExpectation extends ExpectingTrigger {
  flowName: string;
  nodeName: string;
  from: Date;
  until: Date;
}

/** Windows that ended before `by`, locked until the transaction ends, so that one process looks at each. */
export async function takeDueExpectations(db: Queryable, by: Date): Promise<DueExpectation[]> {
  const { rows } = await db.query<DueExpectation>(
    `select e.workspace_id as "workspaceId", e.flow_id as "flowId", e.node_id as "nodeId", e.expects, f.name as "flowName",
        coalesce((select n ->> 'name' from versions v, jsonb_array_elements(v.file -> 'nodes') n
          where v.flow_id = e.flow_id and v.id = f.published_version_id and n ->> 'id' = e.node_id limit 1), e.node_id) as "nodeName",
        e.window_from as "from", e.window_until as until
       from expected_activity e join flows f on f.id = e.flow_id where e.window_until <= $1 order by e.window_until limit 50 for update of e skip locked`,
    [by],
  );
  return rows;
}

/** What counts: begun by the trigger itself, not by hand, by a replay or by somebody who tries it in the simulator. */
const counts = `r.source <> 'manual' and r.replay_of is null and not exists (
  select 1 from conversations k join channels c on c.id = k.channel_id where k.id = r.conversation_id and c.kind = 'simulator')`;

/** Runs of a window, counted up to `limit`, and when the last one before its end began. */
export async function countActivity(
  db: Queryable,
  given: { flowId: string; nodeId: string; from: Date; until: Date; limit: number },
): Promise<{ count: number; lastAt: Date | null }> {
  const { rows } = await db.query<{ count: number; lastAt: Date | null }>(
    `select (select count(*)::int from (select 1 from runs r where r.flow_id = $1 and r.trigger_node_id = $2 and r.started_at >= $3 and r.started_at < $4 and ${counts} limit $5) found) as count,
       (select r.started_at from runs r where r.flow_id = $1 and r.trigger_node_id = $2 and r.started_at < $4 and ${counts} order by r.started_at desc limit 1) as "lastAt"`,
    [given.flowId, given.nodeId, given.from, given.until, given.limit],
  );
  return rows[0] ?? { count: 0, lastAt: null };
}

/** The next window, and what was missed in the one before; null: enough came. */
export async function moveExpectation(
  db: Queryable,
  given: { flowId: string; nodeId: string; from: Date; until: Date; missed: { from: Date; until: Date; count: number } | null },
): Promise<void> {
  await db.query(
    `update expected_activity set window_from = $3, window_until = $4, missed_from = $5, missed_until = $6, missed_count = $7 where flow_id = $1 and node_id = $2`,
    [
      given.flowId,
      given.nodeId,
      given.from,
      given.until,
      given.missed?.from ?? null,
      given.missed?.until ?? null,
      given.missed?.count ?? null,
    ],
  );
}

/** What people see of a flow that is too quiet: the window that was missed, as long as nothing came since. */
export interface FlowSilence {
  node: string;
  atLeast: number;
  came: number;
  from: string;
  until: string;
}
/** A subquery on flow `f`. */
export const silenceOfFlow = `(select jsonb_build_object('node', e.node_id, 'atLeast', (e.expects ->> 'atLeast')::int, 'came', e.missed_count, 'from', iso(e.missed_from), 'until', iso(e.missed_until))
  from expected_activity e where e.flow_id = f.id and f.paused_at is null and e.missed_until is not null and not exists (
    select 1 from runs r where r.flow_id = e.flow_id and r.trigger_node_id = e.node_id and r.started_at >= e.missed_until and ${counts}) order by e.missed_until desc limit 1)`;
