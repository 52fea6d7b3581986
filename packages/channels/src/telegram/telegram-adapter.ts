import type { Egress } from '@holdfast/egress';
import { HoldfastError, say } from '@holdfast/errors';
import { renderTelegram } from '@holdfast/messages';
import type { ChannelAccount, ChannelAdapter } from '../channel-adapter.ts';
import { parseUpdate } from './parse-update.ts';
import { explainRefusal } from './refusal.ts';
import { sendPiece } from './send-piece.ts';
import { createTelegramClient, maxDownloadBytes, telegramApiUrl, TelegramRefusal, type TelegramClient } from './telegram-client.ts';

export interface TelegramOptions {
  egress: Egress;
  /** HOLDFAST_TELEGRAM_API_URL; a channel's own `config.apiUrl` comes first. */
  apiUrl?: string | undefined;
}

export function createTelegramAdapter(options: TelegramOptions): ChannelAdapter {
  return {
    kind: 'telegram',
    parseUpdate,
    render: renderTelegram,
    send: (send) => sendPiece(clientFor(options, send.account), send),
    files: {
      maxBytes: maxDownloadBytes,
      download: ({ account, providerFileId, signal }) =>
        clientFor(options, account)
          .download(providerFileId, signal)
          .catch((error: unknown) => {
            throw error instanceof TelegramRefusal ? explainRefusal(error) : error;
          }),
    },
    typing: {
      lastsMs: 5_000,
      show: async ({ account, address, signal }) => {
        await clientFor(options, account)
          .call('sendChatAction', { chat_id: address, action: 'typing' }, { timeoutMs: 5_000, ...(signal ? { signal } : {}) })
          .catch(() => undefined);
      },
    },
  };
}

/** Throws channel.token when the channel holds none. */
export function clientFor(
  { egress, apiUrl }: TelegramOptions,
  account: Pick<ChannelAccount, 'config' | 'secret' | 'name'>,
): TelegramClient {
  if (!account.secret)
    throw new HoldfastError('channel.token', {
      detail: say`The channel "${account.name}" has no token.`,
      hint: 'Enter the token under Channels.',
    });
  const own = account.config['apiUrl'];
  return createTelegramClient({
    egress,
    token: account.secret,
    baseUrl: typeof own === 'string' && own !== '' ? own : (apiUrl ?? telegramApiUrl),
  });
}
