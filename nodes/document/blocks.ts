import { z } from 'zod';
import { valueFormat } from '../fields/value-format.ts';

const shown = (...is: string[]) => ({ field: 'kind', is }) as const;

const align = z
  .enum(['left', 'center', 'right'])
  .default('left')
  .meta({ title: 'Aligned', options: { left: 'Left', center: 'In the middle', right: 'Right' } });

const column = z.strictObject({
  label: z.string().max(120).default('').meta({ title: 'Heading of the column', placeholder: 'Quantity', template: true }),
  value: z.string().min(1, 'Name the value of the column').max(200).meta({
    title: 'Value of each line',
    description: 'Its name in a line of the list, as “name” or “product.title”. “quantity * price” multiplies, “#” counts.',
    placeholder: 'quantity * price',
  }),
  as: valueFormat,
  align,
  width: z
    .enum(['narrow', 'wide'])
    .default('narrow')
    .meta({ title: 'Width', options: { narrow: 'As wide as needed', wide: 'All the room that is left' } }),
});

const line = z.strictObject({
  label: z.string().min(1, 'Write what the line is about').max(200).meta({ title: 'Label', placeholder: 'Due on', template: true }),
  value: z.string().max(2_000).default('').meta({ title: 'Value', template: true, keepsType: true }),
  as: valueFormat,
  strong: z.boolean().default(false).meta({ title: 'Stands out' }),
});

/** One piece of the page. Which settings count depends on its kind. */
export const block = z
  .strictObject({
    kind: z
      .enum(['heading', 'text', 'sides', 'table', 'facts', 'totals', 'image', 'line', 'page-break'])
      .default('text')
      .meta({
        title: 'Kind',
        options: {
          heading: 'Heading',
          text: 'Text',
          sides: 'Two texts side by side',
          table: 'Table of a list',
          facts: 'Labels and values',
          totals: 'Totals',
          image: 'Picture',
          line: 'Line across',
          'page-break': 'New page',
        },
      }),
    text: z
      .string()
      .max(20_000)
      .default('')
      .meta({ title: 'Text', template: true, insertsAs: 'rich', editor: 'prompt', showWhen: shown('text', 'sides') }),
    textRight: z
      .string()
      .max(20_000)
      .default('')
      .meta({ title: 'Text on the right', template: true, insertsAs: 'rich', editor: 'prompt', showWhen: shown('sides') }),
    heading: z
      .string()
      .max(300)
      .default('')
      .meta({ title: 'Heading', template: true, showWhen: shown('heading') }),
    level: z
      .enum(['1', '2'])
      .default('1')
      .meta({ title: 'Size', options: { 1: 'Large', 2: 'Small' }, showWhen: shown('heading') }),
    items: z
      .string()
      .max(2_000)
      .default('')
      .meta({
        title: 'List',
        description: 'A list from an earlier step: each of its entries becomes a line.',
        placeholder: '{{ trigger.body.lines }}',
        template: true,
        keepsType: true,
        showWhen: shown('table'),
      }),
    columns: z
      .array(column)
      .max(12, 'At most 12 columns')
      .default([])
      .meta({ title: 'Columns', showWhen: shown('table') }),
    lines: z
      .array(line)
      .max(60)
      .default([])
      .meta({ title: 'Lines', description: 'A line without a value is left out.', showWhen: shown('facts', 'totals') }),
    file: z
      .string()
      .max(2_000)
      .default('')
      .meta({
        title: 'File',
        description: 'A PNG or JPEG from an earlier step or a message.',
        placeholder: '{{ trigger.message.attachments[0].fileId }}',
        template: true,
        keepsType: true,
        widget: 'file',
        showWhen: shown('image'),
      }),
    widthMm: z
      .number()
      .int()
      .min(5)
      .max(250)
      .default(60)
      .meta({ title: 'Width in millimetres', showWhen: shown('image') }),
    align: align.meta({
      title: 'Aligned',
      options: { left: 'Left', center: 'In the middle', right: 'Right' },
      showWhen: shown('text', 'image'),
    }),
  })
  .superRefine((given, context) => {
    const miss = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (given.kind === 'heading' && given.heading.trim() === '') miss('heading', 'Write the heading');
    if (given.kind === 'text' && given.text.trim() === '') miss('text', 'Write the text');
    if (given.kind === 'table' && given.items.trim() === '') miss('items', 'Choose the list');
    if (given.kind === 'table' && given.columns.length === 0) miss('columns', 'Add at least one column');
    if ((given.kind === 'facts' || given.kind === 'totals') && given.lines.length === 0) miss('lines', 'Add at least one line');
    if (given.kind === 'image' && given.file.trim() === '') miss('file', 'Choose the picture');
  });
export type DocumentBlock = z.infer<typeof block>;
