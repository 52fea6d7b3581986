import { describeFiles, loadQuoted, type Pool, type Purpose, type SendTarget } from '@holdfast/db';
import { limitsOf, type Attachment, type OutgoingMessage } from '@holdfast/node-kit';
import { isInitiated, type SendContext } from './rules/rule.ts';
import { isOutsideWindow, isWindowed } from './rules/window.ts';

/** What is sent, once it is known where it goes. */
export interface Outgoing {
  message: OutgoingMessage;
  purpose: Purpose;
}

/**
 * The message for this channel: a template only where the channel takes nothing else just now (or there are no words beside it), and a quote with the
 * provider's id of what it answers; of its files, what they are.
 */
export async function outgoingFor(pool: Pool, target: SendTarget, given: OutgoingMessage): Promise<Outgoing> {
  const { template, quote, ...rest } = given;
  const needsTemplate = template !== undefined && isWindowed(target.kind) && (isOutsideWindow(target) || given.text.trim() === '');
  const quoted = quote?.messageId === undefined ? quote : await loadQuoted(pool, { ...target, messageId: quote.messageId });
  const attachments = await withFileFacts(pool, target, given.attachments);
  const isMarketing = given.purpose === 'marketing' || (needsTemplate && target.template?.category === 'marketing');
  return {
    message: { ...rest, attachments, ...(needsTemplate ? { template } : {}), ...(quoted ? { quote: quoted } : {}) },
    purpose: isMarketing ? 'marketing' : 'service',
  };
}

/** What a message says of its files, for those that only name them; a file that is gone stays as it is, and its channel says so. */
async function withFileFacts(pool: Pool, { workspaceId }: SendTarget, given: readonly Attachment[]): Promise<Attachment[]> {
  const ids = given.flatMap(({ fileId }) => (fileId === undefined || fileId === '' ? [] : [fileId]));
  const files = ids.length === 0 ? [] : await describeFiles(pool, { workspaceId, ids });
  return given.map((one) => {
    const file = files.find(({ id }) => id === one.fileId);
    return file ? { name: file.name, mimeType: file.mimeType, sizeBytes: file.sizeBytes, ...one } : one;
  });
}

export const contextOf = (target: SendTarget, { message, purpose }: Outgoing, isFirst: boolean): SendContext => ({
  target,
  limits: limitsOf(target.kind, target.config),
  purpose,
  template: message.template ?? null,
  isFirst,
});

/** Nobody waits for it: it stands behind answers and what people write. */
export const isBulk = (target: SendTarget): boolean => !target.isGroup && isInitiated(target);
