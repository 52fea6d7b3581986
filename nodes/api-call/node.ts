import { defineEffect } from '@holdfast/node-kit';
import { z } from 'zod';
import { callFields, callOutput, callPorts, checkCall, fallbacksOf, isRepeatable, timeoutOf } from '../calls/call-settings.ts';
import { shortText } from '../fields/short-text.ts';
import { retryPolicyOf } from '../fields/tries.ts';
import { samples } from './samples.ts';

const pairs = z.record(z.string().min(1, 'Give it a name').max(200), z.string().max(10_000).meta({ template: true }));
const fileValue = z.string().max(2_000);
const fileValues = z.record(z.string().min(1, 'Give it a name').max(200), fileValue.meta({ template: true, keepsType: true }));
const withBody = (...is: string[]) => ({ field: 'bodyKind', is }) as const;

const config = z.strictObject({
  method: z
    .enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
    .default('GET')
    .meta({ title: 'Method', options: { GET: 'GET', POST: 'POST', PUT: 'PUT', PATCH: 'PATCH', DELETE: 'DELETE' } }),
  url: z
    .string('Enter the address to call')
    .min(1, 'Enter the address to call')
    .max(4_000)
    .meta({ title: 'Address', placeholder: 'https://api.example.com/orders/{{ trigger.text }}', template: true, insertsAs: 'address' }),
  query: pairs.default({}).meta({ title: 'Query', description: 'Added to the address.', widget: 'key-value' }),
  headers: pairs.default({}).meta({ title: 'Headers', widget: 'key-value', advanced: true }),
  bodyKind: z
    .enum(['none', 'json', 'form', 'text', 'file', 'multipart'])
    .default('none')
    .meta({
      title: 'Body',
      options: { none: 'None', json: 'JSON', form: 'Form fields', text: 'Text', file: 'A file', multipart: 'Form fields and files' },
      showWhen: { field: 'method', is: ['POST', 'PUT', 'PATCH', 'DELETE'] },
    }),
  body: z
    .string()
    .max(100_000)
    .default('')
    .meta({
      title: 'JSON',
      description:
        'An inserted value becomes text between quotes, and keeps its kind without them: {"name": "{{ contact.name }}", "total": {{ trigger.body.total }}}.',
      template: true,
      editor: 'json',
      showWhen: withBody('json'),
    }),
  text: z
    .string()
    .max(100_000)
    .default('')
    .meta({ title: 'Text', template: true, editor: 'text', showWhen: withBody('text') }),
  form: pairs.default({}).meta({ title: 'Fields', widget: 'key-value', showWhen: withBody('form', 'multipart') }),
  files: fileValues.default({}).meta({
    title: 'Files',
    description: 'Names of form fields, each with a file of the run.',
    widget: 'key-value',
    showWhen: withBody('multipart'),
  }),
  file: fileValue.default('').meta({
    title: 'File',
    description: 'A file that an earlier step made or that came with a message.',
    placeholder: '{{ nodes.invoice.file }}',
    template: true,
    keepsType: true,
    showWhen: withBody('file'),
  }),
  credential: z
    .string()
    .optional()
    .meta({ title: 'Connection', description: 'Sent only to the hosts that it belongs to.', widget: 'credential' }),
  ...callFields('method'),
});
export type ApiCallConfig = z.infer<typeof config>;

export const apiCall = defineEffect({
  type: 'api-call',
  typeVersion: 1,
  title: 'Call an API',
  summary: 'Sends one HTTP request and branches on the answer.',
  icon: 'world',
  category: 'systems',
  takes: 'curl',
  keywords: ['http', 'rest', 'request', 'fetch', 'get', 'post', 'webhook', 'erp', 'crm', 'llamar', 'petición'],
  config,
  ports: callPorts,
  retry: retryPolicyOf,
  timeout: timeoutOf,
  fallbacks: fallbacksOf,
  isRepeatable,
  output: z.object(callOutput),
  describe: (given) => `${given.method} ${shortText(given.url)}`,
  check: (given, world) => {
    // Inserted values may hold spaces of their own.
    const isAddress = /^(?:https?:\/\/|§)[^\s]+$|^§$/i.test(given.url.trim().replaceAll(/\{\{.*?\}\}/gs, '§'));
    return [
      ...checkCall(given, world),
      ...(isAddress
        ? []
        : [
            {
              field: 'url',
              severity: 'error' as const,
              reason: 'This is not an address that can be called.',
              fix: 'Start it with https://, or with a value that holds the whole address.',
            },
          ]),
    ];
  },
  samples,
});
