import {
  CancellationScope,
  condition,
  continueAsNew,
  defineSignal,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { doorbellName, type RunActivities, type RunFlowInput, type StretchEffect, type StretchResult } from './types.ts';

/** Carries nothing, may ring twice or never: PostgreSQL says what there is to do. */
export const doorbell = defineSignal(doorbellName);

/** A turn is about ten events; Temporal advises a fresh history long before 50,000. */
const turnsPerHistory = 200;

const { stretch } = proxyLocalActivities<RunActivities>({
  startToCloseTimeout: '10m',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '10s' },
});

/** The loop around `stretch`: Temporal times, retries and wakes; everything else is decided and stored there. */
export async function runFlow(input: RunFlowInput): Promise<void> {
  const owner = workflowInfo().workflowId;
  const inFlight = new Map<string, CancellationScope>();
  let isRung = false;
  setHandler(doorbell, () => {
    isRung = true;
  });

  for (let turn = 0; turn < turnsPerHistory || inFlight.size > 0; turn++) {
    isRung = false;
    const result: StretchResult = await stretch({ ...input, owner, inFlight: [...inFlight.keys()] });
    const wanted = new Set(result.effects.map((effect) => effect.stepId));
    // A step that was skipped, ended or jumped away from needs its next attempt no more.
    for (const [stepId, scope] of inFlight) if (!wanted.has(stepId)) scope.cancel();
    if (result.status !== 'open') return;
    for (const effect of result.effects) if (!inFlight.has(effect.stepId)) startEffect(effect);
    if (result.wakeInMs === null) await condition(() => isRung);
    else await condition(() => isRung, Math.max(1, result.wakeInMs));
  }
  return continueAsNew<typeof runFlow>(input);

  function startEffect(effect: StretchEffect): void {
    const scope = new CancellationScope();
    inFlight.set(effect.stepId, scope);
    const finished = scope
      .run(() => runEffect(input, owner, effect))
      .catch((error: unknown) => {
        // Whatever became of the activity, the journal knows it, and the next stretch decides.
        if (!isCancellation(error)) return;
      });
    void finished.then(() => {
      inFlight.delete(effect.stepId);
      isRung = true;
    });
  }
}

async function runEffect(input: RunFlowInput, owner: string, effect: StretchEffect): Promise<void> {
  if (effect.startInMs > 0) await sleep(effect.startInMs);
  const activities = proxyActivities<RunActivities>({
    startToCloseTimeout: effect.timeoutMs + 10_000,
    heartbeatTimeout: '30s',
    retry: {
      maximumAttempts: effect.maximumAttempts,
      initialInterval: effect.initialIntervalMs,
      backoffCoefficient: effect.backoff,
      maximumInterval: effect.maximumIntervalMs,
    },
  });
  await activities.runEffect({ ...input, owner, stepId: effect.stepId });
}
