import { Context, heartbeat } from '@temporalio/activity';
import { markRunStuck, notifyLive, transaction } from '@holdfast/db';
import { asHoldfastError, toProblem } from '@holdfast/errors';
import { announceAttention, isDatabaseTrouble, runEffect, stretch, type EagerRoom, type ExecutionDeps } from '@holdfast/runs';
import type { EffectInput, RunActivities, StretchInput, StretchResult } from '@holdfast/workflows/types';

const heartbeatMs = 5_000;

/** What the workflow calls: the loop's two hands. */
export function createActivities(deps: ExecutionDeps, room: EagerRoom): RunActivities {
  return {
    stretch: async (input: StretchInput): Promise<StretchResult> => {
      // The first task was taken: there is room for another eager start.
      room.leave(input.runId);
      try {
        return await stretch(deps, input);
      } catch (error) {
        return setAsideWhenHopeless(deps, input, error, Context.current().info.attempt);
      }
    },
    runEffect: async (input: EffectInput): Promise<void> => {
      const context = Context.current();
      const beat = setInterval(() => heartbeat(), heartbeatMs);
      try {
        await runEffect(deps, input, context.cancellationSignal);
      } finally {
        clearInterval(beat);
      }
    },
  };
}

/** What fails this often for another reason than the database fails for ever: people should know, and the workflow waits for a doorbell. */
const hopelessAttempts = 4;

async function setAsideWhenHopeless(deps: ExecutionDeps, input: StretchInput, error: unknown, attempt: number): Promise<StretchResult> {
  if (attempt < hopelessAttempts || isDatabaseTrouble(error)) throw error;
  deps.log.error({ run: input.runId, err: error }, 'A run can’t be executed and waits for a person');
  const problem = toProblem(asHoldfastError(error));
  const run = await transaction(deps.pool, async (client) => {
    const stuck = await markRunStuck(client, input, { ...problem });
    if (stuck)
      await announceAttention(client, { ...stuck, runId: input.runId, nodeName: '', title: problem.title, detail: problem.detail });
    return stuck;
  });
  if (run) notifyLive(deps.pool, run.workspaceId, { kind: 'run', run: input.runId, flow: run.flowId, status: 'attention' });
  return { status: 'open', effects: [], wakeInMs: null };
}
