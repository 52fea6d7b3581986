import { expect, test } from 'vitest';
import { sendContext } from '../test/send-context.ts';
import { template } from './template.ts';

const components = [
  { type: 'HEADER', format: 'TEXT', text: 'Order {{1}}' },
  { type: 'BODY', text: 'Hello {{1}}, your order {{ 2 }} left.' },
  { type: 'BUTTONS', buttons: [] },
];
const approved = { category: 'utility', status: 'approved', isNamed: false, components };
const wanted = (parameters: Record<string, string>) => ({ name: 'order_ready', language: 'en', parameters });

test.each([
  ['no template', approved, null, null],
  ['approved and filled', approved, wanted({ header: 'A-117', 1: 'Ana', 2: 'A-117' }), null],
  ['the header’s own value missing', approved, wanted({ 1: 'Ana', 2: 'A-117' }), 'no value for {{header}}'],
  ['unknown', null, wanted({}), 'is not known on "Shop"'],
  ['paused', { ...approved, status: 'paused' }, wanted({ 1: 'Ana', 2: 'x' }), 'is paused because of its quality'],
  ['pending', { ...approved, status: 'pending' }, wanted({ 1: 'Ana', 2: 'x' }), 'is not approved yet'],
  ['of a state nobody foresaw', { ...approved, status: 'in_appeal' }, wanted({ 1: 'Ana', 2: 'x' }), 'is "in_appeal"'],
  ['a value missing', approved, wanted({ header: 'x', 1: 'Ana' }), 'no value for {{2}}'],
  ['a value empty', approved, wanted({ header: 'x', 1: ' ', 2: 'x' }), 'no value for {{1}}'],
])('%s', (_name, facts, given, reason) => {
  const verdict = template(sendContext({ target: { template: facts }, template: given }));
  expect(verdict?.code ?? null).toBe(reason === null ? null : 'send.template');
  expect(String(verdict?.reason ?? '')).toContain(reason ?? '');
});
