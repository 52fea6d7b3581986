import type { JsonObject } from '@holdfast/node-kit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderAddress } from './render-address.ts';

/** Any sixteen bits in a row: letters, signs, halves of pairs. */
const anything = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 }).map((units) => String.fromCharCode(...units));

const render = (text: string, trigger: JsonObject): string =>
  renderAddress(text, {
    trigger,
    nodes: {},
    contact: null,
    conversation: null,
    variables: { base: 'https://shop.test/v1' },
    run: { id: 'run_1', startedAt: '', flow: '' },
  }).value;

test.each([
  ['https://shop.test/orders/{{ trigger.text }}', 'A 1/2?x=1#y', 'https://shop.test/orders/A%201%2F2%3Fx%3D1%23y'],
  ['{{ variables.base }}/orders/{{ trigger.text }}', '../admin', 'https://shop.test/v1/orders/..%2Fadmin'],
  ['https://shop.test/orders/{{ trigger.text }}', '..', 'https://shop.test/orders/'],
  ['https://{{ trigger.text }}.shop.test/', 'evil.test/', 'https://evil.test%2F.shop.test/'],
  ['https://shop.test/{{ trigger.text | url_encode }}', 'a b', 'https://shop.test/a%20b'],
  ['https://shop.test/{{ trigger.text | raw }}', 'a/b', 'https://shop.test/a/b'],
  ['{{ trigger.text }}', 'https://other.test/x?y=1', 'https://other.test/x?y=1'],
  ['https://shop.test/{{ trigger.none | default: trigger.text }}', 'ñ', 'https://shop.test/%C3%B1'],
])('"%s" with "%s" is %s', (template, text, address) => {
  expect(render(template, { text })).toBe(address);
});

test('nothing that a customer writes leads to another path or host', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const address = new URL(render('{{ variables.base }}/orders/{{ trigger.text }}/lines?q={{ trigger.text }}&all=no', { text }));
      expect([address.origin, address.pathname.split('/').length, [...address.searchParams.keys()]]).toEqual([
        'https://shop.test',
        5,
        ['q', 'all'],
      ]);
    }),
  );
});
