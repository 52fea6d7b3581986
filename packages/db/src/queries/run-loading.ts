import type { FlowFile, JournalEntry } from '@holdfast/graph';
import type { JsonObject, JsonValue } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';
import { pendingOverrides, type Hold, type PendingOverride } from './journal.ts';

/** A run with everything its execution reads, in one round trip. */
export interface LoadedRun {
  id: string;
  epoch: number;
  workspaceId: string;
  flowId: string;
  flowName: string;
  versionId: string;
  triggerNodeId: string;
  status: string;
  source: string;
  conversationId: string | null;
  startedAt: Date;
  entries: JournalEntry[];
  overrides: PendingOverride[] | null;
  contact: { id: string; name: string; language: string; attributes: JsonObject } | null;
  conversation: {
    id: string;
    channelId: string;
    channelName: string;
    channelKind: string;
    address: string;
    heldBy: 'bot' | 'person';
    /** By node: what its calls are to meet. Only the simulator's conversations have any. */
    faults?: { [node: string]: string } | null;
  } | null;
  history: { author: 'customer' | 'bot' | 'human'; text: string; at: string }[] | null;
  variables: { [name: string]: JsonValue } | null;
  sendsPausedAt: Date | null;
}

const runColumns = `r.id, r.epoch, r.workspace_id as "workspaceId", r.flow_id as "flowId", f.name as "flowName", r.version_id as "versionId",
  r.trigger_node_id as "triggerNodeId", r.status, r.source, r.conversation_id as "conversationId", r.started_at as "startedAt",
  (select jsonb_build_object('id', c.id, 'name', c.name, 'language', c.language, 'attributes', c.attributes)
    from contacts c where c.id = r.contact_id and c.workspace_id = r.workspace_id) as contact,
  (select jsonb_build_object('id', v.id, 'channelId', v.channel_id, 'channelName', h.name, 'channelKind', h.kind, 'address', split_part(v.address, '#', 1), 'heldBy', v.held_by)
      || case when h.kind = 'simulator' then jsonb_build_object('faults', (select jsonb_object_agg(s.node_id, s.fault) from simulator_faults s
        where s.workspace_id = r.workspace_id and s.flow_id = r.flow_id and s.contact = split_part(v.address, '#', 1))) else '{}'::jsonb end
    from conversations v join channels h on h.id = v.channel_id where v.id = r.conversation_id and v.workspace_id = r.workspace_id) as conversation,
  (select jsonb_agg(jsonb_build_object('author', m.author, 'text', m.text, 'at', to_char(m.sent_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by m.created_at, m.id)
    from (select author, text, sent_at, created_at, id from messages where conversation_id = r.conversation_id and workspace_id = r.workspace_id
      and status not in ('planned', 'failed', 'cancelled') order by created_at desc, id desc limit 30) m) as history,
  (select jsonb_object_agg(a.name, a.value) from variables a where a.workspace_id = r.workspace_id) as variables,
  (select w.sends_paused_at from workspaces w where w.id = r.workspace_id) as "sendsPausedAt"`;

/** Of a run `r` and its flow `f`. */
export const loadedColumns = `${runColumns},
  (select jsonb_agg(j.entry order by j.seq) from journal j where j.run_id = r.id) as entries, ${pendingOverrides('r.id')} as overrides`;

/** Of a run that the same statement inserted: its journal is not there to be read yet. */
export const newRunColumns = `${runColumns}, '[]'::jsonb as entries, null as overrides`;

/** ADOPT, and everything the stretch needs to go on. Null: the run belongs to another owner or has ended. */
export async function adoptRun(db: Queryable, { runId, epoch, owner }: Hold): Promise<LoadedRun | null> {
  const result = await db.query<LoadedRun>({
    name: 'adopt-run',
    // The second branch sees the row as it was before the update, so exactly one of the two answers.
    text: `with adopted as (
        update runs set lane = 'temporal', owner = $3, ring_at = null, ring_attempts = 0, updated_at = now()
        where id = $1 and epoch = $2 and lane = 'handover' returning *
      ), mine as (
        select * from adopted union all select * from runs where id = $1 and epoch = $2 and lane = 'temporal' and owner = $3
      )
      select ${loadedColumns} from mine r join flows f on f.id = r.flow_id`,
    values: [runId, epoch, owner],
  });
  return result.rows[0] ?? null;
}

/** A run as it stands, whoever executes it: only to be looked at. */
export async function loadRun(db: Queryable, id: string): Promise<LoadedRun | null> {
  const result = await db.query<LoadedRun>({
    name: 'load-run',
    text: `select ${loadedColumns} from runs r join flows f on f.id = r.flow_id where r.id = $1`,
    values: [id],
  });
  return result.rows[0] ?? null;
}

/** The published graph of a version. */
export async function loadVersion(db: Queryable, flowId: string, versionId: string): Promise<FlowFile | null> {
  const result = await db.query<{ file: FlowFile }>({
    name: 'load-version',
    text: 'select file from versions where flow_id = $1 and id = $2',
    values: [flowId, versionId],
  });
  return result.rows[0]?.file ?? null;
}

/** The published graphs of several versions; those that are gone are missing. */
export async function loadVersions(
  db: Queryable,
  versions: readonly { flowId: string; versionId: string }[],
): Promise<{ flowId: string; versionId: string; file: FlowFile }[]> {
  const result = await db.query<{ flowId: string; versionId: string; file: FlowFile }>({
    name: 'load-versions',
    text: `select flow_id as "flowId", id as "versionId", file from versions where (flow_id, id) in (select * from unnest($1::text[], $2::text[]))`,
    values: [versions.map((each) => each.flowId), versions.map((each) => each.versionId)],
  });
  return result.rows;
}

/** How far a run is, for whoever waits for its result. */
export async function findRunResult(
  db: Queryable,
  runId: string,
): Promise<{ status: string; outcome: string | null; result: JsonValue } | null> {
  const result = await db.query<{ status: string; outcome: string | null; result: JsonValue }>({
    name: 'find-run-result',
    text: 'select status, outcome, result from runs where id = $1',
    values: [runId],
  });
  return result.rows[0] ?? null;
}

/** Those of `ids` that have ended or need attention. */
export async function listStoppedRuns(db: Queryable, ids: readonly string[]): Promise<string[]> {
  const result = await db.query<{ id: string }>({
    name: 'list-stopped-runs',
    text: `select id from runs where id = any($1) and status in ('ended', 'attention')`,
    values: [ids],
  });
  return result.rows.map((row) => row.id);
}
