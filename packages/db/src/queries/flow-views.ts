import type { FlowFile } from '@holdfast/graph';
import type { JsonObject, JsonValue } from '@holdfast/node-kit';
import { onlyRow, type Queryable } from '../pool.ts';
import { silenceOfFlow, type FlowSilence } from './expected-activity.ts';

export interface FlowView {
  id: string;
  workspaceId: string;
  name: string;
  draft: FlowFile;
  revision: number;
  updatedAt: string;
  updatedBy: string | null;
  pausedAt: string | null;
  publishedVersionId: string | null;
  publishedVersion: number | null;
  published: FlowFile | null;
  runsToday: number;
  runsOpen: number;
  runsAttention: number;
  /** Less came than its triggers expect. */
  silence: FlowSilence | null;
}
const columns = `f.id, f.workspace_id as "workspaceId", f.name, f.draft, f.revision, iso(f.draft_updated_at) as "updatedAt", f.draft_updated_by as "updatedBy",
  iso(f.paused_at) as "pausedAt", f.published_version_id as "publishedVersionId", v.number as "publishedVersion", v.file as published,
  (select count(*)::int from runs r where r.flow_id = f.id and r.started_at >= date_trunc('day', now())) as "runsToday",
  (select count(*)::int from runs r where r.flow_id = f.id and r.workspace_id = f.workspace_id and r.status <> 'ended') as "runsOpen",
  (select count(*)::int from runs r where r.flow_id = f.id and r.workspace_id = f.workspace_id and r.status = 'attention') as "runsAttention",
  ${silenceOfFlow} as silence`;
const from = 'from flows f left join versions v on v.flow_id = f.id and v.id = f.published_version_id';

export async function listFlowViews(db: Queryable, workspaceId: string): Promise<FlowView[]> {
  const { rows } = await db.query<FlowView>(
    `select ${columns} ${from} where f.workspace_id = $1 and f.archived_at is null order by f.position, f.created_at`,
    [workspaceId],
  );
  return rows;
}

export async function loadFlowView(db: Queryable, args: { workspaceId: string; id: string }): Promise<FlowView | null> {
  const { rows } = await db.query<FlowView>(`select ${columns} ${from} where f.workspace_id = $1 and f.id = $2 and f.archived_at is null`, [
    args.workspaceId,
    args.id,
  ]);
  return rows[0] ?? null;
}

export async function insertFlow(
  db: Queryable,
  flow: { id: string; workspaceId: string; name: string; draft: FlowFile; by: string | null },
): Promise<void> {
  await db.query(
    `insert into flows (id, workspace_id, name, draft, draft_updated_by, position)
     values ($1, $2, $3, $4, $5, (select coalesce(max(position), 0) + 1 from flows where workspace_id = $2))`,
    [flow.id, flow.workspaceId, flow.name, JSON.stringify(flow.draft), flow.by],
  );
}

/** Saves when the draft is still at `revision`; null when it moved on. */
export async function updateDraft(
  db: Queryable,
  args: { workspaceId: string; id: string; revision: number; draft: FlowFile; by: string | null },
): Promise<{ revision: number; savedAt: string } | null> {
  const { rows } = await db.query<{ revision: number; savedAt: string }>(
    `update flows set draft = $4, name = $5, revision = revision + 1, draft_updated_at = now(), draft_updated_by = $6
      where workspace_id = $1 and id = $2 and revision = $3 and archived_at is null
      returning revision, iso(draft_updated_at) as "savedAt"`,
    [args.workspaceId, args.id, args.revision, JSON.stringify(args.draft), args.draft.name, args.by],
  );
  return rows[0] ?? null;
}

/** Locked until the transaction ends: publishes of one flow come one after another. */
export async function lockFlow(
  db: Queryable,
  args: { workspaceId: string; id: string },
): Promise<{ draft: FlowFile; revision: number; publishedVersionId: string | null; name: string } | null> {
  const { rows } = await db.query<{ draft: FlowFile; revision: number; publishedVersionId: string | null; name: string }>(
    `select draft, revision, published_version_id as "publishedVersionId", name from flows where workspace_id = $1 and id = $2 and archived_at is null for update`,
    [args.workspaceId, args.id],
  );
  return rows[0] ?? null;
}

export async function archiveFlow(db: Queryable, args: { workspaceId: string; id: string }): Promise<void> {
  await db.query('update flows set archived_at = now(), paused_at = coalesce(paused_at, now()) where workspace_id = $1 and id = $2', [
    args.workspaceId,
    args.id,
  ]);
}

export async function setFlowPaused(db: Queryable, args: { workspaceId: string; id: string; isPaused: boolean }): Promise<void> {
  await db.query('update flows set paused_at = case when $3 then coalesce(paused_at, now()) end where workspace_id = $1 and id = $2', [
    args.workspaceId,
    args.id,
    args.isPaused,
  ]);
}

export interface VersionView {
  id: string;
  number: number;
  note: string;
  publishedAt: string;
  publishedBy: string | null;
  isLive: boolean;
  openRuns: number;
}

