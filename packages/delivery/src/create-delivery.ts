import type { DeliveryDeps } from './deps.ts';
import { startDispatcher } from './dispatcher.ts';
import { sendStep } from './send-step.ts';
import { settleSend } from './settle-send.ts';
import type { Delivery, StepSend, StepSendResult } from './step-send.ts';

/** The only way a message leaves: rules, pace, ledger, provider. */
export function createDelivery(deps: DeliveryDeps): Delivery {
  // Two attempts of one step in one process (a timed-out activity that still runs, and its successor): the second waits and finds what the first did.
  const underway = new Map<string, Promise<StepSendResult>>();
  const sendForStep = async (send: StepSend): Promise<StepSendResult> => {
    const key = `${send.step.id}:${send.part}`;
    await underway.get(key)?.catch(() => undefined);
    const sending = sendStep(deps, send);
    underway.set(key, sending);
    try {
      return await sending;
    } finally {
      if (underway.get(key) === sending) underway.delete(key);
    }
  };
  return { sendForStep, startDispatcher: () => startDispatcher(deps), settleSend: (given) => settleSend(deps, given) };
}
