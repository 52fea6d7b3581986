import { definePure, type Ports } from '@holdfast/node-kit';
import { z } from 'zod';
import { findRule } from './find-rule.ts';
import { compileRegex } from './regex.ts';
import { rules } from './rule.ts';
import { samples } from './samples.ts';

const config = z.strictObject({
  text: z
    .string()
    .min(1, 'Choose the text to look at')
    .max(2_000)
    .default('{{ trigger.text }}')
    .meta({ title: 'Text to look at', template: true, advanced: true }),
  rules: rules
    .min(1, 'Add at least one rule')
    .default([{ id: 'rule-1', name: 'Order', kind: 'words', words: ['order', 'pedido'], mode: 'any', format: '', pattern: '' }])
    .meta({
      title: 'Rules',
      description: 'Read from top to bottom; the first that fits decides the way. Upper and lower case and accents make no difference.',
      widget: 'rules',
    }),
});

// A draft may be half typed, and ports must be drawn all the same.
const drawable = z.object({ rules: z.array(z.object({ id: z.string().min(1), name: z.string().catch('') })).catch([]) });

const ports = (given: z.infer<typeof config>): Ports => ({
  ...Object.fromEntries(drawable.parse(given).rules.map((rule) => [rule.id, { label: rule.name || rule.id }])),
  otherwise: { label: 'Otherwise', mandatory: true },
});

export const patternMatch = definePure({
  type: 'pattern-match',
  typeVersion: 1,
  title: 'What is it about?',
  summary: 'Looks for words, numbers or patterns in a text and takes the way that fits.',
  icon: 'zoom-question',
  category: 'understand',
  keywords: ['match', 'keyword', 'regex', 'intent', 'words', 'order number', 'palabras', 'patrón', 'intención'],
  config,
  ports,
  output: z.object({
    rule: z.string().nullable(),
    name: z.string().nullable(),
    match: z.string().nullable(),
    value: z.union([z.string(), z.number()]).nullable(),
    groups: z.array(z.string()),
    text: z.string(),
  }),
  describe: (given) =>
    drawable
      .parse(given)
      .rules.map((rule) => rule.name || rule.id)
      .join(', '),
  check: (given) =>
    given.rules.flatMap((rule, index) =>
      rule.kind === 'regex' && compileRegex(rule.pattern) === null
        ? [
            {
              field: `rules.${index}.pattern`,
              severity: 'error' as const,
              reason: "This regular expression can't be read.",
              fix: 'Correct it; look-ahead, look-behind and back-references are not available.',
            },
          ]
        : [],
    ),
  evaluate: ({ config: given }) => findRule(given.rules, given.text),
  samples,
});
