import type { Message } from '@holdfast/contracts';
import { loadMessageView, type MessageView } from '@holdfast/db';
import { HoldfastError, say } from '@holdfast/errors';
import type { ServerDeps } from '../deps.ts';

export async function loadMessage({ pool }: Pick<ServerDeps, 'pool'>, workspaceId: string, id: string): Promise<Message> {
  const message = await loadMessageView(pool, { workspaceId, id });
  if (!message) throw new HoldfastError('resource.missing', { detail: say`There is no message ${id}.` });
  return toMessage(message);
}

export function toMessage({ content, ...message }: MessageView): Message {
  return {
    ...message,
    formatted: content.formatted ?? null,
    quote: content.quote ?? null,
    buttons: content.buttons ?? (content.button ? [content.button] : []),
    attachments: content.attachments ?? [],
  };
}
