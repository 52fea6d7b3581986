import type { JsonObject, JsonValue } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

export interface NewOverride {
  id: string;
  workspaceId: string;
  runId: string;
  action: string;
  args: JsonObject;
  byUserId: string | null;
  byName: string;
}

/** Only for a run of this workspace that has not ended; answers its epoch and lane, or null. */
export async function insertOverride(db: Queryable, given: NewOverride): Promise<{ epoch: number; lane: string } | null> {
  const result = await db.query<{ epoch: number; lane: string }>(
    `with run as (select id, epoch, lane from runs where id = $3 and workspace_id = $2 and status <> 'ended'),
      added as (
        insert into overrides (id, workspace_id, run_id, action, args, by_user_id, by_name) select $1, $2, run.id, $4, $5, $6, $7 from run
      )
      select epoch, lane from run`,
    [given.id, given.workspaceId, given.runId, given.action, JSON.stringify(given.args), given.byUserId, given.byName],
  );
  return result.rows[0] ?? null;
}

export async function findOverride(
  db: Queryable,
  id: string,
): Promise<{ isApplied: boolean; refused: JsonValue; runStatus: string } | null> {
  const result = await db.query<{ isApplied: boolean; refused: JsonValue; runStatus: string }>({
    name: 'find-override',
    text: `select o.applied_at is not null as "isApplied", o.refused, r.status as "runStatus" from overrides o join runs r on r.id = o.run_id where o.id = $1`,
    values: [id],
  });
  return result.rows[0] ?? null;
}

/** The same act of the same person on the same run, which was applied lately: its id. */
export async function findLatelyApplied(
  db: Queryable,
  { id, workspaceId, runId, action, args, byUserId }: NewOverride,
): Promise<string | null> {
  const { rows } = await db.query<{ id: string }>(
    `select id from overrides where workspace_id = $2 and run_id = $3 and action = $4 and args = $5::jsonb and by_user_id = $6 and id <> $1
      and applied_at > now() - interval '10 minutes' order by applied_at desc limit 1`,
    [id, workspaceId, runId, action, JSON.stringify(args), byUserId],
  );
  return rows[0]?.id ?? null;
}

export async function settleOverrides(db: Queryable, settled: readonly { id: string; refused: JsonValue }[]): Promise<void> {
  await db.query({
    name: 'settle-overrides',
    text: `update overrides o set applied_at = case when s.refused is null then now() end, refused = s.refused::jsonb
      from unnest($1::text[], $2::text[]) as s (id, refused) where o.id = s.id and o.applied_at is null and o.refused is null`,
    values: [settled.map((one) => one.id), settled.map((one) => (one.refused === null ? null : JSON.stringify(one.refused)))],
  });
}

/** Where to ring: a run's epoch while Temporal has it. */
export async function findRunEpoch(
  db: Queryable,
  runId: string,
): Promise<{ epoch: number; lane: string; status: string; workspaceId: string; flowId: string } | null> {
  const result = await db.query<{ epoch: number; lane: string; status: string; workspaceId: string; flowId: string }>({
    name: 'find-run-epoch',
    text: 'select epoch, lane, status, workspace_id as "workspaceId", flow_id as "flowId" from runs where id = $1',
    values: [runId],
  });
  return result.rows[0] ?? null;
}

/** Whether a workspace has this run, ended or not. */
export async function hasRun(db: Queryable, workspaceId: string, runId: string): Promise<boolean> {
  const result = await db.query('select 1 from runs where id = $1 and workspace_id = $2', [runId, workspaceId]);
  return result.rowCount === 1;
}

/** Whether the run's last pause came with somebody taking its conversation; a pause that an operator chose is theirs to end. */
export async function wasPausedByTaking(db: Queryable, runId: string): Promise<boolean> {
  const result = await db.query<{ byTaking: boolean }>(
    `select coalesce((args ->> 'handoff')::boolean, false) as "byTaking" from overrides
      where run_id = $1 and action = 'pause' and refused is null order by created_at desc, id desc limit 1`,
    [runId],
  );
  return result.rows[0]?.byTaking ?? false;
}
