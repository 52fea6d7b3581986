import type { Queryable } from '../pool.ts';

export interface HeldCall {
  workspaceId: string;
  provider: string;
  runId: string;
  stepId: string;
  code: string;
  /** In milliseconds from now. */
  forMs: number;
}

/** A call waits for its provider. Answers how long it has waited, anew from when a provider went down: what it waited for before is another matter. */
export async function holdCall(db: Queryable, call: HeldCall): Promise<{ heldMs: number }> {
  const { rows } = await db.query<{ heldMs: number }>({
    name: 'hold-call',
    text: `insert into held_calls (run_id, step_id, workspace_id, provider, code, until)
      values ($1, $2, $3, $4, $5, now() + make_interval(secs => $6::float8 / 1000))
      on conflict (run_id, step_id) do update set provider = excluded.provider, code = excluded.code, until = excluded.until,
        since = case when excluded.code = 'upstream.down' and held_calls.code <> excluded.code then now() else held_calls.since end
      returning (1000 * extract(epoch from (now() - since)))::float8 as "heldMs"`,
    values: [call.runId, call.stepId, call.workspaceId, call.provider, call.code, call.forMs],
  });
  return rows[0] ?? { heldMs: 0 };
}

export async function releaseCall(db: Queryable, { runId, stepId }: Pick<HeldCall, 'runId' | 'stepId'>): Promise<void> {
  await db.query({ name: 'release-call', text: 'delete from held_calls where run_id = $1 and step_id = $2', values: [runId, stepId] });
}

/** Calls of steps that were led elsewhere or begin anew: they wait no more. */
export async function releaseCallsOf(db: Queryable, runId: string, stepIds: readonly string[]): Promise<void> {
  await db.query('delete from held_calls where run_id = $1 and step_id = any($2)', [runId, stepIds]);
}
