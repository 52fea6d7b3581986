import { HoldfastError } from '@holdfast/errors';
import type { Attachment, OutgoingMessage } from '@holdfast/node-kit';
import type { Piece } from '../channel-adapter.ts';
import { splitText } from '../split-text.ts';

/** Telegram counts 4096 characters; UTF-16 units are never fewer. */
export const maxTextLength = 4_096;
const maxButtonBytes = 64;
const sendable = new Set<Attachment['kind']>(['image', 'voice', 'audio', 'video', 'document', 'sticker', 'other']);

/** Text first, then one piece per attachment; buttons hang on the last text, or on the last piece when there is none. */
export function render(message: OutgoingMessage): Piece[] {
  for (const { id, label } of message.buttons) {
    if (Buffer.byteLength(id) > maxButtonBytes)
      throw new HoldfastError('channel.content', {
        detail: `The button "${label}" has an id of more than ${maxButtonBytes} bytes.`,
        hint: 'Give it a shorter id.',
        path: 'buttons',
      });
  }
  const texts = splitText(message.text.trim() === '' ? '' : message.text, maxTextLength).map((text): Piece => ({
    text,
    buttons: [],
    attachment: null,
  }));
  const pieces = [...texts, ...message.attachments.map(pieceOf)];
  const carrier = texts.at(-1) ?? pieces.at(-1);
  if (!carrier)
    throw new HoldfastError('channel.content', {
      detail: 'The message has neither text nor an attachment.',
      hint: 'Write a text in the step.',
    });
  carrier.buttons = message.buttons;
  return pieces;
}

function pieceOf(attachment: Attachment): Piece {
  if (attachment.kind === 'location' && attachment.latitude !== undefined && attachment.longitude !== undefined)
    return { text: '', buttons: [], attachment };
  if (sendable.has(attachment.kind) && attachment.fileId !== undefined) return { text: '', buttons: [], attachment };
  if (attachment.name !== undefined && attachment.name !== '') return { text: attachment.name, buttons: [], attachment: null };
  throw new HoldfastError('channel.content', {
    detail: `A ${attachment.kind} without a stored file can’t be sent.`,
    hint: 'Choose a file in the step.',
    path: 'attachments',
  });
}
