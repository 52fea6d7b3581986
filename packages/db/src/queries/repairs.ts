import type { JsonObject, JsonValue } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

export type RepairState = 'trying' | 'tried' | 'running' | 'stopping' | 'stopped' | 'done';

export interface Repair {
  id: string;
  workspaceId: string;
  cause: string;
  about: JsonObject;
  act: JsonObject;
  state: RepairState;
  note: string | null;
  byUserId: string | null;
  byName: string;
  stoppedBy: string | null;
  createdAt: string;
  endedAt: string | null;
}
const columns = `p.id, p.workspace_id as "workspaceId", p.cause, p.about, p.act, p.state, p.note, p.by_user_id as "byUserId", p.by_name as "byName",
  p.stopped_by as "stoppedBy", iso(p.created_at) as "createdAt", iso(p.ended_at) as "endedAt"`;

export type RepairCounts = Record<'planned' | 'asked' | 'done' | 'failed' | 'skipped', number>;
export type RepairView = Repair & { counts: RepairCounts };
const counts = `(select jsonb_build_object('planned', count(*) filter (where i.state = 'planned'), 'asked', count(*) filter (where i.state = 'asked'),
  'done', count(*) filter (where i.state = 'done'), 'failed', count(*) filter (where i.state = 'failed'), 'skipped', count(*) filter (where i.state = 'skipped'))
  from repair_runs i where i.repair_id = p.id) as counts`;

/** Those that are not over, and what ended within the last day; newest first. */
export async function listRepairs(db: Queryable, workspaceId: string): Promise<RepairView[]> {
  const { rows } = await db.query<RepairView>(
    `select ${columns}, ${counts} from repairs p where p.workspace_id = $1 and (p.ended_at is null or p.ended_at > now() - interval '1 day') order by p.created_at desc limit 50`,
    [workspaceId],
  );
  return rows;
}

export async function loadRepair(db: Queryable, args: { workspaceId: string; id: string }): Promise<RepairView | null> {
  const { rows } = await db.query<RepairView>(`select ${columns}, ${counts} from repairs p where p.workspace_id = $1 and p.id = $2`, [
    args.workspaceId,
    args.id,
  ]);
  return rows[0] ?? null;
}

/** With its runs in their order. False: another repair of the same cause is not over. */
export async function insertRepair(
  db: Queryable,
  repair: Omit<Repair, 'stoppedBy' | 'createdAt' | 'endedAt'> & { runs: readonly string[] },
): Promise<boolean> {
  await db.query(`select pg_advisory_xact_lock(hashtext('repairs'), hashtext($1))`, [repair.workspaceId]);
  const { rowCount } = await db.query(
    `insert into repairs (id, workspace_id, cause, about, act, state, note, by_user_id, by_name) select $1, $2, $3, $4, $5, $6, $7, $8, $9
      where not exists (select 1 from repairs where workspace_id = $2 and cause = $3 and ended_at is null)`,
    [
      repair.id,
      repair.workspaceId,
      repair.cause,
      JSON.stringify(repair.about),
      JSON.stringify(repair.act),
      repair.state,
      repair.note,
      repair.byUserId,
      repair.byName,
    ],
  );
  if (rowCount !== 1) return false;
  await db.query(
    `insert into repair_runs (repair_id, run_id, workspace_id, place) select $1, r.id, $2, u.place from unnest($3::text[]) with ordinality as u (id, place)
       join runs r on r.id = u.id and r.workspace_id = $2`,
    [repair.id, repair.workspaceId, repair.runs],
  );
  return true;
}

