import type { Sample } from '@holdfast/node-kit';

const total = (operator: string, value: string) => ({ all: [{ field: 'trigger.body.total', operator, value }] });
const sizes = {
  cases: [
    { id: 'large', name: 'Large', when: total('at-least', '1000') },
    { id: 'medium', name: 'Medium', when: total('at-least', '100') },
  ],
};

export const samples: readonly Sample[] = [
  {
    name: 'leaves by yes when the condition holds',
    config: { cases: [{ id: 'yes', name: 'Yes', when: total('greater', '100') }] },
    input: { trigger: { body: { total: 120 } } },
    expect: { port: 'yes', output: { case: 'yes' } },
  },
  {
    name: 'leaves by no when it does not',
    config: { cases: [{ id: 'yes', name: 'Yes', when: total('greater', '100') }] },
    input: { trigger: { body: { total: 80 } } },
    expect: { port: 'otherwise', output: { case: null } },
  },
  { name: 'takes the first case that fits', config: sizes, input: { trigger: { body: { total: 5000 } } }, expect: { port: 'large' } },
  {
    name: 'understands CEL',
    config: { cases: [{ id: 'yes', name: 'Yes', when: { cel: 'trigger.body.total > 100.0 && trigger.body.country == "KE"' } }] },
    input: { trigger: { body: { total: 120.5, country: 'KE' } } },
    expect: { port: 'yes' },
  },
];
