import type { JsonObject } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';
import type { WebhookSecret } from './routing.ts';

interface OfTrigger {
  workspaceId: string;
  flowId: string;
  nodeId: string;
}

/** What somebody kept of a trigger's sample: what was caught, else the first run since they began to listen. */
const sampleOf = (s: string): string => `coalesce(
  (select r.input from runs r where r.flow_id = ${s}.flow_id and r.trigger_node_id = ${s}.node_id and r.source = 'webhook' and r.replay_of is null
     and r.started_at >= ${s}.listening_from and r.started_at <= ${s}.listening_until order by r.started_at limit 1), ${s}.sample)`;

/** From now on the next request is the trigger's sample; the one before stays until it comes. */
export async function beginListening(
  db: Queryable,
  args: OfTrigger & { path: string; config: JsonObject; forMinutes: number },
): Promise<void> {
  await db.query(
    `insert into webhook_samples as s (flow_id, node_id, workspace_id, path, config, listening_from, listening_until)
       values ($1, $2, $3, $4, $5, now(), now() + make_interval(mins => $6))
       on conflict (flow_id, node_id) do update set path = excluded.path, config = excluded.config, sample = ${sampleOf('s')},
         listening_from = excluded.listening_from, listening_until = excluded.listening_until, problem = null`,
    [args.flowId, args.nodeId, args.workspaceId, args.path, JSON.stringify(args.config), args.forMinutes],
  );
}

/** Nobody waits any more; a sample stays, unless it is to be forgotten. */
export async function endListening(db: Queryable, args: OfTrigger & { isForgotten: boolean }): Promise<void> {
  await db.query(
    `update webhook_samples s set listening_until = least(listening_until, now()), sample = case when $4 then null else ${sampleOf('s')} end,
        sample_at = case when $4 then null else sample_at end, listening_from = null, problem = null
      where workspace_id = $1 and flow_id = $2 and node_id = $3`,
    [args.workspaceId, args.flowId, args.nodeId, args.isForgotten],
  );
}

export interface ListeningView {
  isListening: boolean;
  until: string | null;
  /** Came since the listening began. */
  isFresh: boolean;
  sample: JsonObject | null;
  problem: { code: string; detail: string } | null;
}

export async function loadListening(db: Queryable, args: OfTrigger): Promise<ListeningView | null> {
  const { rows } = await db.query<ListeningView>(
    `select s.listening_from is not null and s.listening_until > now() as "isListening", iso(s.listening_until) as until, ${sampleOf('s')} as sample,
        s.listening_from is not null and (coalesce(s.sample_at >= s.listening_from, false) or exists (
          select 1 from runs r where r.flow_id = s.flow_id and r.trigger_node_id = s.node_id and r.source = 'webhook' and r.replay_of is null
            and r.started_at >= s.listening_from and r.started_at <= s.listening_until)) as "isFresh",
        coalesce(s.problem, (select jsonb_build_object('code', f.code, 'detail', f.detail) from webhook_refusals f
          where f.flow_id = s.flow_id and f.node_id = s.node_id and f.last_at >= s.listening_from order by f.last_at desc limit 1)) as problem
      from webhook_samples s where s.workspace_id = $1 and s.flow_id = $2 and s.node_id = $3`,
    [args.workspaceId, args.flowId, args.nodeId],
  );
  return rows[0] ?? null;
}

/** A trigger of a draft, at whose address somebody waits for a test request. */
export interface Listener extends OfTrigger {
  config: JsonObject;
  credential: WebhookSecret | null;
}

/** Who waits at an address where no flow is live; at a paused flow's address nobody of another workspace. */
export async function findListener(db: Queryable, path: string): Promise<Listener | null> {
  const { rows } = await db.query<
    OfTrigger & { config: JsonObject; credential: { id: string; kind: string } | null; secret: Buffer | null; keyId: string | null }
  >({
    name: 'find-listener',
    text: `select s.workspace_id as "workspaceId", s.flow_id as "flowId", s.node_id as "nodeId", s.config, c.secret, c.key_id as "keyId",
        case when c.id is not null then jsonb_build_object('id', c.id, 'kind', c.kind) end as credential
      from webhook_samples s left join credentials c on c.id = s.config ->> 'credential' and c.workspace_id = s.workspace_id
      where s.path = $1 and s.listening_from is not null and s.listening_until > now()
        and not exists (select 1 from triggers t join flows f on f.id = t.flow_id and f.archived_at is null
          where t.path = $1 and t.source = 'webhook' and t.workspace_id <> s.workspace_id)
      order by s.listening_from desc limit 1`,
    values: [path],
  });
  const [row] = rows;
  if (!row) return null;
  const { secret, keyId, credential, ...listener } = row;
  return { ...listener, credential: credential && secret && keyId !== null ? { ...credential, secret, keyId } : null };
}

/** What came is the sample now; or why it was refused. */
export async function keepSample(db: Queryable, args: OfTrigger & ({ sample: JsonObject } | { problem: JsonObject })): Promise<void> {
  const sample = 'sample' in args ? JSON.stringify(args.sample) : null;
  const problem = 'problem' in args ? JSON.stringify(args.problem) : null;
  await db.query(
    `update webhook_samples set sample = coalesce($4, sample), sample_at = case when $4::jsonb is null then sample_at else now() end, problem = $5
      where workspace_id = $1 and flow_id = $2 and node_id = $3`,
    [args.workspaceId, args.flowId, args.nodeId, sample, problem],
  );
}

/** The sample of a flow's webhook, for the data picker; null where nobody kept one. */
export async function loadKeptSample(db: Queryable, args: { workspaceId: string; flowId: string }): Promise<JsonObject | null> {
  const { rows } = await db.query<{ sample: JsonObject | null }>(
    `select ${sampleOf('s')} as sample from webhook_samples s where s.workspace_id = $1 and s.flow_id = $2
      order by coalesce(s.listening_from, s.sample_at) desc nulls last`,
    [args.workspaceId, args.flowId],
  );
  return rows.find(({ sample }) => sample !== null)?.sample ?? null;
}
