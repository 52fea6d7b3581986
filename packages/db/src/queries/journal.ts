import type { JournalEntry } from '@holdfast/graph';
import type { JsonValue } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

/** Who may write to a run: without a matching row in `runs` nothing is written and the writer must stop. */
export interface Hold {
  runId: string;
  epoch: number;
  owner: string;
}

/** What the run's row says after an append; absent fields stay as they are. */
export interface RunStanding {
  status: 'running' | 'waiting' | 'paused' | 'attention' | 'ended';
  waitingFor: string | null;
  wakeAt: Date | null;
  cause: JsonValue;
}

export interface PendingOverride {
  id: string;
  action: string;
  args: { node?: string; port?: string; output?: JsonValue; data?: { [key: string]: JsonValue }; note?: string };
  byName: string;
}

const stepOf = (entry: JournalEntry): string | null => ('step' in entry ? entry.step : null);
const nodeOf = (entry: JournalEntry): string | null => ('node' in entry ? (entry.node ?? null) : null);

/** The parallel arrays that `unnest` turns into journal rows. */
export function journalColumns(entries: readonly JournalEntry[]): [string[], (string | null)[], (string | null)[], string[]] {
  return [entries.map((entry) => entry.kind), entries.map(stepOf), entries.map(nodeOf), entries.map((entry) => JSON.stringify(entry))];
}

/**
 * GUARD and append in one statement and one commit; the row lock makes a run's writers take turns. Answers null when the
 * run has another owner, else the overrides that wait: a boundary is where they are applied.
 */
export async function appendJournal(db: Queryable, hold: Hold, entries: readonly JournalEntry[]): Promise<PendingOverride[] | null> {
  const result = await db.query<{ is_held: boolean; overrides: PendingOverride[] | null }>({
    name: 'append-journal',
    text: `with held as (
        select id, workspace_id from runs where id = $1 and epoch = $2 and owner = $3 for no key update
      ), added as (
        insert into journal (run_id, workspace_id, kind, step_id, node_id, epoch, entry)
        select held.id, held.workspace_id, e.kind, e.step_id, e.node_id, $2, e.entry::jsonb
        from held, unnest($4::text[], $5::text[], $6::text[], $7::text[]) with ordinality as e (kind, step_id, node_id, entry, position)
        order by e.position
      )
      select exists (select 1 from held) as is_held, ${pendingOverrides('$1')} as overrides`,
    values: [hold.runId, hold.epoch, hold.owner, ...journalColumns(entries)],
  });
  const row = result.rows[0];
  return row?.is_held ? (row.overrides ?? []) : null;
}

/** A subquery that gathers a run's pending overrides as JSON, oldest first; null when there is none. */
export const pendingOverrides = (runId: string): string =>
  `(select jsonb_agg(jsonb_build_object('id', o.id, 'action', o.action, 'args', o.args, 'byName', o.by_name) order by o.created_at, o.id)
    from overrides o where o.run_id = ${runId} and o.applied_at is null and o.refused is null)`;

/** GUARD by itself, for a transaction that writes elsewhere: answers whether the run is still held. */
export async function guardRun(db: Queryable, hold: Hold): Promise<boolean> {
  const result = await db.query({ name: 'guard-run', text: 'select 1 from runs where id = $1 and epoch = $2 and owner = $3 for share', values: [hold.runId, hold.epoch, hold.owner] });
  return result.rowCount === 1;
}

/** Where the run stands, for people and for the message table; only by its owner. Answers whether it was. */
export async function saveRunStanding(db: Queryable, hold: Hold, standing: RunStanding): Promise<boolean> {
  const result = await db.query({
    name: 'save-run-standing',
    text: `update runs set status = $4, waiting_for = $5, wake_at = $6, cause = $7, updated_at = now()
      where id = $1 and epoch = $2 and owner = $3`,
    values: [hold.runId, hold.epoch, hold.owner, standing.status, standing.waitingFor, standing.wakeAt, standing.cause === null ? null : JSON.stringify(standing.cause)],
  });
  return result.rowCount === 1;
}

/** Ends a run for good: no owner, no ring, no lane. Answers whether this owner still held it. */
export async function endRun(db: Queryable, hold: Hold, end: { outcome: string; result: JsonValue }): Promise<boolean> {
  const result = await db.query({
    name: 'end-run',
    text: `update runs set status = 'ended', outcome = $4, result = $5, lane = 'ended', owner = null, ring_at = null, waiting_for = null, wake_at = null,
        updated_at = now(), ended_at = now()
      where id = $1 and epoch = $2 and owner = $3`,
    values: [hold.runId, hold.epoch, hold.owner, end.outcome, JSON.stringify(end.result)],
  });
  return result.rowCount === 1;
}
