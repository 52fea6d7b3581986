import { defineEffect } from '@holdfast/node-kit';
import { z } from 'zod';
import { checkTemplate } from '../fields/message-template.ts';
import { shortMessage } from '../fields/short-text.ts';
import { sendMessageConfig } from './config.ts';
import { messageOf } from './message-of.ts';

export const sendMessage = defineEffect({
  type: 'send-message',
  typeVersion: 1,
  title: 'Send a message',
  summary: 'Answers the customer in the same chat, with text, buttons or files.',
  icon: 'send',
  category: 'talk',
  keywords: ['reply', 'answer', 'text', 'say', 'buttons', 'attachment', 'responder', 'mensaje', 'enviar'],
  config: sendMessageConfig,
  ports: {
    sent: { label: 'Sent' },
    refused: { label: 'Refused', unhappy: true },
  },
  retry: { maxAttempts: 6, firstDelay: '1s', factor: 2, maxDelay: '1m' },
  timeout: '30s',
  output: z.object({
    messageId: z.string(),
    state: z.enum(['accepted', 'refused', 'unknown']),
    text: z.string(),
    code: z.string().nullable(),
    reason: z.string().nullable(),
  }),
  describe: (given) => shortMessage(given.text, given.textFormat),
  says: messageOf,
  check: ({ template }, world) => checkTemplate(template, world),
  samples: [
    {
      name: 'greets by name',
      config: { text: 'Hello {{ contact.name }}' },
      input: { contact: { id: 'c1', name: 'Ana', language: 'es', attributes: {} } },
      expect: { port: 'sent', output: { messageId: 'msg_1', state: 'accepted', text: 'Hello Ana', code: null, reason: null } },
    },
    {
      name: 'offers buttons',
      config: {
        text: 'Shall we call you?',
        buttons: [
          { id: 'yes', label: 'Yes' },
          { id: 'no', label: 'No' },
        ],
      },
      expect: { port: 'sent' },
    },
  ],
});
