import type { JournalEntry } from '@holdfast/graph';
import type { JsonObject } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';
import { newRunColumns, type LoadedRun } from './run-loading.ts';

export interface NewRun {
  id: string;
  workspaceId: string;
  flowId: string;
  versionId: string;
  triggerNodeId: string;
  source: 'channel' | 'webhook' | 'schedule' | 'connection' | 'manual';
  conversationId: string | null;
  contactId: string | null;
  input: JsonObject;
  /** The caller's own id of the message: of several under one id, at one trigger, only the first is written. */
  deliveryId?: string | null;
  /** The run whose delivery begins again. */
  replayOf?: string | null;
  /**
   * The webhook address that it came by, and the secret that proved it: nothing is written when that trigger is not what is live there any more, or
   * its secret is another.
   */
  through?: { path: string; credential: { id: string; secret: Buffer } | null };
}

/** Where a run begins: to be started in Temporal, waiting for room in an express lane, or claimed by the process that inserts it. */
export type Beginning = { lane: 'handover' } | { lane: 'queued' } | { lane: 'express'; owner: string };

const columns = `id, workspace_id, flow_id, version_id, trigger_node_id, status, lane, owner, epoch, ring_at, ring_attempts, entries, conversation_id,
  contact_id, source, input, began_in, delivery_id, replay_of`;
const values = `$1, $2, $3, $4, $5, 'running', $12, $13, 1, case when $12 = 'handover' then now() + interval '5 s' end, 1, 1, $6,
  $7, $8, $9, case when $12 = 'handover' then 'temporal' else 'express' end, $14, $15`;
const isLive = `exists (select 1 from triggers t join flows f on f.id = t.flow_id where t.path = $16 and t.source = 'webhook' and t.flow_id = $3 and t.version_id = $4
  and t.node_id = $5 and f.archived_at is null and f.paused_at is null)`;
const isUnlocked = `exists (select 1 from credentials c where c.id = $17 and c.workspace_id = $2 and c.secret = $18)`;
const unlessKnown = 'on conflict (flow_id, trigger_node_id, delivery_id) where delivery_id is not null do nothing';

const inserting = (rows: string): string => `with run as (
    insert into runs (${columns}) ${rows} returning *
  ), entry as (
    insert into journal (run_id, workspace_id, kind, step_id, node_id, epoch, entry) select run.id, $2, 'run-started', $10, $5, 1, $11 from run
  )`;

/** One text for each way in, prepared once per connection. */
function insertText({ through, deliveryId }: NewRun): { name: string; text: string } {
  const conditions = [...(through ? [isLive] : []), ...(through?.credential ? [isUnlocked] : [])];
  const rows = conditions.length === 0 ? `values (${values})` : `select ${values} where ${conditions.join(' and ')}`;
  return {
    name: ['insert-run', ...(through ? ['at-path'] : []), ...(through?.credential ? ['proven'] : []), ...(deliveryId ? ['once'] : [])].join(
      '-',
    ),
    text: inserting(deliveryId ? `${rows} ${unlessKnown}` : rows),
  };
}

export type Inserted = { state: 'written'; claimed: LoadedRun | null } | { state: 'repeated'; runId: string } | { state: 'stale' };

/**
 * BEGIN: the run, its first journal entry and, for Temporal, its ring, in one statement. Whoever commits it rings at once; 5 s later anybody
 * does. One that is claimed comes back with all that its execution reads. Nothing was written: `repeated`, since a message with this id has begun a
 * run already; `stale`, since its path leads elsewhere by now or its secret is another.
 */
