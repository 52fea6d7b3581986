import { defineEffect, duration, fileRef, parseDuration, type Ports } from '@holdfast/node-kit';
import { z } from 'zod';
import { keepFieldsWhen, keepingOf, keptPort } from '../calls/keep-fields.ts';
import { connectionGone, finding } from '../fields/finding.ts';
import { shortText } from '../fields/short-text.ts';
import { samples } from './samples.ts';

const shown = (...is: string[]) => ({ field: 'operation', is }) as const;
const week = 7 * 24 * 3_600_000;

const config = z.strictObject({
  operation: z
    .enum(['put', 'get', 'link', 'list'])
    .default('put')
    .meta({
      title: 'What to do',
      options: { put: 'Store a file', get: 'Fetch a file', link: 'Make a link to a file', list: 'List files' },
    }),
  credential: z
    .string('Choose the connection')
    .min(1, 'Choose the connection')
    .meta({ title: 'Connection', widget: 'credential', credentialKinds: ['s3'] }),
  file: z
    .string()
    .max(2_000)
    .default('')
    .meta({
      title: 'File',
      description: 'What an earlier step made, or what came with a message.',
      placeholder: '{{ nodes.invoice.file }}',
      template: true,
      keepsType: true,
      showWhen: shown('put'),
    }),
  key: z
    .string()
    .max(900)
    .default('')
    .meta({
      title: 'Name in the bucket',
      description: 'With its folders. A file of the same name is replaced.',
      placeholder: 'invoices/{{ trigger.body.number }}.pdf',
      template: true,
      showWhen: shown('put', 'get', 'link'),
    }),
  expires: duration
    .default('24h')
    .refine((text) => parseDuration(text) <= week, 'A link lives seven days at most')
    .meta({
      title: 'The link is good for',
      description: 'Whoever has it may fetch the file.',
      widget: 'duration',
      showWhen: shown('link'),
    }),
  prefix: z
    .string()
    .max(900)
    .default('')
    .meta({
      title: 'Names that begin with',
      description: 'Empty: everything.',
      placeholder: 'invoices/',
      template: true,
      showWhen: shown('list'),
    }),
  limit: z
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(100)
    .meta({ title: 'Files at most', advanced: true, showWhen: shown('list') }),
  ...keepFieldsWhen(shown('put')),
});
export type S3FileConfig = z.infer<typeof config>;

const failed = { failed: { label: 'Gave up', unhappy: true } };
const missing = { missing: { label: 'No such file', unhappy: true } };

export const s3File = defineEffect({
  type: 's3-file',
  typeVersion: 1,
  title: 'Files in S3',
  summary: 'Stores, fetches and lists files in a bucket of AWS, or of any server that speaks S3, and makes links to them.',
  icon: 'bucket',
  category: 'systems',
  keywords: ['aws', 'bucket', 'object', 'storage', 'upload', 'download', 'minio', 'archivo', 'almacén', 'subir'],
  config,
  ports: (given): Ports => ({
    done: { label: 'Done', mandatory: true },
    ...(given.operation === 'get' ? missing : {}),
    ...keptPort(given.keepCall && given.operation === 'put'),
    ...failed,
  }),
  // A file is stored under its name: stored twice it is the same.
  retry: { maxAttempts: 6, firstDelay: '5s', factor: 3, maxDelay: '5m' },
  timeout: '3m',
  keeps: (given) => keepingOf(given, { writes: given.operation === 'put', credential: given.credential }),
  output: z.object({
    key: z.string(),
    /** What was stored or fetched. */
    file: fileRef.nullable(),
    link: z.string().nullable(),
    expiresAt: z.string().nullable(),
    files: z.array(z.object({ key: z.string(), sizeBytes: z.number(), changedAt: z.string() })),
    hasMore: z.boolean(),
  }),
  describe: (given) => shortText(given.operation === 'list' ? given.prefix : given.key),
  check: ({ operation, credential, file, key }, world) => [
    ...connectionGone({ credential, kinds: ['s3'] }, world),
    ...(operation === 'put' && file.trim() === ''
      ? [finding('file', 'It is not said which file to store.', 'Choose a file from an earlier step or a message.')]
      : []),
    ...(operation !== 'list' && key.trim() === '' ? [finding('key', 'The file has no name in the bucket.', 'Write one.')] : []),
  ],
  samples,
});
