import { newId } from '../id.ts';
import type { Queryable } from '../pool.ts';

/** One question to a model, answered or not. */
export interface LlmCallRow {
  workspaceId: string;
  runId: string | null;
  stepId: string | null;
  provider: string;
  model: string;
  rung: number;
  inputTokens: number;
  outputTokens: number;
  costMicroUsd: number;
  latencyMs: number;
  problem: object | null;
}

export async function insertLlmCall(db: Queryable, call: LlmCallRow): Promise<void> {
  await db.query(
    `insert into llm_calls (id, workspace_id, run_id, step_id, provider, model, rung, input_tokens, output_tokens, cost_microusd, latency_ms, problem)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      newId('llmCall'),
      call.workspaceId,
      call.runId,
      call.stepId,
      call.provider,
      call.model,
      call.rung,
      call.inputTokens,
      call.outputTokens,
      call.costMicroUsd,
      Math.round(call.latencyMs),
      call.problem,
    ],
  );
}

/** What the answer of a model in one step took, its failed tries included; null when no model was asked there. */
export async function sumLlmCalls(
  db: Queryable,
  args: { workspaceId: string; stepId: string },
): Promise<{ inputTokens: number; outputTokens: number; costMicroUsd: number } | null> {
  const { rows } = await db.query<{ inputTokens: number; outputTokens: number; costMicroUsd: number }>(
    `select sum(input_tokens)::int as "inputTokens", sum(output_tokens)::int as "outputTokens", sum(cost_microusd)::bigint as "costMicroUsd"
      from llm_calls where step_id = $2 and workspace_id = $1 having count(*) > 0`,
    [args.workspaceId, args.stepId],
  );
  return rows[0] ?? null;
}
