import type { DeliveryDeps } from './deps.ts';
import { startDispatcher } from './dispatcher.ts';
import { sendStep } from './send-step.ts';
import { settleSend } from './settle-send.ts';
import { showTyping } from './show-typing.ts';
import type { OwnDeps } from './unsaved.ts';
import type { Delivery, StepSend, StepSendResult } from './step-send.ts';

/** The only way a message leaves: rules, pace, ledger, provider. */
export function createDelivery(deps: DeliveryDeps): Delivery {
  const own: OwnDeps = { ...deps, unsaved: new Map(), typing: new Map() };
  // Two attempts of one step in one process (a timed-out activity that still runs, and its successor) go one after the other: the second finds what the first did.
  const underway = new Map<string, Promise<unknown>>();
  const sendForStep = async (send: StepSend): Promise<StepSendResult> => {
    const key = `${send.step.id}:${send.part}`;
    const sending = (underway.get(key) ?? Promise.resolve()).then(() => sendStep(own, send));
    const ended = sending.catch(() => undefined);
    underway.set(key, ended);
    try {
      return await sending;
    } finally {
      if (underway.get(key) === ended) underway.delete(key);
    }
  };
  return {
    sendForStep,
    startDispatcher: () => startDispatcher(own),
    showTyping: (talk) => showTyping(own, talk),
    settleSend: (given) => settleSend(own, given),
  };
}
