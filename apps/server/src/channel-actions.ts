import { checkTelegramToken, createTelegramAdapter, deleteTelegramWebhook, sendTelegramNotice, setTelegramWebhook } from '@holdfast/channels';
import type { Egress } from '@holdfast/egress';
import type { ChannelActions } from './deps.ts';

/** The channels' adapters behind what the API asks of them. */
export function createChannelActions(egress: Egress, apiUrl: string | undefined): ChannelActions {
  const options = { egress, apiUrl };
  const account = (token: string) => ({ name: 'Telegram', secret: token, config: {} });
  const telegram = createTelegramAdapter(options);
  return {
    checkTelegramToken: (token) => checkTelegramToken(options, account(token)),
    useTelegramDelivery: (given) =>
      given.delivery === 'polling' ? deleteTelegramWebhook(options, account(given.token)) : setTelegramWebhook(options, account(given.token), { url: given.url, secret: given.secret }),
    sendTelegramText: ({ token, chat, text }) => sendTelegramNotice(options, account(token), chat, text),
    parseTelegramUpdate: (raw, config) => telegram.parseUpdate(raw, { config }),
  };
}
