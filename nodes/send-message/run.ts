import { toPlainText } from '@holdfast/messages';
import { implement, isJsonObject, type OutgoingMessage, type Scope } from '@holdfast/node-kit';
import { messageOf } from './message-of.ts';
import { sendMessage } from './node.ts';

export const runSendMessage = implement(sendMessage, async ({ config, context }) => {
  const quoted = config.quotes === 'customer' ? lastFromCustomer(context.scope) : null;
  const message: OutgoingMessage = { ...messageOf(config), ...(quoted === null ? {} : { quote: { messageId: quoted } }) };
  const outcome = await context.deliver.send(message);
  context.note({ send: outcome.state, messageId: outcome.messageId });
  const isRefused = outcome.state === 'refused';
  // A message whose fate is unknown is flagged in the ledger for a person; the run goes on as if it had arrived.
  return {
    port: isRefused ? 'refused' : 'sent',
    output: {
      messageId: outcome.messageId,
      state: outcome.state,
      text: config.textFormat === 'rich' ? toPlainText(config.text, 'rich') : config.text,
      code: isRefused ? outcome.code : null,
      reason: isRefused ? outcome.reason : null,
    },
  };
});

/** Our id of what the customer wrote last, as this run knows it: what started it, or the latest answer. */
function lastFromCustomer({ trigger, nodes }: Scope): string | null {
  const outputs = Object.values(nodes).flatMap((output) => (isJsonObject(output) ? [output] : []));
  const messages = [trigger, ...outputs].flatMap(({ message }) => (isJsonObject(message) ? [message] : []));
  const dated = messages.flatMap(({ id, receivedAt }) =>
    typeof id === 'string' && typeof receivedAt === 'string' ? [{ id, receivedAt }] : [],
  );
  return dated.toSorted((a, b) => b.receivedAt.localeCompare(a.receivedAt))[0]?.id ?? null;
}
