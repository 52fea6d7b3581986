import type { Queryable } from '../pool.ts';
import { settlingQuery } from './call-settlements.ts';
import type { Append, Hold, RunStanding } from './journal.ts';
import { addEntries, journalColumns } from './journal.ts';
import { loadedColumns, type LoadedRun } from './run-loading.ts';
import { turns } from './turns.ts';

/** Why a run went from one owner to the next. */
export type HandOverCause =
  | 'wait'
  | 'retry'
  | 'slow'
  | 'later'
  | 'override'
  | 'attention'
  | 'budget'
  | 'shutdown'
  | 'owner-lost'
  | 'temporal-lost';

/** CLAIM: queued runs in their order, flows in turn, for this process to execute, with all that this takes. Several processes share the queue. */
export async function claimQueuedRuns(db: Queryable, owner: string, limit: number): Promise<LoadedRun[]> {
  const result = await db.query<LoadedRun>({
    name: 'claim-queued-runs',
    text: `with recursive ${turns({ lane: 'queued', by: 'started_at', limit: '$2::int' })}, claimed as (
        update runs r set lane = 'express', owner = $1, epoch = r.epoch + 1, updated_at = now() from turns where r.id = turns.id returning r.*, turns.nth
      )
      select ${loadedColumns} from claimed r join flows f on f.id = r.flow_id order by r.nth, r.started_at, r.id`,
    values: [owner, limit],
  });
  return result.rows;
}

/** What HANDOVER and TAKEOVER write to a run: nobody owns it, the next epoch may, and START is due. */
const givenAway = `lane = 'handover', owner = null, epoch = epoch + 1, ring_at = now(), ring_attempts = 0, updated_at = now()`;

/** HANDOVER by the living owner, with where the run stands and what the journal still lacks. False: not held, or the journal moved on. */
export async function handOverRun(db: Queryable, { hold, known, entries, ...news }: Append, standing: RunStanding): Promise<boolean> {
  const result = await db.query(
    settlingQuery(news, {
      name: 'hand-over-run',
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
        update runs set ${givenAway}, entries = entries + cardinality($5::text[]), status = $9, waiting_for = $10, wake_at = $11, cause = $12
        where id = $1 and epoch = $2 and owner = $3 and entries = $4 and lane = 'express' returning id, workspace_id
      ), added as (${addEntries('$2', 5)})${settled} select 1 from held`,
    }),
  );
  return result.rowCount === 1;
}

/** The update of the runs in `lost` and the journal entry that tells its cause, in one statement. Planned effects stay: their step's next try sends them, under GUARD. */
const takeOver = (lost: string, cause: string): string => `with lost as (${lost}), taken as (
    update runs r set ${givenAway}, entries = entries + 1 from lost where r.id = lost.id returning r.id, r.workspace_id, r.epoch
  ), noted as (
    insert into journal (run_id, workspace_id, kind, epoch, entry)
    select id, workspace_id, 'handed-over', epoch, jsonb_build_object('kind', 'handed-over', 'at', iso(now()), 'cause', ${cause}::text) from taken
  ) select id from taken`;

/** HANDOVER of a run whose stretch failed, as it stands in the journal; only by its owner. */
export async function letGoRun(db: Queryable, hold: Hold, cause: HandOverCause): Promise<boolean> {
  const result = await db.query({
    name: 'let-go-run',
    text: takeOver(`select id from runs where id = $1 and epoch = $2 and owner = $3 and lane = 'express' for update`, '$4'),
    values: [hold.runId, hold.epoch, hold.owner, cause],
  });
  return result.rowCount === 1;
}

/** LOST: the next epoch, to be rung; only if the run still is where it was seen. */
export async function takeOverRun(db: Queryable, seen: { runId: string; epoch: number }): Promise<boolean> {
  const result = await db.query({
    name: 'take-over-run',
    text: takeOver(
      `select id from runs where id = $1 and epoch = $2 and lane in ('temporal', 'handover') and status <> 'ended' for update`,
      `'temporal-lost'`,
    ),
    values: [seen.runId, seen.epoch],
  });
  return result.rowCount === 1;
}

/**
 * TAKEOVER: express runs whose owner has had no lease for 5 s. None while PostgreSQL has not been up for 10 s, or stood still and nobody's beats
 * have arrived yet: then the silence is not the owner's. Answers their ids.
 */
export async function takeOverExpressRuns(db: Queryable, limit: number): Promise<string[]> {
  const result = await db.query<{ id: string }>({
    name: 'take-over-express-runs',
    text: takeOver(
      `select r.id from runs r where r.lane = 'express' and r.updated_at < now() - interval '5 s' and pg_postmaster_start_time() < now() - interval '10 s'
         and exists (select 1 from leases l where l.seen_at >= now() - interval '2 s')
         and not exists (select 1 from leases l where l.process = r.owner and l.seen_at >= now() - interval '5 s')
       order by r.id limit $1 for update of r skip locked`,
      `'owner-lost'`,
    ),
    values: [limit],
  });
  return result.rows.map((row) => row.id);
}

/** Runs that this process owns and does not execute: claimed by a commit whose answer was lost, or not handed over when their stretch failed. */
export async function takeOverForgottenRuns(
  db: Queryable,
  { owner, executing }: { owner: string; executing: string[] },
): Promise<string[]> {
  const result = await db.query<{ id: string }>({
    name: 'take-over-forgotten-runs',
    text: takeOver(
      `select id from runs where lane = 'express' and owner = $1 and id <> all($2::text[]) and updated_at < now() - interval '10 s' for update skip locked`,
      `'owner-lost'`,
    ),
    values: [owner, executing],
  });
  return result.rows.map((row) => row.id);
}

/** Queued runs that no express lane may take are started in Temporal: nobody has executed them yet. */
export async function handOverQueuedRuns(db: Queryable): Promise<void> {
  await db.query({ name: 'hand-over-queued-runs', text: `update runs set lane = 'handover', ring_at = now() where lane = 'queued'` });
}
