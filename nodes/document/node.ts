import { defineEffect, fileRef } from '@holdfast/node-kit';
import { z } from 'zod';
import { shortText } from '../fields/short-text.ts';
import { timeZone } from '../fields/time-zone.ts';
import { block } from './blocks.ts';
import { presets } from './presets.ts';
import { samples } from './samples.ts';

const config = z.strictObject({
  // What is inserted into its texts stays characters.
  textFormat: z.literal('rich').default('rich').meta({ title: 'Formatting', startsAs: 'rich' }),
  title: z.string('Write the title').min(1, 'Write the title').max(300).meta({
    title: 'Title',
    description: 'What readers call the document, and the name of the file.',
    placeholder: 'Invoice {{ trigger.body.number }}',
    template: true,
  }),
  blocks: z
    .array(block)
    .min(1, 'Add at least one block')
    .max(60, 'At most 60 blocks')
    .meta({ title: 'Content', description: 'From top to bottom. Pages begin by themselves.' }),
  footer: z
    .string()
    .max(500)
    .default('')
    .meta({ title: 'Foot of each page', placeholder: 'Kelp & Co. · 12 Harbour Road · VAT GB123456', template: true }),
  language: z
    .enum(['en-GB', 'en-US', 'es', 'es-MX', 'pt', 'pt-BR', 'fr', 'de', 'it', 'nl'])
    .default('en-GB')
    .meta({
      title: 'Language',
      description: 'Of numbers, days and page numbers.',
      options: {
        'en-GB': 'English (Europe, Africa)',
        'en-US': 'English (United States)',
        es: 'Spanish',
        'es-MX': 'Spanish (Mexico)',
        pt: 'Portuguese',
        'pt-BR': 'Portuguese (Brazil)',
        fr: 'French',
        de: 'German',
        it: 'Italian',
        nl: 'Dutch',
      },
    }),
  currency: z
    .string()
    .max(200)
    .default('EUR')
    .meta({ title: 'Currency', description: 'Its three letters.', placeholder: 'EUR', template: true }),
  page: z
    .enum(['A4', 'LETTER'])
    .default('A4')
    .meta({ title: 'Page', options: { A4: 'A4', LETTER: 'US Letter' } }),
  orientation: z
    .enum(['portrait', 'landscape'])
    .default('portrait')
    .meta({ title: 'Page stands', options: { portrait: 'Upright', landscape: 'Across' }, advanced: true }),
  logo: z.string().max(2_000).default('').meta({
    title: 'Logo',
    description: 'A PNG or JPEG, at the top of the first page.',
    template: true,
    keepsType: true,
    widget: 'file',
    advanced: true,
  }),
  logoWidthMm: z.number().int().min(5).max(180).default(35).meta({ title: 'Width of the logo in millimetres', advanced: true }),
  header: z.string().max(500).default('').meta({ title: 'Head of each page', template: true, advanced: true }),
  pageNumbers: z.boolean().default(true).meta({ title: 'Page numbers', advanced: true }),
  color: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, 'Write a colour as #0f766e')
    .default('#1f3a5f')
    .meta({ title: 'Colour', description: 'Of headings and lines.', placeholder: '#0f766e', advanced: true }),
  timeZone: timeZone.meta({ title: 'Time zone', advanced: true }),
  fileName: z.string().max(200).default('').meta({
    title: 'Name of the file',
    description: 'Empty: the title.',
    placeholder: 'invoice-{{ trigger.body.number }}.pdf',
    template: true,
    advanced: true,
  }),
});
export type DocumentConfig = z.infer<typeof config>;

export const document = defineEffect({
  type: 'document',
  typeVersion: 1,
  title: 'Make a document',
  summary: 'Makes a PDF: an invoice, a receipt or a letter, with the data of the run. A later step sends or stores it.',
  icon: 'file-type-pdf',
  category: 'act',
  keywords: ['pdf', 'invoice', 'receipt', 'letter', 'print', 'factura', 'recibo', 'carta', 'documento', 'albarán'],
  config,
  presets,
  makes: 'pdf',
  ports: { done: { label: 'Made', mandatory: true }, failed: { label: 'Gave up', unhappy: true } },
  retry: { maxAttempts: 3, firstDelay: '5s', factor: 3, maxDelay: '1m' },
  timeout: '2m',
  pace: 'slow',
  output: z.object({
    file: fileRef,
    pages: z.number(),
    /** Characters that it can't show; empty when there are none. */
    notShown: z.string(),
  }),
  describe: (given) => shortText(given.title),
  samples,
});
