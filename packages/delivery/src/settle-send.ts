import { loadSentMessage, notifyLive, planAgain, settleAsArrived } from '@holdfast/db';
import { HoldfastError, say } from '@holdfast/errors';
import type { DeliveryDeps } from './deps.ts';

/** See `Delivery.settleSend`. */
export async function settleSend(
  { pool }: Pick<DeliveryDeps, 'pool'>,
  given: { workspaceId: string; messageId: string; settle: 'arrived' | 'send-again'; by: string },
): Promise<void> {
  const { workspaceId, messageId } = given;
  const message = await loadSentMessage(pool, { workspaceId, messageId });
  if (!message) throw new HoldfastError('resource.missing', { detail: 'There is no such message.' });
  const count = await (given.settle === 'arrived' ? settleAsArrived : planAgain)(pool, given);
  if (count === 0)
    throw new HoldfastError('resource.conflict', {
      detail: say`The fate of this message is known: it is "${message.status}".`,
      hint: 'Reload the page to see it.',
    });
  notifyLive(pool, workspaceId, { kind: 'message', conversation: message.conversationId });
}