export async function listVersionViews(db: Queryable, args: { workspaceId: string; flowId: string }): Promise<VersionView[]> {
  const { rows } = await db.query<VersionView>(
    `select v.id, v.number, v.note, iso(v.published_at) as "publishedAt", v.published_by as "publishedBy", coalesce(f.published_version_id = v.id, false) as "isLive",
            (select count(*)::int from runs r where r.flow_id = v.flow_id and r.version_id = v.id and r.status <> 'ended') as "openRuns"
       from versions v join flows f on f.id = v.flow_id where v.workspace_id = $1 and v.flow_id = $2 order by v.number desc`,
    [args.workspaceId, args.flowId],
  );
  return rows;
}

export async function loadVersionFile(
  db: Queryable,
  args: { workspaceId: string; flowId: string; id: string },
): Promise<{ file: FlowFile; number: number } | null> {
  const { rows } = await db.query<{ file: FlowFile; number: number }>(
    'select file, number from versions where workspace_id = $1 and flow_id = $2 and id = $3',
    [args.workspaceId, args.flowId, args.id],
  );
  return rows[0] ?? null;
}

/** The same graph published again keeps its number; its file (positions, notes) and note are renewed. */
export async function saveVersion(
  db: Queryable,
  version: { id: string; flowId: string; workspaceId: string; file: FlowFile; note: string; by: string | null },
): Promise<{ number: number }> {
  const { rows } = await db.query<{ number: number }>(
    `insert into versions (flow_id, id, workspace_id, number, file, note, published_by)
     values ($1, $2, $3, (select coalesce(max(number), 0) + 1 from versions where flow_id = $1), $4, $5, $6)
     on conflict (flow_id, id) do update set file = excluded.file, note = excluded.note, published_at = now(), published_by = excluded.published_by
     returning number`,
    [version.flowId, version.id, version.workspaceId, JSON.stringify(version.file), version.note, version.by],
  );
  return onlyRow(rows);
}

export async function nextVersionNumber(db: Queryable, args: { workspaceId: string; flowId: string }): Promise<number> {
  const { rows } = await db.query<{ next: number }>(
    'select coalesce(max(number), 0) + 1 as next from versions where workspace_id = $1 and flow_id = $2',
    [args.workspaceId, args.flowId],
  );
  return rows[0]?.next ?? 1;
}

export async function setPublishedVersion(db: Queryable, args: { workspaceId: string; flowId: string; versionId: string }): Promise<void> {
  await db.query('update flows set published_version_id = $3, paused_at = null where workspace_id = $1 and id = $2', [
    args.workspaceId,
    args.flowId,
    args.versionId,
  ]);
}

export async function deleteTriggers(db: Queryable, args: { workspaceId: string; flowId: string }): Promise<void> {
  await db.query('delete from triggers where workspace_id = $1 and flow_id = $2', [args.workspaceId, args.flowId]);
}

export interface TriggerRow {
  workspaceId: string;
  flowId: string;
  versionId: string;
  nodeId: string;
  source: string;
  config: JsonObject;
  path: string | null;
  nextFireAt: Date | null;
}
export async function insertTrigger(db: Queryable, trigger: TriggerRow): Promise<void> {
  await db.query(
    'insert into triggers (workspace_id, flow_id, version_id, node_id, source, config, path, next_fire_at) values ($1, $2, $3, $4, $5, $6, $7, $8)',
    [
      trigger.workspaceId,
      trigger.flowId,
      trigger.versionId,
      trigger.nodeId,
      trigger.source,
      JSON.stringify(trigger.config),
      trigger.path,
      trigger.nextFireAt,
    ],
  );
}

/** Held until the transaction ends: of two flows that want one address, the second waits and finds it taken. */
export async function lockWebhookPaths(db: Queryable): Promise<void> {
  await db.query(`select pg_advisory_xact_lock(hashtext('holdfast.webhook-paths'))`);
}

/** Which of these webhook addresses another flow already has. */
export async function findTakenPaths(db: Queryable, args: { flowId: string; paths: string[] }): Promise<string[]> {
  const { rows } = await db.query<{ path: string }>('select path from triggers where path = any ($2) and flow_id <> $1', [
    args.flowId,
    args.paths,
  ]);
  return rows.map((row) => row.path);
}

export interface FlowSamples {
  run: string | null;
  trigger: JsonObject | null;
  contactId: string | null;
  nodes: Record<string, JsonValue>;
}

/** What the data picker shows: the last run's trigger, and the latest known output of every step of the flow (last 50 runs). */
export async function loadFlowSamples(db: Queryable, args: { workspaceId: string; flowId: string }): Promise<FlowSamples> {
  const { rows } = await db.query<FlowSamples>(
    `with recent as (select id, input, contact_id, started_at from runs where workspace_id = $1 and flow_id = $2 order by started_at desc limit 50),
          last as (select * from recent order by started_at desc limit 1),
          outputs as (select distinct on (j.node_id) j.node_id, j.entry -> 'output' as output
                        from journal j join recent r on r.id = j.run_id
                       where j.kind = 'step-ended' and j.node_id is not null order by j.node_id, j.seq desc)
     select (select id from last) as run, (select input from last) as trigger, (select contact_id from last) as "contactId",
            coalesce((select jsonb_object_agg(node_id, output) from outputs), '{}') as nodes`,
    [args.workspaceId, args.flowId],
  );
  return rows[0] ?? { run: null, trigger: null, contactId: null, nodes: {} };
}
