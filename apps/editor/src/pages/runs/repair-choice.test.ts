import { expect, test } from 'vitest';
import { actOf, firstChoice, readTyped, valuesOf, variablesIn } from './repair-choice.ts';

const run = {
  file: { nodes: [], edges: [] },
  trigger: { body: { currency: 'US$', total: 12, items: [{ sku: 'A' }], 'odd.name': 1 } },
  steps: [
    { node: 'start', output: { body: {} }, endedAt: '2026-11-23T10:00:00Z' },
    { node: 'lookup', output: { status: 200 }, endedAt: '2026-11-23T10:00:01Z' },
    { node: 'call', output: null, endedAt: null },
  ],
} as unknown as Parameters<typeof valuesOf>[0]; // only what valuesOf reads

test('the values of a run are named as templates name them, those that the step mentions first', () => {
  const values = valuesOf(run, '{{ nodes.lookup.status }}');
  expect(values.map(({ field }) => field)).toEqual([
    'nodes.lookup.status',
    'trigger.body.currency',
    'trigger.body.total',
    'trigger.body.items[0].sku',
  ]);
});

test('a replacement is of the same kind as what it replaces', () => {
  expect(readTyped('12.5', 12)).toEqual({ value: 12.5 });
  expect(readTyped('twelve', 12)).toBeNull();
  expect(readTyped('true', false)).toEqual({ value: true });
  expect(readTyped('{{ trigger.text }}', 'US$')).toEqual({ value: '{{ trigger.text }}' });
});

test('an act is asked for once it is whole', () => {
  const values = valuesOf(run, '');
  expect(actOf({ ...firstChoice, kind: 'edit' }, values)).toBeNull();
  expect(actOf({ ...firstChoice, kind: 'edit', field: 'trigger.body.currency', to: 'USD' }, values)).toEqual({
    kind: 'retry',
    edit: { field: 'trigger.body.currency', from: 'US$', to: 'USD' },
  });
  expect(actOf({ ...firstChoice, kind: 'skip', port: 'ok', output: '{' }, values)).toBeNull();
  expect(actOf({ ...firstChoice, ambiguous: true }, values)).toEqual({ kind: 'retry', ambiguous: true });
});

test('the variables of a step are found in its settings', () => {
  expect(variablesIn({ url: '{{ variables.shop_url }}/x', body: '{{ variables.shop_url }} {{ variables.key }}' })).toEqual([
    'shop_url',
    'key',
  ]);
});
