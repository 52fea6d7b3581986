import type { JsonObject, JsonValue } from '@holdfast/node-kit';
import type { InboundEvent } from '../channel-adapter.ts';
import { checkTelegramToken, deleteTelegramWebhook, sendTelegramNotice, setTelegramWebhook, type TelegramBot } from './connect.ts';
import { parseUpdate } from './parse-update.ts';
import type { TelegramOptions } from './telegram-adapter.ts';

/** What the API asks of Telegram, with a bare token: the channel may not exist yet. */
export interface TelegramActions {
  /** getMe; throws channel.token with what Telegram said. */
  checkTelegramToken: (token: string) => Promise<TelegramBot>;
  /** Polling forgets the webhook; webhook sets it with our secret. */
  useTelegramDelivery: (
    args: { token: string; delivery: 'polling' } | { token: string; delivery: 'webhook'; url: string; secret: string },
  ) => Promise<void>;
  sendTelegramText: (args: { token: string; chat: string; text: string }) => Promise<void>;
  parseTelegramUpdate: (raw: JsonValue, config: JsonObject) => InboundEvent[];
}

export function createTelegramActions(options: TelegramOptions): TelegramActions {
  const account = (token: string) => ({ name: 'Telegram', config: {}, secret: token });
  return {
    checkTelegramToken: (token) => checkTelegramToken(options, account(token)),
    useTelegramDelivery: (args) =>
      args.delivery === 'webhook'
        ? setTelegramWebhook(options, account(args.token), args)
        : deleteTelegramWebhook(options, account(args.token)),
    sendTelegramText: ({ token, chat, text }) => sendTelegramNotice(options, account(token), chat, text),
    parseTelegramUpdate: (raw, config) => parseUpdate(raw, { config }),
  };
}