export async function insertRun(db: Queryable, run: NewRun, started: JournalEntry, place: Beginning): Promise<Inserted> {
  const isClaimed = place.lane === 'express';
  const { name, text } = insertText(run);
  const { through } = run;
  const result = await db.query<LoadedRun>({
    name: isClaimed ? `${name}-claimed` : name,
    text: isClaimed ? `${text} select ${newRunColumns} from run r join flows f on f.id = r.flow_id` : `${text} select 1 from run`,
    values: [
      run.id,
      run.workspaceId,
      run.flowId,
      run.versionId,
      run.triggerNodeId,
      run.conversationId,
      run.contactId,
      run.source,
      JSON.stringify(run.input),
      'step' in started ? started.step : null,
      JSON.stringify(started),
      place.lane,
      isClaimed ? place.owner : null,
      run.deliveryId ?? null,
      run.replayOf ?? null,
      ...(through ? [through.path] : []),
      ...(through?.credential ? [through.credential.id, through.credential.secret] : []),
    ],
  });
  const [row] = result.rows;
  if (row) return { state: 'written', claimed: isClaimed ? { ...row, entries: [started] } : null };
  const known = run.deliveryId ? await findRunOfDelivery(db, { ...run, deliveryId: run.deliveryId }) : null;
  return known === null ? { state: 'stale' } : { state: 'repeated', runId: known };
}

/** The run that a message with this id began at this trigger. */
async function findRunOfDelivery(
  db: Queryable,
  { flowId, triggerNodeId, deliveryId }: { flowId: string; triggerNodeId: string; deliveryId: string },
): Promise<string | null> {
  const result = await db.query<{ id: string }>({
    name: 'run-of-delivery',
    text: 'select id from runs where flow_id = $1 and trigger_node_id = $2 and delivery_id = $3',
    values: [flowId, triggerNodeId, deliveryId],
  });
  return result.rows[0]?.id ?? null;
}

/** The run can't be executed at all (its version is gone, a defect of ours): a person must look, and no answer of the customer is its own any more. Only by its owner. */
export async function markRunStuck(
  db: Queryable,
  hold: { runId: string; epoch: number; owner: string },
  cause: JsonObject,
): Promise<{ workspaceId: string; flowId: string; flowName: string } | null> {
  const result = await db.query<{ workspaceId: string; flowId: string; flowName: string }>(
    `update runs set status = 'attention', waiting_for = null, cause = $4, updated_at = now() from flows f
      where runs.id = $1 and epoch = $2 and owner = $3 and status <> 'ended' and f.id = runs.flow_id
      returning runs.workspace_id as "workspaceId", runs.flow_id as "flowId", f.name as "flowName"`,
    [hold.runId, hold.epoch, hold.owner, JSON.stringify(cause)],
  );
  return result.rows[0] ?? null;
}

/** Waiting runs whose doorbell seems lost: an override, a returned handoff or a deadline that nobody acted on, a message for one that asks, or sends that may go again. */
export async function unheardRuns(db: Queryable, olderThanMs: number): Promise<{ id: string; epoch: number }[]> {
  const result = await db.query<{ id: string; epoch: number }>({
    name: 'unheard-runs',
    text: `with late as (select now() - make_interval(secs => $1 / 1000.0) as at), heard as (
        select run_id as id from overrides, late where applied_at is null and refused is null and created_at < late.at
        union select run_id from handoffs, late where status in ('returned', 'closed') and ended_at < late.at and ended_at > late.at - interval '7 days' and step_id is not null
          and not exists (select 1 from journal j where j.run_id = handoffs.run_id and j.step_id = handoffs.step_id and j.kind = 'step-ended')
        union select id from runs where status = 'running' and lane = 'temporal' and updated_at < now() - interval '2 minutes'
        union select id from runs, late where wake_at < late.at and status in ('waiting', 'running', 'attention')
        union select r.id from inbox i join runs r on r.conversation_id = i.conversation_id, late
          where i.state = 'pending' and i.received_at < late.at and r.status = 'waiting' and r.waiting_for = 'reply'
        union select r.id from late, runs r where r.status = 'waiting' and r.waiting_for = 'handoff' and r.updated_at < late.at
          and not exists (select 1 from handoffs h where h.conversation_id = r.conversation_id and h.status in ('open', 'claimed'))
        union select r.id from late, runs r join workspaces w on w.id = r.workspace_id left join conversations c on c.id = r.conversation_id
          where r.waiting_for = 'send' and r.updated_at < late.at and w.sends_paused_at is null and c.held_by is distinct from 'person'
      )
      select r.id, r.epoch from heard h join runs r on r.id = h.id where r.lane = 'temporal' or (r.lane = 'handover' and r.ring_attempts = 0) limit 200`,
    values: [olderThanMs],
  });
  return result.rows;
}
