import type { JsonObject } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

export interface ChannelView {
  id: string;
  workspaceId: string;
  kind: 'simulator' | 'telegram' | 'whatsapp' | 'email' | 'sms';
  name: string;
  status: 'active' | 'paused' | 'broken';
  config: JsonObject;
  health: JsonObject;
  lastInAt: string | null;
  lastOutAt: string | null;
  queued: number;
  createdAt: string;
}
const columns = `c.id, c.workspace_id as "workspaceId", c.kind, c.name, c.status, c.config, c.health, iso(c.created_at) as "createdAt",
  iso((select max(received_at) from inbox i where i.channel_id = c.id)) as "lastInAt",
  iso((select max(settled_at) from effects e where e.channel_id = c.id and e.state = 'accepted')) as "lastOutAt",
  (select count(*)::int from effects e where e.channel_id = c.id and e.state = 'planned') as queued`;

export async function listChannelViews(db: Queryable, workspaceId: string): Promise<ChannelView[]> {
  const { rows } = await db.query<ChannelView>(`select ${columns} from channels c where c.workspace_id = $1 order by c.created_at`, [
    workspaceId,
  ]);
  return rows;
}

export async function loadChannelView(db: Queryable, args: { workspaceId: string; id: string }): Promise<ChannelView | null> {
  const { rows } = await db.query<ChannelView>(`select ${columns} from channels c where c.workspace_id = $1 and c.id = $2`, [
    args.workspaceId,
    args.id,
  ]);
  return rows[0] ?? null;
}

export interface ChannelSecret {
  id: string;
  workspaceId: string;
  kind: string;
  name: string;
  status: string;
  config: JsonObject;
  secret: Buffer | null;
  keyId: string | null;
}
const secretColumns = `id, workspace_id as "workspaceId", kind, name, status, config, secret, key_id as "keyId"`;

/** For hooks, which know no workspace: the channel's id is in their address, and its secret proves the caller. */
export async function loadChannelForHook(db: Queryable, id: string): Promise<ChannelSecret | null> {
  const { rows } = await db.query<ChannelSecret>(`select ${secretColumns} from channels where id = $1`, [id]);
  return rows[0] ?? null;
}

/** Every active channel of one kind in all workspaces, for the pollers. */
export async function listActiveChannels(db: Queryable, kind: string): Promise<ChannelSecret[]> {
  const { rows } = await db.query<ChannelSecret>(
    `select ${secretColumns} from channels where kind = $1 and status = 'active' order by id`,
    [kind],
  );
  return rows;
}

/** All channels of one kind in a workspace, paused ones too. */
export async function listChannelsOfKind(db: Queryable, args: { workspaceId: string; kind: string }): Promise<ChannelSecret[]> {
  const { rows } = await db.query<ChannelSecret>(
    `select ${secretColumns} from channels where workspace_id = $1 and kind = $2 order by id`,
    [args.workspaceId, args.kind],
  );
  return rows;
}

export async function findSimulator(db: Queryable, workspaceId: string): Promise<ChannelSecret | null> {
  const { rows } = await db.query<ChannelSecret>(
    `select ${secretColumns} from channels where workspace_id = $1 and kind = 'simulator' order by created_at limit 1`,
    [workspaceId],
  );
  return rows[0] ?? null;
}

interface NewChannel {
  /** active when left out. */
  status?: 'active' | 'paused';
  id: string;
  workspaceId: string;
  kind: string;
  name: string;
  config: JsonObject;
  secret: Buffer | null;
  keyId: string | null;
}
export async function insertChannel(db: Queryable, channel: NewChannel): Promise<void> {
  await db.query(
    'insert into channels (id, workspace_id, kind, name, config, secret, key_id, status) values ($1, $2, $3, $4, $5, $6, $7, $8)',
    [
      channel.id,
      channel.workspaceId,
      channel.kind,
      channel.name,
      JSON.stringify(channel.config),
      channel.secret,
      channel.keyId,
      channel.status ?? 'active',
    ],
  );
}

/** Null leaves a field as it is. A new secret also heals a broken channel. */
export async function updateChannel(
  db: Queryable,
  args: {
    workspaceId: string;
    id: string;
    name: string | null;
    status: string | null;
    config: JsonObject | null;
    secret: Buffer | null;
    keyId: string | null;
  },
): Promise<void> {
  await db.query(
    `update channels set name = coalesce($3, name),
            status = coalesce($4, case when $6::bytea is not null and status = 'broken' then 'active' else status end),
            config = coalesce($5::jsonb, config), secret = coalesce($6, secret), key_id = coalesce($7, key_id),
            lease_until = case when $6::bytea is null then lease_until end
      where workspace_id = $1 and id = $2`,
    [args.workspaceId, args.id, args.name, args.status, args.config === null ? null : JSON.stringify(args.config), args.secret, args.keyId],
  );
}

/** What the last look at the provider said. `facts` are merged into those that are known. */
export async function saveChannelHealth(
  db: Queryable,
  args: { workspaceId: string; id: string; problem: JsonObject | null; status: 'active' | 'broken' | null; facts?: JsonObject },
): Promise<void> {
  await db.query(
    `update channels set status = case when status = 'paused' then status else coalesce($4, status) end,
            health = health || jsonb_build_object('checkedAt', iso(now()), 'problem', $3::jsonb, 'facts', coalesce(health->'facts', '{}') || $5::jsonb)
      where workspace_id = $1 and id = $2`,
    [
      args.workspaceId,
      args.id,
      args.problem === null ? 'null' : JSON.stringify(args.problem),
      args.status,
      JSON.stringify(args.facts ?? {}),
    ],
  );
}

/** What a provider told us of the account by itself, merged into the facts that are known. */
export async function noteChannelFacts(db: Queryable, args: { workspaceId: string; id: string; facts: JsonObject }): Promise<void> {
  await db.query(
    `update channels set health = health || jsonb_build_object('facts', coalesce(health->'facts', '{}') || $3::jsonb) where workspace_id = $1 and id = $2`,
    [args.workspaceId, args.id, JSON.stringify(args.facts)],
  );
}

/** The facts of a channel whose domain is to be asked about again; null when that was done within `everyMs`, or another process does it. */
export async function claimRecordCheck(
  db: Queryable,
  args: { workspaceId: string; id: string; everyMs: number },
): Promise<JsonObject | null> {
  const { rows } = await db.query<{ facts: JsonObject }>(
    `update channels set health = health || jsonb_build_object('facts', coalesce(health->'facts', '{}') || jsonb_build_object('recordsAt', iso(now())))
      where workspace_id = $1 and id = $2 and coalesce((health->'facts'->>'recordsAt')::timestamptz, '-infinity') <= now() - make_interval(secs => $3::float8 / 1000)
      returning health->'facts' as facts`,
    [args.workspaceId, args.id, args.everyMs],
  );
  return rows[0]?.facts ?? null;
}

export async function deleteChannel(db: Queryable, args: { workspaceId: string; id: string }): Promise<void> {
  await db.query('delete from channels where workspace_id = $1 and id = $2', [args.workspaceId, args.id]);
}
