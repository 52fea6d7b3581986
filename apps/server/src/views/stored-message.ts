import type { storedMessage } from '@holdfast/contracts';
import type { StoredMessage } from '@holdfast/db';
import type { z } from 'zod';
import { toMessage } from './message.ts';

/** A message as the store gives it out: with where and with whom it was said. */
export function toStoredMessage(row: StoredMessage): z.input<typeof storedMessage> {
  const { exactAt: _, workspaceId: __, channel, channelKind, contact, contactId, address, providerMessageId, ...message } = row;
  return { ...toMessage(message), platform: channelKind, channel, contact, contactId, address, providerMessageId };
}
