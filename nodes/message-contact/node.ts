import { defineEffect, duration, type OutgoingMessage } from '@holdfast/node-kit';
import { z } from 'zod';
import { listLabel } from '../fields/list-label.ts';
import { attachmentOf, messageFiles } from '../fields/message-files.ts';
import { checkTemplate, messageTemplate, templateOf } from '../fields/message-template.ts';
import { shortMessage } from '../fields/short-text.ts';
import { looksOf, textFormat } from '../fields/text-format.ts';

const config = z.strictObject({
  channel: z.string('Choose a channel').min(1, 'Choose a channel').max(100).meta({ title: 'Channel', widget: 'channel' }),
  address: z.string().min(1, 'Write whom the message is for').max(500).meta({
    title: 'To',
    description: 'A phone number with its country, an email address, or a chat’s number. Who is not known yet becomes a contact.',
    placeholder: '{{ trigger.body.phone }}',
    template: true,
  }),
  name: z.string().max(200).default('').meta({
    title: 'Name of the contact',
    description: 'For a contact who has none yet.',
    placeholder: '{{ trigger.body.name }}',
    template: true,
  }),
  text: z.string().min(1, 'Write the message').max(20_000).meta({
    title: 'Message',
    description: 'Where a template is sent instead, this is what your team reads.',
    placeholder: 'Your order {{ trigger.body.order }} has left.',
    template: true,
    insertsAs: 'rich',
    editor: 'prompt',
  }),
  textFormat,
  listLabel: listLabel.meta({ title: 'What opens a list of choices', advanced: true }),
  subject: z.string().max(300).default('').meta({ title: 'Subject', description: 'For an email.', template: true, advanced: true }),
  files: messageFiles,
  template: messageTemplate.optional().meta({
    title: 'WhatsApp template',
    description: 'WhatsApp takes nothing else from you first, or a day after the customer wrote. Other channels send the message.',
    widget: 'message-template',
  }),
  purpose: z
    .enum(['service', 'marketing'])
    .default('service')
    .meta({
      title: 'It is about',
      description: 'Marketing needs the person’s consent and waits for quiet hours.',
      options: { service: 'Their own matter: an order, an appointment', marketing: 'Marketing' },
    }),
  waits: duration.default('1h').meta({
    title: 'Waits for a talk to end',
    description: 'While a person or another flow talks with this contact. Then it leaves by "Refused".',
    widget: 'duration',
    advanced: true,
  }),
});
export type MessageContactConfig = z.infer<typeof config>;

export const messageOf = (given: MessageContactConfig): OutgoingMessage => ({
  text: given.text,
  buttons: [],
  attachments: given.files.map(attachmentOf),
  ...looksOf(given),
  ...(given.subject === '' ? {} : { subject: given.subject }),
  ...templateOf(given.template),
  ...(given.purpose === 'service' ? {} : { purpose: given.purpose }),
});

const channelGone = {
  field: 'channel',
  severity: 'error' as const,
  reason: 'This channel is not connected any more.',
  fix: 'Choose another channel, or connect it again under Channels.',
};

export const messageContact = defineEffect({
  type: 'message-contact',
  typeVersion: 1,
  title: 'Write to a contact',
  summary:
    'Opens a conversation by writing first, for example with an order’s confirmation. A question after it waits for the answer there.',
  icon: 'mail-forward',
  category: 'talk',
  keywords: ['notify', 'template', 'confirmation', 'outbound', 'first', 'whatsapp', 'email', 'sms', 'avisar', 'notificar', 'plantilla'],
  config,
  ports: {
    sent: { label: 'Sent', mandatory: true },
    refused: { label: 'Refused', unhappy: true },
  },
  retry: { maxAttempts: 6, firstDelay: '1s', factor: 2, maxDelay: '1m' },
  timeout: '30s',
  output: z.object({
    state: z.enum(['accepted', 'refused', 'unknown']),
    messageId: z.string(),
    conversation: z.string().nullable(),
    contact: z.string().nullable(),
    text: z.string(),
    code: z.string().nullable(),
    reason: z.string().nullable(),
  }),
  describe: (given) => shortMessage(given.text, given.textFormat),
  says: messageOf,
  check: (given, world) => [
    ...(given.channel === '' || world.channels.some((channel) => channel.id === given.channel) ? [] : [channelGone]),
    ...checkTemplate(given.template, world),
  ],
  samples: [
    {
      name: 'confirms an order to whoever placed it',
      config: { channel: 'chan_1', address: '{{ trigger.body.phone }}', text: 'Order {{ trigger.body.order }} is on its way.' },
      input: { trigger: { body: { phone: '+34 600 111 222', order: 'A-117' } } },
      expect: {
        port: 'sent',
        output: {
          state: 'accepted',
          messageId: 'msg_1',
          conversation: 'conv_1',
          contact: 'cont_1',
          text: 'Order A-117 is on its way.',
          code: null,
          reason: null,
        },
      },
    },
  ],
});
