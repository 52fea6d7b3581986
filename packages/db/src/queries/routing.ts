import type { FlowFile } from '@holdfast/graph';
import type { JsonObject } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

/** A trigger of a live flow, with what routing needs of its version. */
export interface LiveTrigger {
  workspaceId: string;
  flowId: string;
  versionId: string;
  nodeId: string;
  config: JsonObject;
  file: FlowFile;
}

const columns = `t.workspace_id as "workspaceId", t.flow_id as "flowId", t.version_id as "versionId", t.node_id as "nodeId", t.config`;
const live = `join flows f on f.id = t.flow_id and f.archived_at is null and f.paused_at is null join versions v on v.flow_id = t.flow_id and v.id = t.version_id`;

/** Channel triggers of live flows, in the order set by staff; their files never change and are heavy, so `loadVersions` brings those that are not known yet. */
export async function channelTriggers(db: Queryable, workspaceId: string): Promise<Omit<LiveTrigger, 'file'>[]> {
  const result = await db.query<Omit<LiveTrigger, 'file'>>({
    name: 'channel-triggers',
    text: `select ${columns} from triggers t ${live} where t.workspace_id = $1 and t.source = 'channel' order by f.position, f.created_at, f.id, t.node_id`,
    values: [workspaceId],
  });
  return result.rows;
}

/** What callers of a webhook prove themselves with, sealed. */
export interface WebhookSecret {
  id: string;
  kind: string;
  secret: Buffer;
  keyId: string;
}

export interface LiveWebhook extends LiveTrigger {
  /** Keeps a paused flow apart from an unknown path. */
  isPaused: boolean;
  /** Null: its settings name none of this workspace's. */
  credential: WebhookSecret | null;
}

/** The webhook trigger at a path, whoever's it is: the path is the address. */
export async function findWebhookTrigger(db: Queryable, path: string): Promise<LiveWebhook | null> {
  const result = await db.query<LiveTrigger & { isPaused: boolean; credentialId: string | null } & Nullable<Omit<WebhookSecret, 'id'>>>({
    name: 'find-webhook-trigger',
    text: `select ${columns}, v.file, f.paused_at is not null as "isPaused", c.id as "credentialId", c.kind, c.secret, c.key_id as "keyId"
      from triggers t join flows f on f.id = t.flow_id and f.archived_at is null join versions v on v.flow_id = t.flow_id and v.id = t.version_id
      left join credentials c on c.id = t.config ->> 'credential' and c.workspace_id = t.workspace_id where t.path = $1 and t.source = 'webhook'`,
    values: [path],
  });
  const [row] = result.rows;
  if (!row) return null;
  const { credentialId: id, kind, secret, keyId, ...trigger } = row;
  return { ...trigger, credential: id !== null && kind !== null && secret !== null && keyId !== null ? { id, kind, secret, keyId } : null };
}

type Nullable<T> = { [K in keyof T]: T[K] | null };

/** The published version of a flow and its triggers' node ids, for starts by hand. */
export async function findPublishedFlow(
  db: Queryable,
  workspaceId: string,
  flowId: string,
): Promise<{ versionId: string; file: FlowFile } | null> {
  const result = await db.query<{ versionId: string; file: FlowFile }>(
    `select v.id as "versionId", v.file from flows f join versions v on v.flow_id = f.id and v.id = f.published_version_id
      where f.workspace_id = $1 and f.id = $2 and f.archived_at is null`,
    [workspaceId, flowId],
  );
  return result.rows[0] ?? null;
}

export interface DueSchedule extends LiveTrigger {
  nextFireAt: Date;
}

/** Schedules whose time has come, locked until the end of the transaction so that one process fires each occurrence. */
export async function takeDueSchedules(db: Queryable, now: Date): Promise<DueSchedule[]> {
  const result = await db.query<DueSchedule>(
    `select ${columns}, v.file, t.next_fire_at as "nextFireAt" from triggers t ${live}
      where t.source = 'schedule' and t.next_fire_at <= $1 order by t.next_fire_at limit 50 for update of t skip locked`,
    [now],
  );
  return result.rows;
}

export async function setNextFire(db: Queryable, trigger: { flowId: string; nodeId: string }, nextFireAt: Date | null): Promise<void> {
  await db.query('update triggers set next_fire_at = $3 where flow_id = $1 and node_id = $2', [trigger.flowId, trigger.nodeId, nextFireAt]);
}

/** Schedules without a next time: freshly published, or resumed from a pause. */
export async function unplannedSchedules(db: Queryable): Promise<{ flowId: string; nodeId: string; config: JsonObject }[]> {
  const result = await db.query<{ flowId: string; nodeId: string; config: JsonObject }>(
    `select t.flow_id as "flowId", t.node_id as "nodeId", t.config from triggers t ${live} where t.source = 'schedule' and t.next_fire_at is null`,
  );
  return result.rows;
}
