import { HoldfastError } from '@holdfast/errors';
import type { ChannelOptions } from '../channel-options.ts';
import type { ChannelService } from '../channel-service.ts';
import type { ReceiveDeps } from '../receive-deps.ts';
import { checkTelegramToken, deleteTelegramWebhook, setTelegramWebhook, type TelegramBot } from './connect.ts';
import { receiveTelegramUpdates } from './receive.ts';
import type { TelegramOptions } from './telegram-adapter.ts';
import { verifyTelegramSecret } from './webhook.ts';

export interface TelegramConnection {
  name?: string | undefined;
  token: string;
  delivery: 'polling' | 'webhook';
}

const botConfig = ({ botId, username, privacyMode }: TelegramBot) => ({ botId, username, privacyMode });

export function createTelegramService({ egress, apiUrls }: ChannelOptions, receive: ReceiveDeps): ChannelService<TelegramConnection> {
  const telegram: TelegramOptions = { egress, apiUrl: apiUrls?.telegram };
  return {
    kind: 'telegram',
    unique: { key: 'username', label: (username) => `@${username}` },
    settings: [],
    secrets: ['token'],
    connect: async (given, { webhookUrl, hookSecret, claim }) => {
      const token = given.token.trim();
      const account = { name: 'Telegram', config: {}, secret: token };
      const bot = await checkTelegramToken(telegram, account);
      await claim(bot.username);
      if (given.delivery === 'polling') await deleteTelegramWebhook(telegram, account);
      else await setTelegramWebhook(telegram, account, { url: needed(webhookUrl), secret: hookSecret });
      return {
        name: given.name ?? bot.name,
        config: { delivery: given.delivery, ...botConfig(bot) },
        secret: token,
        status: 'active',
      };
    },
    change: async (account, { secrets }) => {
      const token = secrets?.['token']?.trim() ?? account.secret ?? '';
      const bot = await checkTelegramToken(telegram, { ...account, secret: token });
      return { config: { ...account.config, ...botConfig(bot) }, secret: token };
    },
    check: async (account) => botConfig(await checkTelegramToken(telegram, account)),
    webhook: {
      maxBytes: 1_000_000,
      receive: async (account, { method, headers, json, hookSecret }) => {
        if (account.config['delivery'] !== 'webhook') throw noHook();
        verifyTelegramSecret(hookSecret, headers['x-telegram-bot-api-secret-token']);
        if (method !== 'POST') throw noHook();
        await receiveTelegramUpdates({ ...receive, telegram }, account, [json()]);
        return { status: 200, body: '{"ok":true}' };
      },
    },
  };
}

function needed(webhookUrl: string | null): string {
  if (webhookUrl !== null) return webhookUrl;
  throw new HoldfastError('request.invalid', {
    detail: 'A webhook needs the public https address of this Holdfast.',
    hint: 'Enter it, set HOLDFAST_PUBLIC_URL, or choose polling, which needs no address.',
    path: 'publicUrl',
  });
}

const noHook = () => new HoldfastError('resource.missing', { detail: 'There is nothing at this address.' });
