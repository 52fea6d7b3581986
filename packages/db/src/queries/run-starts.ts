import type { JournalEntry } from '@holdfast/graph';
import type { JsonObject } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

export interface NewRun {
  id: string;
  workspaceId: string;
  flowId: string;
  versionId: string;
  triggerNodeId: string;
  source: 'channel' | 'webhook' | 'schedule' | 'manual';
  conversationId: string | null;
  contactId: string | null;
  input: JsonObject;
}

/** BEGIN for the Temporal lane: the run, its first journal entry and its ring, in one statement. Whoever commits it rings at once; 5 s later anybody does. */
export async function insertRun(db: Queryable, run: NewRun, started: JournalEntry): Promise<void> {
  await db.query({
    name: 'insert-run',
    text: `with run as (
        insert into runs (id, workspace_id, flow_id, version_id, trigger_node_id, status, lane, epoch, ring_at, ring_attempts, entries, conversation_id, contact_id, source, input)
        values ($1, $2, $3, $4, $5, 'running', 'handover', 1, now() + interval '5 s', 1, 1, $6, $7, $8, $9) returning id
      )
      insert into journal (run_id, workspace_id, kind, step_id, node_id, epoch, entry) select run.id, $2, 'run-started', $10, $5, 1, $11 from run`,
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
    ],
  });
}

/** Answers runs whose START is due and pushes their next ring back, 5 to 60 s by attempts, so that only one process starts each. */
export async function takeDueRuns(db: Queryable, limit: number): Promise<{ id: string; epoch: number; attempts: number }[]> {
  const result = await db.query<{ id: string; epoch: number; attempts: number }>({
    name: 'take-due-runs',
    text: `with due as (
        select id from runs where ring_at <= now() order by ring_at limit $1 for update skip locked
      )
      update runs r set ring_attempts = ring_attempts + 1, ring_at = now() + make_interval(secs => least(60, 5 * power(2, least(ring_attempts, 6))))
      from due where r.id = due.id returning r.id, r.epoch, r.ring_attempts as attempts`,
    values: [limit],
  });
  return result.rows;
}

/** Like `takeDueRuns` for one run that was just committed. */
export async function takeDueRun(db: Queryable, id: string): Promise<{ id: string; epoch: number; attempts: number } | null> {
  const result = await db.query<{ id: string; epoch: number; attempts: number }>({
    name: 'take-due-run',
    text: `update runs set ring_attempts = ring_attempts + 1, ring_at = now() + interval '5 s' where id = $1 and ring_at <= now() returning id, epoch, ring_attempts as attempts`,
    values: [id],
  });
  return result.rows[0] ?? null;
}

/** After Temporal was away: what was pushed back meanwhile is due at once. Taken in batches, so nothing is flooded. */
export async function hurryRuns(db: Queryable): Promise<number> {
  const result = await db.query(`update runs set ring_at = now() where ring_at > now() + interval '1 s' and lane = 'handover'`);
  return result.rowCount ?? 0;
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

/** LOST and TAKEOVER: the next epoch, to be rung; only if the run still is where it was seen. */
export async function takeOverRun(db: Queryable, seen: { runId: string; epoch: number }): Promise<boolean> {
  const result = await db.query(
    `update runs set lane = 'handover', owner = null, epoch = epoch + 1, ring_at = now(), ring_attempts = 0, updated_at = now()
      where id = $1 and epoch = $2 and lane in ('temporal', 'handover') and status <> 'ended'`,
    [seen.runId, seen.epoch],
  );
  return result.rowCount === 1;
}

/** Runs that Temporal should know, in the order of their ids, for the rotating check of LOST. */
export async function runsInTemporal(
  db: Queryable,
  afterId: string,
  limit: number,
  idleMs: number,
): Promise<{ id: string; epoch: number }[]> {
  const result = await db.query<{ id: string; epoch: number }>({
    name: 'runs-in-temporal',
    text: `select id, epoch from runs where lane = 'temporal' and id > $1 and updated_at < now() - make_interval(secs => $3 / 1000.0) order by id limit $2`,
    values: [afterId, limit, idleMs],
  });
  return result.rows;
}

/** Waiting runs whose doorbell seems lost: an override, a returned handoff or a deadline that nobody acted on, a message for one that asks, or sends that may go again. */
export async function unheardRuns(db: Queryable, olderThanMs: number): Promise<{ id: string; epoch: number }[]> {
  const result = await db.query<{ id: string; epoch: number }>({
    name: 'unheard-runs',
    text: `with late as (select now() - make_interval(secs => $1 / 1000.0) as at), heard as (
        select run_id as id from overrides, late where applied_at is null and refused is null and created_at < late.at
        union select run_id from handoffs, late where status in ('returned', 'closed') and ended_at < late.at and step_id is not null
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
      select r.id, r.epoch from heard h join runs r on r.id = h.id where r.lane = 'temporal' limit 200`,
    values: [olderThanMs],
  });
  return result.rows;
}
