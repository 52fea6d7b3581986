import type { messageFilter } from '@holdfast/contracts';
import type { MessageFilter } from '@holdfast/db';
import type { z } from 'zod';

/** What a caller asked for, within their workspace. */
export const toMessageFilter = (workspaceId: string, query: z.infer<z.ZodObject<typeof messageFilter>>): MessageFilter => ({
  workspaceId,
  conversationId: query.conversation ?? null,
  channelId: query.channel ?? null,
  channelKind: query.platform ?? null,
  contactId: query.contact ?? null,
  runId: query.run ?? null,
  author: query.author ?? null,
  search: query.search ?? null,
  from: query.from ?? null,
  to: query.to ?? null,
});
