import { toPlainText } from '@holdfast/messages';
import { implement } from '@holdfast/node-kit';
import { messageContact, messageOf } from './node.ts';

export const runMessageContact = implement(messageContact, async ({ config, context }) => {
  const outcome = await context.deliver.start({
    channel: config.channel,
    address: config.address,
    name: config.name.trim(),
    message: messageOf(config),
    waitsAtMost: config.waits,
  });
  const { state, messageId, conversation, contact } = outcome;
  context.note({ send: state, messageId, ...(conversation === null ? {} : { conversation }) });
  const isRefused = outcome.state === 'refused';
  return {
    port: isRefused ? 'refused' : 'sent',
    output: {
      state,
      messageId,
      conversation,
      contact,
      text: config.textFormat === 'rich' ? toPlainText(config.text, 'rich') : config.text,
      code: isRefused ? outcome.code : null,
      reason: isRefused ? outcome.reason : null,
    },
  };
});
