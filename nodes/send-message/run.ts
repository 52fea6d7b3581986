import { HoldfastError } from '@holdfast/errors';
import { toPlainText } from '@holdfast/messages';
import { implement, type Attachment, type OutgoingMessage, type Scope } from '@holdfast/node-kit';
import type { z } from 'zod';
import { looksOf } from '../fields/text-format.ts';
import { sendMessage } from './node.ts';

type Config = z.infer<(typeof sendMessage)['config']>;

export const runSendMessage = implement(sendMessage, async ({ config, context }) => {
  const quoted = config.quotes === 'customer' ? lastFromCustomer(context.scope) : null;
  const message: OutgoingMessage = {
    text: config.text,
    buttons: config.buttons,
    attachments: [...config.files.map(fileOf), ...config.places.map(placeOf)],
    ...looksOf(config),
    ...(quoted === null ? {} : { quote: { messageId: quoted } }),
    ...(config.subject === '' ? {} : { subject: config.subject }),
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
      text: config.textFormat === 'rich' ? toPlainText(config.text, 'rich') : config.text,
      code: isRefused ? outcome.code : null,
      reason: isRefused ? outcome.reason : null,
    },
  };
});

const fileOf = ({ fileId, kind, name, caption }: Config['files'][number]): Attachment => ({
  fileId,
  kind,
  ...(name ? { name } : {}),
  ...(caption ? { caption } : {}),
});

const placeOf = ({ latitude, longitude, name, address }: Config['places'][number]): Attachment => ({
  kind: 'location',
  latitude: degrees('latitude', latitude, 90),
  longitude: degrees('longitude', longitude, 180),
  ...(name ? { name } : {}),
  ...(address ? { address } : {}),
});

function degrees(name: string, written: string, most: number): number {
  const value = written.trim() === '' ? Number.NaN : Number(written.trim().replace(',', '.'));
  if (Math.abs(value) <= most) return value;
  throw new HoldfastError('step.config', {
    detail: `The ${name} of the place should be a number between -${most} and ${most}, but it is "${written.slice(0, 100)}".`,
    hint: 'Open the step and correct the place.',
    path: `places.0.${name}`,
  });
}

/** Our id of what the customer wrote last, as this run knows it: what started it, or the latest answer. */
function lastFromCustomer({ trigger, nodes }: Scope): string | null {
  const outputs = Object.values(nodes).flatMap((output) =>
    typeof output === 'object' && output !== null && !Array.isArray(output) ? [output] : [],
  );
  const messages = [trigger, ...outputs].flatMap(({ message }) =>
    typeof message === 'object' && message !== null && !Array.isArray(message) ? [message] : [],
  );
  const dated = messages.flatMap(({ id, receivedAt }) =>
    typeof id === 'string' && typeof receivedAt === 'string' ? [{ id, receivedAt }] : [],
  );
  return dated.toSorted((a, b) => b.receivedAt.localeCompare(a.receivedAt))[0]?.id ?? null;
}
