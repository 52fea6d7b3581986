import { z } from 'zod';
import { channelKind } from './channels.ts';
import { endpoint } from './endpoint.ts';
import { at, id, idParams, page, pageQuery } from './shared.ts';
import { message } from './talk.ts';

/** A message with where and with whom it was said: one line of an export. */
export const storedMessage = message.extend({
  platform: z.string(),
  channel: z.string(),
  contact: z.string(),
  contactId: id,
  address: z.string(),
  providerMessageId: z.string().nullable(),
});
export type StoredMessage = z.infer<typeof storedMessage>;

export const messageFilter = {
  conversation: id.optional(),
  channel: id.optional(),
  platform: channelKind.optional(),
  contact: id.optional(),
  run: id.optional(),
  author: z.enum(['customer', 'bot', 'human']).optional(),
  /** Every word must be in it; the last letters of each may be missing. */
  search: z.string().max(200).optional(),
  from: at.optional(),
  to: at.optional(),
};

/** The conversation store: found, taken away, and forgotten. */
export const store = {
  searchMessages: endpoint({
    method: 'GET',
    path: '/api/messages',
    summary: 'Messages of all conversations by filter, newest first',
    permission: 'conversations.read',
    query: z.strictObject({ ...pageQuery, ...messageFilter }),
    response: page(storedMessage),
  }),
  exportMessages: endpoint({
    method: 'GET',
    path: '/api/messages/export',
    summary:
      'Every message of the filter, oldest first, as a download: JSON lines, CSV that opens in a spreadsheet, or the mails among them as an mbox of RFC 5322 messages',
    permission: 'conversations.export',
    query: z.strictObject({ format: z.enum(['jsonl', 'csv', 'mbox']).default('jsonl'), ...messageFilter }),
    response: z.unknown(),
    media: 'application/x-ndjson',
  }),
  eraseContact: endpoint({
    method: 'POST',
    path: '/api/contacts/:id/erase',
    summary: 'Erase a contact everywhere: conversations, messages, files, runs. Can’t be undone',
    permission: 'contacts.erase',
    params: idParams,
    response: z.object({ conversations: z.number().int(), messages: z.number().int(), runs: z.number().int(), files: z.number().int() }),
  }),
  keepMessages: endpoint({
    method: 'PUT',
    path: '/api/channels/:id/retention',
    summary: 'How many days a channel’s messages are kept; null: for ever',
    permission: 'channels.manage',
    params: idParams,
    body: z.strictObject({ keepDays: z.number().int().min(1).max(36_500).nullable() }),
    response: z.object({ keepDays: z.number().int().nullable() }),
  }),
  getRetention: endpoint({
    method: 'GET',
    path: '/api/channels/:id/retention',
    summary: 'How many days a channel’s messages are kept',
    permission: 'channels.read',
    params: idParams,
    response: z.object({ keepDays: z.number().int().nullable() }),
  }),
};
