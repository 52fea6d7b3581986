import type { FlowFile, JournalEntry } from '@holdfast/graph';
import type { JsonObject, JsonValue } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

export type RunLane = 'queued' | 'express' | 'handover' | 'temporal' | 'ended';

export interface RunView {
  id: string;
  workspaceId: string;
  flowId: string;
  flowName: string;
  versionId: string;
  versionNumber: number;
  status: 'running' | 'waiting' | 'paused' | 'attention' | 'ended';
  outcome: 'done' | 'stopped' | 'failed' | null;
  source: 'channel' | 'webhook' | 'schedule' | 'connection' | 'manual';
  contactId: string | null;
  contactName: string | null;
  conversationId: string | null;
  cause: { code: string; title: string; detail: string; hint?: string; path?: string; node?: string } | null;
  causeNodeName: string | null;
  waitingFor: string | null;
  wakeAt: string | null;
  lane: RunLane;
  beganIn: 'express' | 'temporal';
  replayOf: string | null;
  epoch: number;
  startedAt: string;
  endedAt: string | null;
  durationMs: number | null;
}
const nodeName = (node: string) =>
  `(select n ->> 'name' from jsonb_array_elements(v.file -> 'nodes') n where n ->> 'id' = ${node} limit 1)`;
const columns = `r.id, r.workspace_id as "workspaceId", r.flow_id as "flowId", f.name as "flowName", r.version_id as "versionId", v.number as "versionNumber",
  r.status, r.outcome, r.source, r.contact_id as "contactId", c.name as "contactName", r.conversation_id as "conversationId", r.cause,
  ${nodeName(`(r.cause ->> 'node')`)} as "causeNodeName", r.waiting_for as "waitingFor", iso(r.wake_at) as "wakeAt", r.lane, r.began_in as "beganIn", r.replay_of as "replayOf", r.epoch,
  iso(r.started_at) as "startedAt", iso(r.ended_at) as "endedAt", extract(epoch from r.ended_at - r.started_at)::float8 * 1000 as "durationMs"`;
const from = `from runs r join flows f on f.id = r.flow_id join versions v on v.flow_id = r.flow_id and v.id = r.version_id left join contacts c on c.id = r.contact_id`;

export interface RunFilter {
  workspaceId: string;
  /** The last id of the page before; ids sort by time. */
  before: string | null;
  limit: number;
  /** A status, or `open` for all that haven't ended. */
  status: string | null;
  flowId: string | null;
  conversationId: string | null;
  from: string | null;
  to: string | null;
  search: string | null;
  /** As `countCauses` answers it. */
  cause: string | null;
}
const causeKey = 'attention_key(r.cause, r.flow_id, r.version_id, v.file)';

export async function listRunViews(db: Queryable, filter: RunFilter): Promise<RunView[]> {
  const { rows } = await db.query<RunView>(
    `select ${columns} ${from}
      where r.workspace_id = $1 and ($2::text is null or r.id < $2)
        and ($4::text is null or r.status = $4 or ($4 = 'open' and r.status <> 'ended'))
        and ($5::text is null or r.flow_id = $5) and ($6::text is null or r.conversation_id = $6)
        and ($7::timestamptz is null or r.started_at >= $7) and ($8::timestamptz is null or r.started_at < $8)
        and ($9::text is null or r.id = $9 or f.name ilike $10 or c.name ilike $10 or r.input::text ilike $10)
        and ($11::text is null or (r.status = 'attention' and ${causeKey} = $11))
      order by r.id desc limit $3`,
    [
      filter.workspaceId,
      filter.before,
      filter.limit,
      filter.status,
      filter.flowId,
      filter.conversationId,
      filter.from,
      filter.to,
      filter.search,
      filter.search === null ? null : `%${filter.search.replace(/[\\%_]/g, '\\$&')}%`,
      filter.cause,
    ],
  );
  return rows;
}

export interface RunDetailView extends RunView {
  file: FlowFile;
  input: JsonObject;
  result: JsonValue;
}
export async function loadRunView(db: Queryable, args: { workspaceId: string; id: string }): Promise<RunDetailView | null> {
  const { rows } = await db.query<RunDetailView>(
    `select ${columns}, v.file, r.input, r.result ${from} where r.workspace_id = $1 and r.id = $2`,
    [args.workspaceId, args.id],
  );
  return rows[0] ?? null;
}

/** Open runs by status, and what ended in the last 24 hours by outcome under `ended`. */
export async function countRunsByStatus(db: Queryable, workspaceId: string): Promise<Record<string, number>> {
  const { rows } = await db.query<{ status: string; count: number }>(
    `select status, count(*)::int as count from runs where workspace_id = $1 and (status <> 'ended' or started_at > now() - interval '24 hours') group by status`,
    [workspaceId],
  );
  return Object.fromEntries(rows.map((row) => [row.status, row.count]));
}

export interface JournalRow {
  seq: number;
  at: string;
  entry: JournalEntry;
}
export async function listJournal(db: Queryable, args: { workspaceId: string; runId: string }): Promise<JournalRow[]> {
  const { rows } = await db.query<JournalRow>(
    'select seq, iso(at) as at, entry from journal where workspace_id = $1 and run_id = $2 order by seq',
    [args.workspaceId, args.runId],
  );
  return rows;
}

export interface SendView {
  message: string;
  text: string;
  state: string;
  node: string | null;
  problem: { code: string; title: string; detail: string } | null;
  at: string;
}
const sendColumns = `e.message_id as message, coalesce(m.text, '') as text, e.state, m.node_id as node, coalesce(e.problem, m.problem) as problem, iso(coalesce(e.settled_at, e.dispatched_at, e.created_at)) as at`;

export async function listSendsOfRun(db: Queryable, args: { workspaceId: string; runId: string }): Promise<SendView[]> {
  const { rows } = await db.query<SendView>(
    `select ${sendColumns} from effects e left join messages m on m.id = e.message_id
      where e.workspace_id = $1 and e.run_id = $2 and e.kind = 'send' and e.message_id is not null order by e.created_at, e.key`,
    [args.workspaceId, args.runId],
  );
  return rows;
}

/** The latest send of a message. */
export async function loadSend(
  db: Queryable,
  args: { workspaceId: string; messageId: string },
): Promise<(SendView & { key: string }) | null> {
  const { rows } = await db.query<SendView & { key: string }>(
    `select e.key, ${sendColumns} from effects e left join messages m on m.id = e.message_id where e.workspace_id = $1 and e.message_id = $2 and e.kind = 'send' order by e.created_at desc limit 1`,
    [args.workspaceId, args.messageId],
  );
  return rows[0] ?? null;
}

export interface PendingOverrideView {
  id: string;
  action: string;
  by: string;
  at: string;
}
export async function listPendingOverrideViews(
  db: Queryable,
  args: { workspaceId: string; runId: string },
): Promise<PendingOverrideView[]> {
  const { rows } = await db.query<PendingOverrideView>(
    'select id, action, by_name as by, iso(created_at) as at from overrides where workspace_id = $1 and run_id = $2 and applied_at is null and refused is null order by created_at',
    [args.workspaceId, args.runId],
  );
  return rows;
}
