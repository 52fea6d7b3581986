import { HoldfastError } from '@holdfast/errors';
import { z } from 'zod';
import type { ChannelAccount } from '../channel-adapter.ts';
import { explainRefusal } from './refusal.ts';
import { clientFor, type TelegramOptions } from './telegram-adapter.ts';
import { TelegramRefusal, type TelegramClient } from './telegram-client.ts';

const me = z.object({
  id: z.union([z.number(), z.string()]).transform(String),
  first_name: z.string().default(''),
  username: z.string().default(''),
  can_read_all_group_messages: z.boolean().default(false),
});

/** What getMe says, as it is kept in the channel's config. */
export interface TelegramBot {
  botId: string;
  name: string;
  username: string;
  /** On by default: in groups the bot sees commands, mentions and replies only. */
  privacyMode: boolean;
}
type Account = Pick<ChannelAccount, 'config' | 'secret' | 'name'>;

/** Updates we read; `[]` would also send what we drop. */
export const allowedUpdates = ['message', 'edited_message', 'callback_query', 'message_reaction', 'my_chat_member'];

/** Asks Telegram who this token is. Throws channel.token when it isn't known there, upstream.* when Telegram can't be asked. */
export async function checkTelegramToken(options: TelegramOptions, account: Account): Promise<TelegramBot> {
  const found = me.safeParse(await explaining(clientFor(options, account), (client) => client.call('getMe', {})));
  if (!found.success) throw new HoldfastError('upstream.broken', { detail: 'Telegram answered getMe with something we can’t read.' });
  return {
    botId: found.data.id,
    name: found.data.first_name,
    username: found.data.username,
    privacyMode: !found.data.can_read_all_group_messages,
  };
}

/** Tells Telegram to post updates to `url` with this secret in its header. The secret: 1–256 of A–Z a–z 0–9 _ -. */
export async function setTelegramWebhook(options: TelegramOptions, account: Account, hook: { url: string; secret: string }): Promise<void> {
  await explaining(clientFor(options, account), (client) =>
    client.call('setWebhook', { url: hook.url, secret_token: hook.secret, allowed_updates: allowedUpdates, max_connections: 20 }),
  );
}

/** Back to polling; updates that wait there are kept. */
export async function deleteTelegramWebhook(options: TelegramOptions, account: Account): Promise<void> {
  await explaining(clientFor(options, account), (client) => client.call('deleteWebhook', {}));
}

/** One plain message outside conversations and ledger: for alerts to staff. */
export async function sendTelegramNotice(options: TelegramOptions, account: Account, chat: string, text: string): Promise<void> {
  await explaining(clientFor(options, account), (client) => client.call('sendMessage', { chat_id: chat, text: text.slice(0, 4_096) }));
}

async function explaining<T>(client: TelegramClient, work: (client: TelegramClient) => Promise<T>): Promise<T> {
  try {
    return await work(client);
  } catch (error) {
    throw error instanceof TelegramRefusal ? explainRefusal(error) : error;
  }
}