export async function listOpenRepairs(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select id from repairs where state in ('trying', 'running', 'stopping') order by created_at limit 50`,
  );
  return rows.map((row) => row.id);
}

/** Its row, locked until the transaction ends, so that one process works on it; null when another does, or nothing is to be done. */
export async function takeRepair(db: Queryable, id: string): Promise<Repair | null> {
  const { rows } = await db.query<Repair>(
    `select ${columns} from repairs p where p.id = $1 and p.state in ('trying', 'running', 'stopping') for update skip locked`,
    [id],
  );
  return rows[0] ?? null;
}

/** A person's word, or the end of its work. Waits for who works on it; answers whether it was in one of the states of `from`. */
export async function moveRepair(
  db: Queryable,
  args: { workspaceId: string; id: string; from: readonly RepairState[]; to: RepairState; stoppedBy?: string | null },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update repairs set state = $4, stopped_by = coalesce($5, stopped_by), ended_at = case when $4 in ('stopped', 'done') then now() end
      where workspace_id = $1 and id = $2 and state = any ($3)`,
    [args.workspaceId, args.id, args.from, args.to, args.stoppedBy ?? null],
  );
  return rowCount === 1;
}

export interface RepairRun {
  runId: string;
  place: number;
  state: 'planned' | 'asked' | 'done' | 'failed' | 'skipped';
  overrideId: string | null;
  since: number | null;
  problem: JsonValue;
  /** How long ago it was asked for. */
  askedMs: number | null;
}
const runColumns = `i.run_id as "runId", i.place, i.state, i.override_id as "overrideId", i.since, i.problem,
  extract(epoch from clock_timestamp() - i.asked_at)::float8 * 1000 as "askedMs"`;

export async function listRepairRuns(
  db: Queryable,
  args: { repairId: string; state: RepairRun['state']; limit: number },
): Promise<RepairRun[]> {
  const { rows } = await db.query<RepairRun>(
    `select ${runColumns} from repair_runs i where i.repair_id = $1 and i.state = $2 order by i.place limit $3`,
    [args.repairId, args.state, args.limit],
  );
  return rows;
}

export async function saveRepairRun(
  db: Queryable,
  args: { repairId: string; runId: string; state: RepairRun['state']; overrideId?: string; since?: number; problem?: JsonObject | null },
): Promise<void> {
  await db.query(
    `update repair_runs set state = $3, override_id = coalesce($4, override_id), since = coalesce($5, since), problem = $6,
       asked_at = case when $3 = 'asked' then clock_timestamp() else asked_at end, settled_at = case when $3 in ('done', 'failed', 'skipped') then clock_timestamp() end
      where repair_id = $1 and run_id = $2`,
    [
      args.repairId,
      args.runId,
      args.state,
      args.overrideId ?? null,
      args.since ?? null,
      args.problem === undefined || args.problem === null ? null : JSON.stringify(args.problem),
    ],
  );
}

/** What became of the runs that were settled last, the latest first. */
export async function latestRepaired(db: Queryable, args: { repairId: string; limit: number }): Promise<('done' | 'failed' | 'skipped')[]> {
  const { rows } = await db.query<{ state: 'done' | 'failed' | 'skipped' }>(
    `select state from repair_runs where repair_id = $1 and state in ('done', 'failed') order by settled_at desc limit $2`,
    [args.repairId, args.limit],
  );
  return rows.map((row) => row.state);
}

export interface RepairedRunView {
  run: string;
  state: RepairRun['state'];
  problem: { code?: string; title?: string; detail?: string; hint?: string; path?: string } | null;
}
/** What went wrong or was left alone first, then the others as they were settled. */
export async function listRepairedRuns(
  db: Queryable,
  args: { workspaceId: string; id: string; limit: number },
): Promise<RepairedRunView[]> {
  const { rows } = await db.query<RepairedRunView>(
    `select run_id as run, state, problem from repair_runs where workspace_id = $1 and repair_id = $2 and state <> 'planned'
      order by case state when 'failed' then 0 when 'skipped' then 1 when 'asked' then 2 else 3 end, place limit $3`,
    [args.workspaceId, args.id, args.limit],
  );
  return rows;
}

/** Whether it was begun by a repair and is not through. */
export async function isBeingRepaired(db: Queryable, runId: string): Promise<boolean> {
  const { rowCount } = await db.query(`select 1 from repair_runs where run_id = $1 and state = 'asked' limit 1`, [runId]);
  return rowCount !== 0;
}

/** Repairs are kept for 90 days; their runs have their own journal. */
export async function forgetOldRepairs(db: Queryable): Promise<void> {
  await db.query(`delete from repairs where ended_at < now() - interval '90 days'`);
}
