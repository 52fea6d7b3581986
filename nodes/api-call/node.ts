import { defineEffect, duration, formatDuration, parseDuration, type Fallback } from '@holdfast/node-kit';
import { z } from 'zod';
import { shortText } from '../fields/short-text.ts';
import { retryPolicyOf, triesFields } from '../fields/tries.ts';
import { fallbackFields } from './fallback-fields.ts';
import { samples } from './samples.ts';

const pairs = z.record(z.string().min(1, 'Give it a name').max(200), z.string().max(10_000).meta({ template: true }));
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
    .enum(['none', 'json', 'form', 'text'])
    .default('none')
    .meta({
      title: 'Body',
      options: { none: 'None', json: 'JSON', form: 'Form fields', text: 'Text' },
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
  form: pairs.default({}).meta({ title: 'Fields', widget: 'key-value', showWhen: withBody('form') }),
  credential: z
    .string()
    .optional()
    .meta({ title: 'Credential', description: 'Sent only to the hosts that it belongs to.', widget: 'credential' }),
  timeout: duration.default('20s').meta({ title: 'Waits for an answer', widget: 'duration', advanced: true }),
  ...triesFields,
  idempotencyHeader: z
    .string()
    .regex(/^[A-Za-z0-9-]{0,64}$/, 'A header\'s name holds letters, digits and "-" only')
    .default('')
    .meta({
      title: 'Idempotency header',
      description:
        'POST and PATCH are repeated only when the service recognises a repeated call by this header, for example Idempotency-Key.',
      placeholder: 'Idempotency-Key',
      showWhen: { field: 'method', is: ['POST', 'PATCH'] },
      advanced: true,
    }),
  ...fallbackFields,
});
export type ApiCallConfig = z.infer<typeof config>;

export const fallbacksOf = ({ method, secondUrl, staleFor, standIn }: ApiCallConfig): Fallback[] => [
  ...(secondUrl.trim() === '' ? [] : [{ kind: 'second' as const }]),
  ...(staleFor === undefined || !(method === 'GET' || method === 'POST') ? [] : [{ kind: 'stale' as const, for: staleFor }]),
  ...(standIn.trim() === '' ? [] : [{ kind: 'default' as const }]),
];

/** Twice has the effect of once: by its method, because the service recognises it, or because it changes nothing. */
export const isRepeatable = ({ method, idempotencyHeader, onlyReads }: ApiCallConfig): boolean =>
  method === 'GET' || method === 'PUT' || method === 'DELETE' || idempotencyHeader !== '' || (method === 'POST' && onlyReads);

/** The last attempt may need as long again for the second address. */
const timeoutOf = ({ timeout, secondUrl }: ApiCallConfig): string =>
  secondUrl.trim() === '' ? timeout : formatDuration(parseDuration(timeout) * 2);

export const apiCall = defineEffect({
  type: 'api-call',
  typeVersion: 1,
  title: 'Call an API',
  summary: 'Sends one HTTP request and branches on the answer.',
  icon: 'world',
  category: 'systems',
  keywords: ['http', 'rest', 'request', 'fetch', 'get', 'post', 'webhook', 'erp', 'crm', 'llamar', 'petición'],
  config,
  ports: {
    ok: { label: 'Answered', mandatory: true },
    refused: { label: 'Refused (4xx)', unhappy: true },
    failed: { label: 'Gave up', unhappy: true },
  },
  retry: retryPolicyOf,
  timeout: timeoutOf,
  fallbacks: fallbacksOf,
  isRepeatable,
  output: z.object({
    status: z.number(),
    body: z.json(),
    headers: z.record(z.string(), z.string()),
    /** Present when the service itself did not answer. */
    fallback: z.enum(['second', 'stale', 'default']).optional(),
  }),
  describe: (given) => `${given.method} ${shortText(given.url)}`,
  check: (given, world) => {
    const isGone =
      given.credential !== undefined &&
      given.credential !== '' &&
      !world.credentials.some((credential) => credential.id === given.credential);
    // Inserted values may hold spaces of their own.
    const isAddress = /^(?:https?:\/\/|§)[^\s]+$|^§$/i.test(given.url.trim().replaceAll(/\{\{.*?\}\}/gs, '§'));
    return [
      ...(isGone
        ? [
            {
              field: 'credential',
              severity: 'error' as const,
              reason: 'The credential of this call does not exist any more.',
              fix: 'Choose another credential, or add it again under Connections.',
            },
          ]
        : []),
      ...(given.method === 'POST' && !given.onlyReads && (given.keepFor !== undefined || given.staleFor !== undefined)
        ? [
            {
              field: given.keepFor === undefined ? 'staleFor' : 'keepFor',
              severity: 'warning' as const,
              reason: 'Answers are kept only of calls that change nothing, and this one may.',
              fix: 'If it only reads, say so above; else leave this empty.',
            },
          ]
        : []),
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
