import { z } from 'zod';

const kinds = {
  words: 'Words',
  phrase: 'Exact phrase',
  fuzzy: 'Words, with typing mistakes',
  number: 'A number',
  'order-id': 'An order number',
  regex: 'Regular expression',
} as const;
const usesWords = ['words', 'phrase', 'fuzzy'] as const;

export const ruleKind = z.enum(['words', 'phrase', 'fuzzy', 'number', 'order-id', 'regex']);

export const rule = z
  .strictObject({
    /** Its port; kept when the name changes, so that connections stay. */
    id: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'Use small letters, digits and "-"')
      .meta({ title: 'Id', advanced: true }),
    name: z.string().max(60).default('').meta({ title: 'Name', placeholder: 'Order' }),
    kind: ruleKind.default('words').meta({ title: 'Looks for', options: kinds }),
    words: z
      .array(z.string().min(1).max(120))
      .max(200)
      .default([])
      .meta({ title: 'Words or phrases', placeholder: 'order', showWhen: { field: 'kind', is: usesWords } }),
    mode: z
      .enum(['any', 'all'])
      .default('any')
      .meta({
        title: 'Fits when',
        options: { any: 'One of them is there', all: 'All of them are there' },
        showWhen: { field: 'kind', is: usesWords },
      }),
    format: z
      .string()
      .max(60)
      .default('')
      .meta({
        title: 'Looks like',
        description: '# stands for a digit, @ for a letter. Empty: anything that looks like an order number.',
        placeholder: 'A-####',
        showWhen: { field: 'kind', is: ['order-id'] },
      }),
    pattern: z
      .string()
      .max(500)
      .default('')
      .meta({ title: 'Regular expression', placeholder: '(?i)table for (\\d+)', showWhen: { field: 'kind', is: ['regex'] } }),
  })
  .superRefine((given, context) => {
    const needsWords = given.kind === 'words' || given.kind === 'phrase' || given.kind === 'fuzzy';
    if (needsWords && given.words.length === 0)
      context.addIssue({ code: 'custom', path: ['words'], message: 'Write at least one word to look for' });
    if (given.kind === 'regex' && given.pattern === '')
      context.addIssue({ code: 'custom', path: ['pattern'], message: 'Write the regular expression' });
    if (given.id === 'otherwise') context.addIssue({ code: 'custom', path: ['id'], message: '"otherwise" is taken: choose another id' });
  });
export type Rule = z.infer<typeof rule>;

export const rules = z
  .array(rule)
  .max(50)
  .refine((list) => new Set(list.map((item) => item.id)).size === list.length, 'Two rules have the same id');
