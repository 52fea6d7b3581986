import { z } from 'zod';
import { buttons } from '../fields/buttons.ts';
import { listLabel } from '../fields/list-label.ts';
import { messageFiles } from '../fields/message-files.ts';
import { messageTemplate } from '../fields/message-template.ts';
import { textFormat } from '../fields/text-format.ts';

const place = z.strictObject({
  latitude: z.string().min(1, 'Write the latitude').max(200).meta({ title: 'Latitude', placeholder: '40.4168', template: true }),
  longitude: z.string().min(1, 'Write the longitude').max(200).meta({ title: 'Longitude', placeholder: '-3.7038', template: true }),
  name: z.string().max(200).optional().meta({ title: 'Name', placeholder: 'Our shop', template: true }),
  address: z.string().max(300).optional().meta({ title: 'Address', template: true }),
});

export const sendMessageConfig = z
  .strictObject({
    text: z
      .string()
      .max(20_000)
      .default('')
      .meta({ title: 'Message', placeholder: 'Hello {{ contact.name }}, …', template: true, insertsAs: 'rich', editor: 'prompt' }),
    textFormat,
    buttons: buttons
      .default([])
      .meta({ title: 'Buttons', description: 'A tap on a button comes in as a message with its label.', widget: 'buttons' }),
    listLabel,
    template: messageTemplate.optional().meta({
      title: 'WhatsApp template',
      description:
        'Sent in place of the message when more than 24 hours have passed since the customer wrote. Other channels send the message.',
      widget: 'message-template',
      advanced: true,
    }),
    files: messageFiles,
    places: z.array(place).max(1, 'At most one place').default([]).meta({ title: 'Place', advanced: true }),
    quotes: z
      .enum(['nothing', 'customer'])
      .default('nothing')
      .meta({
        title: 'Answers',
        description: 'Shows the message above the answer where the channel can.',
        options: { nothing: 'The conversation', customer: 'The customer’s last message' },
        advanced: true,
      }),
    subject: z
      .string()
      .max(300)
      .default('')
      .meta({ title: 'Subject', description: 'For an email that opens a conversation.', template: true, advanced: true }),
  })
  .superRefine((given, context) => {
    if (given.text.trim() === '' && given.files.length === 0 && given.places.length === 0)
      context.addIssue({ code: 'custom', path: ['text'], message: 'Write the message' });
  });
export type SendMessageConfig = z.infer<typeof sendMessageConfig>;
