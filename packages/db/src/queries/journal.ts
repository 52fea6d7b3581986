import type { JournalEntry } from '@holdfast/graph';
import type { JsonValue } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';
import { settlingQuery, type CallNews } from './call-settlements.ts';

/** Who may write to a run: without a matching row in `runs` nothing is written and the writer must stop. */
export interface Hold {
  runId: string;
  epoch: number;
  owner: string;
}

/** Entries to be appended by the run's owner, if the journal still is as long as they believe. */
export interface Append extends CallNews {
  hold: Hold;
  known: number;
  entries: readonly JournalEntry[];
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
  args: {
    node?: string;
    port?: string;
    output?: JsonValue;
    data?: { [key: string]: JsonValue };
    note?: string;
    step?: string;
    leave?: 'attention' | 'failed';
    /** The failure that it is about, by its time: once that one was dealt with, nothing is done. */
    failedAt?: string;
  };
  byName: string;
}

const stepOf = (entry: JournalEntry): string | null => ('step' in entry ? entry.step : null);
const nodeOf = (entry: JournalEntry): string | null => ('node' in entry ? (entry.node ?? null) : null);

/** The parallel arrays that `unnest` turns into journal rows. */
export function journalColumns(entries: readonly JournalEntry[]): [string[], (string | null)[], (string | null)[], string[]] {
  return [entries.map((entry) => entry.kind), entries.map(stepOf), entries.map(nodeOf), entries.map((entry) => JSON.stringify(entry))];
}

/** `moved`: the same owner wrote meanwhile (a step's own activity), so decide again on the newer journal. `lost`: another owner has the run. */
export type Appended = { state: 'appended'; overrides: PendingOverride[] } | { state: 'moved' } | { state: 'lost' };

/**
 * GUARD and append in one statement and one commit, if the journal still is as long as the writer believes. Answers with the
 * overrides that wait: a boundary is where they are applied.
 */
export async function appendJournal(db: Queryable, { hold, known, entries, ...news }: Append): Promise<Appended> {
  const result = await db.query<{ is_held: boolean; overrides: PendingOverride[] | null }>(
    settlingQuery(news, {
      name: 'append-journal',
      values: [hold.runId, hold.epoch, hold.owner, known, ...journalColumns(entries)],
      text: (settled) => `with held as (
          update runs set entries = entries + cardinality($5::text[]) where id = $1 and epoch = $2 and owner = $3 and entries = $4 returning id, workspace_id
        ), added as (${addEntries('$2', 5)})${settled}
        select exists (select 1 from held) as is_held, ${pendingOverrides('$1')} as overrides`,
    }),
  );
  const row = result.rows[0];
  if (row?.is_held) return { state: 'appended', overrides: row.overrides ?? [] };
  return { state: (await guardRun(db, hold)) ? 'moved' : 'lost' };
}

/** Inserts what `journalColumns` gave, from parameter `first` on, for the run in `held`. */
export const addEntries = (epoch: string, first: number): string =>
  `insert into journal (run_id, workspace_id, kind, step_id, node_id, epoch, entry)
   select held.id, held.workspace_id, e.kind, e.step_id, e.node_id, ${epoch}, e.entry::jsonb
   from held, unnest($${first}::text[], $${first + 1}::text[], $${first + 2}::text[], $${first + 3}::text[]) with ordinality as e (kind, step_id, node_id, entry, position)
   order by e.position`;

/** What was written after the first `known` entries. */
export async function journalAfter(db: Queryable, runId: string, known: number): Promise<JournalEntry[]> {
  const result = await db.query<{ entry: JournalEntry }>({
    name: 'journal-after',
    text: 'select entry from journal where run_id = $1 order by seq offset $2',
    values: [runId, known],
  });
  return result.rows.map((row) => row.entry);
}

/** Overrides that wait for this run's owner. */
export async function listPendingOverrides(db: Queryable, runId: string): Promise<PendingOverride[]> {
  const result = await db.query<{ overrides: PendingOverride[] | null }>({
    name: 'list-pending-overrides',
    text: `select ${pendingOverrides('$1')} as overrides`,
    values: [runId],
  });
  return result.rows[0]?.overrides ?? [];
}

/** A subquery that gathers a run's pending overrides as JSON, oldest first; null when there is none. */
export const pendingOverrides = (runId: string): string =>
  `(select jsonb_agg(jsonb_build_object('id', o.id, 'action', o.action, 'args', o.args, 'byName', o.by_name) order by o.created_at, o.id)
    from overrides o where o.run_id = ${runId} and o.applied_at is null and o.refused is null)`;

/** GUARD by itself, for a transaction that writes elsewhere: answers whether the run is still held. */
export async function guardRun(db: Queryable, hold: Hold): Promise<boolean> {
  const result = await db.query({
    name: 'guard-run',
    text: 'select 1 from runs where id = $1 and epoch = $2 and owner = $3 for share',
    values: [hold.runId, hold.epoch, hold.owner],
  });
  return result.rowCount === 1;
}

/** Where the run stands, for people and for the message table, written together with what the journal still lacks. False: not held, or the journal moved on. */
export async function saveRunStanding(db: Queryable, { hold, known, entries, ...news }: Append, standing: RunStanding): Promise<boolean> {
  const result = await db.query(
    settlingQuery(news, {
      name: 'save-run-standing',
      values: [
        hold.runId,
        hold.epoch,
        hold.owner,
        known,
        ...journalColumns(entries),
        standing.status,
        standing.waitingFor,
        standing.wakeAt,
        standing.cause === null ? null : JSON.stringify(standing.cause),
      ],
      text: (settled) => `with held as (
        update runs set entries = entries + cardinality($5::text[]), status = $9, waiting_for = $10, wake_at = $11, updated_at = now(),
          cause = case when $12::jsonb is not null then $12 when $9 = 'attention' then cause end
        where id = $1 and epoch = $2 and owner = $3 and entries = $4 returning id, workspace_id
      ), added as (${addEntries('$2', 5)})${settled} select 1 from held`,
    }),
  );
  return result.rowCount === 1;
}

/** Ends a run for good: no owner, no ring, no lane. Overrides that nobody applied are refused. False: not held, or the journal moved on. */
export async function endRun(
  db: Queryable,
  { hold, known, entries, ...news }: Append,
  end: { outcome: string; result: JsonValue; tooLate: JsonValue },
): Promise<boolean> {
  const result = await db.query(
    settlingQuery(news, {
      name: 'end-run',
      values: [
        hold.runId,
        hold.epoch,
        hold.owner,
        known,
        ...journalColumns(entries),
        end.outcome,
        JSON.stringify(end.result),
        JSON.stringify(end.tooLate),
      ],
      text: (settled) => `with held as (
        update runs set entries = entries + cardinality($5::text[]), status = 'ended', outcome = $9, result = $10, lane = 'ended', owner = null, ring_at = null,
          waiting_for = null, wake_at = null, cause = case when $9 = 'failed' then cause end, updated_at = now(), ended_at = now()
        where id = $1 and epoch = $2 and owner = $3 and entries = $4 returning id, workspace_id
      ), added as (${addEntries('$2', 5)})${settled}, late as (
        update overrides set refused = $11 from held where run_id = held.id and applied_at is null and refused is null
      ) select 1 from held`,
    }),
  );
  return result.rowCount === 1;
}
