import type { OutgoingMessage } from '@holdfast/node-kit';
import type { Piece } from './piece.ts';
import { nothingToSay } from './refusals.ts';
import { toPlainText } from './to-plain-text.ts';

/** One piece: the built-in chat shows the stored message itself, with its format, buttons and files. Throws channel.content. */
export function renderSimulator(message: OutgoingMessage): Piece[] {
  if (message.text.trim() === '' && message.attachments.length === 0) throw nothingToSay();
  const text = message.format === 'rich' ? toPlainText(message.text, 'rich') : message.text;
  return [{ text, buttons: message.buttons, attachment: null }];
}
