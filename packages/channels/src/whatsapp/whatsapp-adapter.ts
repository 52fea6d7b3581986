import { renderWhatsApp } from '@holdfast/messages';
import type { ChannelAdapter } from '../channel-adapter.ts';
import type { ChannelOptions } from '../channel-options.ts';
import { clientOf, numbersOf } from './account.ts';
import { explaining } from './explain-refusal.ts';
import { downloadMedia, maxDownloadBytes } from './media.ts';
import { parseUpdate } from './parse-update.ts';
import { sendPiece, showTyping } from './send-piece.ts';

export function createWhatsAppAdapter(options: ChannelOptions): ChannelAdapter {
  return {
    kind: 'whatsapp',
    parseUpdate,
    render: renderWhatsApp,
    send: async (send) => sendPiece(clientOf(options, send.account), send),
    files: {
      maxBytes: maxDownloadBytes,
      download: ({ account, providerFileId: id, signal }) =>
        explaining(() => downloadMedia(clientOf(options, account), { id, phoneNumberId: numbersOf(account).phoneNumberId, signal })),
    },
    typing: {
      lastsMs: 25_000,
      show: async ({ account, providerMessageId, signal }) => {
        if (providerMessageId !== undefined) await showTyping(clientOf(options, account), account, providerMessageId, signal);
      },
    },
  };
}
