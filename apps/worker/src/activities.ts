import { Context, heartbeat } from '@temporalio/activity';
import { runEffect, stretch, type EagerRoom, type ExecutionDeps } from '@holdfast/runs';
import type { EffectInput, RunActivities, StretchInput, StretchResult } from '@holdfast/workflows/types';

const heartbeatMs = 5_000;

/** What the workflow calls: the loop's two hands. */
export function createActivities(deps: ExecutionDeps, room: EagerRoom): RunActivities {
  return {
    stretch: async (input: StretchInput): Promise<StretchResult> => {
      // The first task was taken: there is room for another eager start.
      room.leave(input.runId);
      return stretch(deps, input);
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

