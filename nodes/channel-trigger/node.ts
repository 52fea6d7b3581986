import { defineTrigger, type ChannelEvent } from '@holdfast/node-kit';
import { containsWord } from '@holdfast/reading';
import { z } from 'zod';

const config = z.strictObject({
  channels: z
    .array(z.string().min(1))
    .min(1, 'Choose at least one channel')
    .default(['any'])
    .meta({ title: 'Channels', description: 'Where customers write. "Any" listens everywhere.', widget: 'channels' }),
  chats: z
    .enum(['private', 'groups', 'all'])
    .default('private')
    .meta({ title: 'Chats', options: { private: 'Private chats', groups: 'Groups', all: 'Private chats and groups' } }),
  words: z.array(z.string().min(1).max(80)).max(50).default([]).meta({
    title: 'Only messages with one of these words',
    description: 'Empty: every message. A flow that asks for words goes before one that does not.',
    placeholder: 'invoice',
    advanced: true,
  }),
});

/** Null: not for this flow. Else the more a trigger asks for, the higher. */
function specificity(given: z.infer<typeof config>, event: ChannelEvent): number | null {
  const isAny = given.channels.includes('any');
  if (!isAny && !given.channels.includes(event.channelId)) return null;
  if (given.chats !== 'all' && event.isGroup !== (given.chats === 'groups')) return null;
  const text = event.messages.map((message) => message.text).join('\n');
  if (given.words.length > 0 && !given.words.some((word) => containsWord(text, word))) return null;
  return (given.words.length > 0 ? 4 : 0) + (isAny ? 0 : 2) + (given.chats === 'all' ? 0 : 1);
}

export const channelTrigger = defineTrigger({
  type: 'channel-trigger',
  typeVersion: 1,
  source: 'channel',
  title: 'Customer writes',
  summary: 'Starts when a customer sends a message on a channel.',
  icon: 'message-circle',
  category: 'start',
  keywords: ['message', 'chat', 'telegram', 'whatsapp', 'start', 'trigger', 'inbound', 'mensaje', 'inicio'],
  config,
  ports: {
    message: { label: 'Message', mandatory: true },
    media: { label: 'Voice, picture or file' },
  },
  describe: (given) => given.words.join(', '),
  check: (given, world) =>
    given.channels
      .map((id, index) => ({ id, index }))
      .filter(({ id }) => id !== 'any' && !world.channels.some((channel) => channel.id === id))
      .map(({ index }) => ({
        field: `channels.${index}`,
        severity: 'error' as const,
        reason: 'This channel is not connected any more.',
        fix: 'Choose another channel, or connect it again under Channels.',
      })),
  match: specificity,
  samples: [
    { name: 'starts on any text message', config: {}, input: { trigger: { text: 'Where is my order?' } }, expect: { port: 'message' } },
    {
      name: 'starts when one of its words is written',
      config: { words: ['invoice', 'factura'] },
      input: { trigger: { text: 'Necesito la FACTURA, por favor' } },
      expect: { port: 'message' },
    },
    {
      name: 'leaves by media when a picture comes without text',
      config: {},
      input: { trigger: { text: '', attachments: [{ kind: 'image' }] } },
      expect: { port: 'media' },
    },
  ],
});
