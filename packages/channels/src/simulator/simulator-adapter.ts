import { randomUUID } from 'node:crypto';
import { HoldfastError } from '@holdfast/errors';
import type { OutgoingMessage } from '@holdfast/node-kit';
import type { ChannelAdapter, Piece } from '../channel-adapter.ts';

/** The built-in channel: the message's row is what the chat panel shows, so to send is to be done. */
export const simulatorAdapter: ChannelAdapter = {
  kind: 'simulator',
  rates: null,
  parseUpdate: () => [], // its messages come in through the API, already in our words
  render,
  send: async () => ({ providerMessageId: `sim-${randomUUID()}` }),
};

function render(message: OutgoingMessage): Piece[] {
  if (message.text.trim() === '' && message.attachments.length === 0) {
    throw new HoldfastError('channel.content', {
      detail: 'The message has neither text nor an attachment.',
      hint: 'Write a text in the step.',
    });
  }
  return [{ text: message.text, buttons: message.buttons, attachment: null }];
}
