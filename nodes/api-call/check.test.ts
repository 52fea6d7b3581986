import { expect, test } from 'vitest';
import { apiCall } from './node.ts';

const world = { credentials: [], channels: [], variables: [] };
const fieldsFor = (url: string): string[] => (apiCall.check?.(apiCall.config.parse({ url }), world) ?? []).map((finding) => finding.field);

test('accepts addresses with inserted values, spaces inside them included', () => {
  expect(fieldsFor('https://api.example.com/orders/{{ nodes.order.number | url_encode }}')).toEqual([]);
  expect(fieldsFor('{{ variables.orders_url }}/{{ trigger.text | url_encode }}')).toEqual([]);
});

test('refuses what is no address', () => {
  expect(fieldsFor('api.example.com/orders')).toEqual(['url']);
  expect(fieldsFor('https://api.example.com/two words')).toEqual(['url']);
});
