import type { OutgoingMessage } from '@holdfast/node-kit';
import type { MessageChannel } from './channel-limits.ts';
import type { Piece } from './piece.ts';
import { renderEmail } from './render-email.ts';
import { renderSimulator } from './render-simulator.ts';
import { renderSms } from './render-sms.ts';
import { renderTelegram } from './render-telegram.ts';
import { renderWhatsApp } from './render-whatsapp.ts';

/** What each channel makes of a message: the same for the adapters that send it and for the editor's preview. */
export const renderMessage: Readonly<Record<MessageChannel, (message: OutgoingMessage) => Piece[]>> = {
  simulator: renderSimulator,
  telegram: renderTelegram,
  whatsapp: renderWhatsApp,
  email: renderEmail,
  sms: renderSms,
};
