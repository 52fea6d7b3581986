import { conditionGroup, evaluateConditions } from '@holdfast/graph';
import { definePure, type Ports } from '@holdfast/node-kit';
import { z } from 'zod';
import { samples } from './samples.ts';

const conditionCase = z.strictObject({
  /** Its port; kept when the name changes, so that connections stay. */
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'Use small letters, digits and "-"')
    .refine((id) => id !== 'otherwise', '"otherwise" is taken: choose another id')
    .meta({ title: 'Id', advanced: true }),
  name: z.string().max(60).default('').meta({ title: 'Name', placeholder: 'Yes' }),
  when: conditionGroup.meta({ title: 'When', widget: 'conditions' }),
});

const config = z.strictObject({
  cases: z
    .array(conditionCase)
    .min(1, 'Add at least one case')
    .max(30)
    .refine((list) => new Set(list.map((item) => item.id)).size === list.length, 'Two cases have the same id')
    .default([{ id: 'yes', name: 'Yes', when: { all: [{ field: 'trigger.text', operator: 'is-not-empty', value: '' }] } }])
    .meta({ title: 'Cases', description: 'Read from top to bottom; the first whose conditions hold decides the way.' }),
});

// A draft may be half typed, and ports must be drawn all the same.
const drawable = z.object({ cases: z.array(z.object({ id: z.string().min(1), name: z.string().catch('') })).catch([]) });

const ports = (given: z.infer<typeof config>): Ports => {
  const { cases } = drawable.parse(given);
  const isYesOrNo = cases.length <= 1 && (cases[0]?.id ?? 'yes') === 'yes';
  return {
    ...Object.fromEntries(cases.map((item) => [item.id, { label: item.name || item.id }])),
    otherwise: { label: isYesOrNo ? 'No' : 'Otherwise' },
  };
};

export const condition = definePure({
  type: 'condition',
  typeVersion: 1,
  title: 'Condition',
  summary: 'Compares values and takes the way that fits: yes or no, or several cases.',
  icon: 'git-branch',
  category: 'decide',
  keywords: ['if', 'else', 'branch', 'switch', 'compare', 'cel', 'si', 'condición', 'decidir'],
  config,
  ports,
  output: z.object({ case: z.string().nullable() }),
  describe: (given) =>
    drawable
      .parse(given)
      .cases.map((item) => item.name || item.id)
      .join(', '),
  evaluate: ({ config: given, scope }) => {
    const first = given.cases.find((item) => evaluateConditions(item.when, scope));
    return { port: first?.id ?? 'otherwise', output: { case: first?.id ?? null } };
  },
  samples,
});
