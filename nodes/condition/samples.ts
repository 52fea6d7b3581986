import type { Sample } from '@holdfast/node-kit';

const yes = (field: string, operator: string, value: string) => ({ cases: [{ id: 'yes', name: 'Yes', when: { match: 'all', conditions: [{ field, operator, value }] } }] });

export const samples: readonly Sample[] = [
  { name: 'leaves by yes when the condition holds', config: yes('trigger.body.total', 'greater-than', '100'), input: { trigger: { body: { total: 120 } } }, expect: { port: 'yes', output: { case: 'yes' } } },
  { name: 'leaves by no when it does not', config: yes('trigger.body.total', 'greater-than', '100'), input: { trigger: { body: { total: 80 } } }, expect: { port: 'otherwise', output: { case: null } } },
];
