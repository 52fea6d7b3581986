import { renderWhatsApp } from '@holdfast/messages';
import type { ChannelAdapter, SendRates } from '../channel-adapter.ts';
import type { ChannelOptions } from '../channel-options.ts';
import { clientOf } from './account.ts';
import { parseUpdate } from './parse-update.ts';
import { sendPiece, showTyping } from './send-piece.ts';

/**
 * Meta takes 80 messages a second of a number; the brief's 10 are plenty for a small firm and look like one. To one person it takes one in
 * 6 s, and up to 45 at once that are borrowed from the time after: 20 leave room for what staff write meanwhile.
 */
export const whatsappRates: SendRates = {
  overall: { everyMs: 100, burst: 1 },
  perChat: { everyMs: 6_000, burst: 20 },
  perGroup: { everyMs: 6_000, burst: 20 },
};

export function createWhatsAppAdapter(options: ChannelOptions): ChannelAdapter {
  return {
    kind: 'whatsapp',
    rates: whatsappRates,
    parseUpdate,
    render: renderWhatsApp,
    send: async (send) => sendPiece(clientOf(options, send.account), send),
    showTyping: async ({ account, providerMessageId, signal }) => {
      if (providerMessageId !== undefined) await showTyping(clientOf(options, account), account, providerMessageId, signal);
    },
  };
}
