import { defineTrigger, duration } from '@holdfast/node-kit';
import { z } from 'zod';
import { checkWebhook } from './check.ts';
import { samples } from './samples.ts';

const isProven = { field: 'proof', is: ['standard', 'hmac', 'basic', 'bearer', 'header'] } as const;
const isHmac = { field: 'proof', is: ['hmac'] } as const;
const whenWaiting = { field: 'respond', is: ['result', 'template'] } as const;
const whenWritten = { field: 'respond', is: ['now', 'template'] } as const;
const headerName = /^[a-z0-9!#$%&'*+.^_`|~-]{1,80}$/i;

export const webhookTrigger = defineTrigger({
  type: 'webhook-trigger',
  typeVersion: 1,
  source: 'webhook',
  title: 'Webhook',
  summary: 'Starts when another system calls this address, and can answer with the result.',
  icon: 'webhook',
  category: 'start',
  keywords: ['http', 'api', 'start', 'trigger', 'callback', 'form', 'signature', 'hmac', 'inicio', 'llamada', 'firma'],
  config: z.strictObject({
    path: z
      .string('Write the end of the address: at least 3 small letters, digits or "-"')
      .regex(/^[a-z0-9][a-z0-9-]{2,127}$/, 'Write the end of the address: at least 3 small letters, digits or "-"')
      .meta({
        title: 'Address',
        description: 'Other systems call this address. Keep it hard to guess.',
        placeholder: 'new-order-7f3k2',
        widget: 'webhook-path',
      }),
    proof: z
      .enum(['none', 'standard', 'hmac', 'basic', 'bearer', 'header'])
      .default('none')
      .meta({
        title: 'How callers prove who they are',
        options: {
          none: 'Not at all: anyone may call',
          standard: 'Standard Webhooks signature',
          hmac: 'Signature in a header (HMAC)',
          basic: 'User name and password',
          bearer: 'Bearer token',
          header: 'Key in a header',
        },
      }),
    credential: z
      .string()
      .optional()
      .meta({
        title: 'Secret',
        description: 'What the caller signs or sends. It is compared before anything is read or stored.',
        widget: 'credential',
        credentialKinds: ['signing', 'basic', 'bearer', 'header'],
        showWhen: isProven,
      }),
    signatureHeader: z
      .string()
      .regex(headerName, 'Write the name of a header, such as x-signature')
      .default('x-signature')
      .meta({ title: 'Header with the signature', placeholder: 'x-hub-signature-256', showWhen: isHmac }),
    algorithm: z
      .enum(['sha256', 'sha512', 'sha1'])
      .default('sha256')
      .meta({ title: 'Algorithm', options: { sha256: 'SHA-256', sha512: 'SHA-512', sha1: 'SHA-1' }, showWhen: isHmac }),
    encoding: z
      .enum(['hex', 'base64'])
      .default('hex')
      .meta({ title: 'Written as', options: { hex: 'Hex digits', base64: 'Base64' }, showWhen: isHmac }),
    prefix: z.string().max(40).default('').meta({
      title: 'Before the signature',
      description: 'What stands before it in the header.',
      placeholder: 'sha256=',
      showWhen: isHmac,
    }),
    signedText: z
      .string()
      .max(200)
      .refine((text) => text.includes('{body}'), 'Write what is signed; it holds {body}')
      .default('{body}')
      .meta({
        title: 'What is signed',
        description: '{body} is the body as it came; {timestamp} and {id} stand for what their headers say.',
        placeholder: '{timestamp}.{body}',
        showWhen: isHmac,
        advanced: true,
      }),
    timestampHeader: z.string().regex(headerName, 'Write the name of a header, such as x-request-timestamp').optional().meta({
      title: 'Header with the time',
      description: 'Calls that are more than 5 minutes off are refused. Left empty, a time in the signature’s own header counts: t=…,v1=…',
      placeholder: 'x-request-timestamp',
      showWhen: isHmac,
      advanced: true,
    }),
    messageId: z
      .string()
      .max(120)
      .regex(/^(body(\.[^.\s]{1,60}){1,4}|[a-z0-9!#$%&'*+^_`|~-]{1,80})$/i, 'Write the name of a header, or body. and the name of a field')
      .optional()
      .meta({
        title: 'Where the message’s id is',
        description:
          'A header, or a field such as body.id. What comes again under the same id is dropped. Standard Webhooks need nothing here.',
        placeholder: 'x-shopify-webhook-id',
        advanced: true,
      }),
    method: z
      .enum(['POST', 'GET', 'PUT', 'any'])
      .default('POST')
      .meta({ title: 'Method', options: { POST: 'POST', GET: 'GET', PUT: 'PUT', any: 'Any' }, advanced: true }),
    respond: z
      .enum(['now', 'result', 'template'])
      .default('now')
      .meta({
        title: 'Answer',
        options: {
          now: 'At once, when it is received',
          result: 'With the result of the run',
          template: 'With a text of its own, when the run has ended',
        },
      }),
    timeout: duration.default('20s').meta({
      title: 'Wait for the result at most',
      description: "Later than that, the caller gets the run's number and can ask again. The run goes on.",
      widget: 'duration',
      showWhen: whenWaiting,
    }),
    status: z.number().int().min(200).max(599).default(200).meta({ title: 'Status of the answer', advanced: true }),
    statusFrom: z
      .string()
      .max(500)
      .optional()
      .meta({
        title: 'Status from the data',
        description: 'Used instead where it comes to a number from 200 to 599.',
        placeholder: '{{ nodes.lookup.status }}',
        template: true,
        advanced: true,
        showWhen: { field: 'respond', is: ['template'] },
      }),
    answerType: z
      .enum(['json', 'text', 'html', 'xml'])
      .default('json')
      .meta({
        title: 'Kind of answer',
        description: 'Values are written as it needs them, so that they can’t change what stands around them.',
        options: { json: 'JSON', text: 'Text', html: 'HTML', xml: 'XML' },
        showWhen: whenWritten,
      }),
    answer: z.string().max(100_000).optional().meta({
      title: 'Text of the answer',
      description:
        'Answered at once, it can hold what the caller sent, and left empty it is the run’s number. When the run has ended, it can hold what any step gave.',
      placeholder: '{ "order": {{ trigger.body.order }} }',
      template: true,
      editor: 'prompt',
      showWhen: whenWritten,
    }),
    answerHeaders: z
      .record(z.string().regex(headerName, 'This is no name of a header'), z.string().max(2_000))
      .default({})
      .meta({ title: 'Headers of the answer', widget: 'key-value', template: true, advanced: true, showWhen: whenWritten }),
  }),
  ports: { received: { label: 'Received', mandatory: true } },
  describe: (given) => `${given.method === 'any' ? '' : `${given.method} `}/hooks/flows/${given.path ?? ''}`,
  check: checkWebhook,
  samples,
});
