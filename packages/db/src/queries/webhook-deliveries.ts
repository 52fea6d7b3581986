import type { JsonObject } from '@holdfast/node-kit';
import { newId } from '../id.ts';
import type { Queryable } from '../pool.ts';

/** Deliveries are listed, and can be replayed, for so long; refusals are forgotten then. */
export const deliveriesKeptDays = 30;

export interface Refusal {
  workspaceId: string;
  flowId: string;
  nodeId: string;
  /** Of our error table. */
  code: string;
  detail: string;
  count: number;
}

/** Counts what was refused in a row per minute, without its content. True for the first of its minute. */
export async function noteRefusal(db: Queryable, refusal: Refusal): Promise<boolean> {
  const { rows } = await db.query<{ isNew: boolean }>(
    `insert into webhook_refusals (id, workspace_id, flow_id, node_id, code, detail, count, minute)
       select $1, $2, $3, $4, $5, $6, $7, date_trunc('minute', now()) where exists (select 1 from flows f where f.id = $3 and f.workspace_id = $2)
       on conflict (flow_id, node_id, code, detail, minute) do update set count = webhook_refusals.count + excluded.count, last_at = now()
       returning id = $1 as "isNew"`,
    [newId('refusal'), refusal.workspaceId, refusal.flowId, refusal.nodeId, refusal.code, refusal.detail, refusal.count],
  );
  return rows[0]?.isNew ?? false;
}

/** Deletes a page of old refusals; answers how many went. */
export async function forgetOldRefusals(db: Queryable, limit: number): Promise<number> {
  const result = await db.query(
    `delete from webhook_refusals where id in (
       select id from webhook_refusals where last_at < now() - make_interval(days => $1) order by last_at limit $2)`,
    [deliveriesKeptDays, limit],
  );
  return result.rowCount ?? 0;
}

export interface DeliveryView {
  id: string;
  at: string;
  nodeId: string;
  /** How many calls: of those that were refused, all of a minute are one row. */
  count: number;
  runId: string | null;
  status: string | null;
  outcome: string | null;
  method: string | null;
  deliveryId: string | null;
  replayOf: string | null;
  code: string | null;
  detail: string | null;
}

const isKept = (column: string): string => `${column} > now() - make_interval(days => ${deliveriesKeptDays})`;

/** What came to a flow's webhooks in the last days, newest first; `before` is the last id of the page before. Ids of both kinds sort by their time behind the prefix. */
export async function listDeliveries(
  db: Queryable,
  args: { workspaceId: string; flowId: string; nodeId: string | null; before: string | null; limit: number },
): Promise<DeliveryView[]> {
  const body = args.before?.split('_').at(-1) ?? null;
  const { rows } = await db.query<DeliveryView>(
    `with came as (
       (select id, iso(started_at) as at, trigger_node_id as "nodeId", 1 as count, id as "runId", status, outcome, input ->> 'method' as method,
               delivery_id as "deliveryId", replay_of as "replayOf", null as code, null as detail
          from runs where workspace_id = $1 and flow_id = $2 and source = 'webhook' and ${isKept('started_at')}
           and ($3::text is null or trigger_node_id = $3) and ($4::text is null or id < 'run_' || $4) order by id desc limit $5)
       union all
       (select id, iso(last_at), node_id, count, null, null, null, null, null, null, code, detail
          from webhook_refusals where workspace_id = $1 and flow_id = $2 and ${isKept('last_at')}
           and ($3::text is null or node_id = $3) and ($4::text is null or id < 'ref_' || $4) order by id desc limit $5))
     select * from came order by split_part(id, '_', 2) desc limit $5`,
    [args.workspaceId, args.flowId, args.nodeId, body, args.limit],
  );
  return rows;
}

/** What was delivered, by the ids of the runs that it began, in the order in which it came. Those that are too old or another flow's are missing. */
export async function loadDeliveries(
  db: Queryable,
  args: { workspaceId: string; flowId: string; ids: readonly string[] },
): Promise<(DeliveryView & { runId: string; input: JsonObject })[]> {
  const { rows } = await db.query<DeliveryView & { runId: string; input: JsonObject }>(
    `select id, iso(started_at) as at, trigger_node_id as "nodeId", 1 as count, id as "runId", status, outcome, input ->> 'method' as method,
            delivery_id as "deliveryId", replay_of as "replayOf", null as code, null as detail, input
       from runs where workspace_id = $1 and flow_id = $2 and source = 'webhook' and ${isKept('started_at')} and id = any ($3) order by id`,
    [args.workspaceId, args.flowId, args.ids],
  );
  return rows;
}
