import { randomUUID } from 'node:crypto';
import { renderSimulator } from '@holdfast/messages';
import type { ChannelAdapter } from '../channel-adapter.ts';

/** The built-in channel: the message's row is what the chat panel shows, so to send is to be done. */
export const simulatorAdapter: ChannelAdapter = {
  kind: 'simulator',
  parseUpdate: () => [], // its messages come in through the API, already in our words
  render: renderSimulator,
  send: async () => ({ providerMessageId: `sim-${randomUUID()}` }),
};
