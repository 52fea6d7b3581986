import { implement, type OutgoingMessage } from '@holdfast/node-kit';
import { sendMessage } from './node.ts';

export const runSendMessage = implement(sendMessage, async ({ config, context }) => {
  const message: OutgoingMessage = {
    text: config.text,
    buttons: config.buttons,
    attachments: config.files.map(({ fileId, kind, name }) => ({ fileId, kind, ...(name ? { name } : {}) })),
  };
  const outcome = await context.deliver.send(message);
  context.note({ send: outcome.state, messageId: outcome.messageId });
  const isRefused = outcome.state === 'refused';
  // A message whose fate is unknown is flagged in the ledger for a person; the run goes on as if it had arrived.
  return {
    port: isRefused ? 'refused' : 'sent',
    output: {
      messageId: outcome.messageId,
      state: outcome.state,
      text: config.text,
      code: isRefused ? outcome.code : null,
      reason: isRefused ? outcome.reason : null,
    },
  };
});
