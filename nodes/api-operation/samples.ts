import type { JsonObject, Sample } from '@holdfast/node-kit';

const field = (place: string, key: string, more: JsonObject = {}): JsonObject => ({
  name: `${place}.${key}`,
  title: key,
  type: 'text',
  required: place === 'path',
  place,
  keys: key.split('.'),
  ...more,
});
const readOrder: JsonObject = {
  id: 'getOrder',
  title: 'Read an order',
  method: 'GET',
  path: '/orders/{id}',
  fields: [field('path', 'id', { style: 'simple' }), field('query', 'fields', { style: 'form', explode: true })],
  body: 'none',
  response: { type: 'object', properties: { id: { type: 'string' }, state: { type: 'string' } } },
};
const createOrder: JsonObject = {
  id: 'createOrder',
  title: 'Create an order',
  method: 'POST',
  path: '/orders',
  fields: [
    field('body', 'customer.name', { required: true }),
    field('body', 'count', { type: 'integer' }),
    field('body', 'lines', { type: 'json' }),
  ],
  body: 'json',
  contentType: 'application/json',
};
const server = 'https://shop.test/v1';

export const samples: readonly Sample[] = [
  {
    name: 'reads an order',
    config: { operation: readOrder, server, values: { 'path.id': '{{ trigger.text }}' } },
    input: { trigger: { text: 'A-1001' } },
    world: [{ request: 'GET https://shop.test/v1/orders/A-1001', status: 200, body: { id: 'A-1001', state: 'shipped' } }],
    expect: {
      port: 'ok',
      output: { status: 200, body: { id: 'A-1001', state: 'shipped' }, headers: { 'content-type': 'application/json' } },
    },
  },
  {
    name: 'keeps a customer’s text inside its piece of the address',
    config: { operation: readOrder, server, values: { 'path.id': '{{ trigger.text }}' } },
    input: { trigger: { text: '1/../../admin?x#y' } },
    world: [{ request: 'GET https://shop.test/v1/orders/1%2F..%2F..%2Fadmin%3Fx%23y', status: 404 }],
    expect: { port: 'refused' },
  },
  {
    name: 'creates an order from fields and a list',
    config: {
      operation: createOrder,
      server,
      values: {
        'body.customer.name': '{{ trigger.name }}',
        'body.count': '{{ trigger.count }}',
        'body.lines': { json: '[{"sku": "{{ trigger.sku }}"}]' },
      },
    },
    input: { trigger: { name: 'Ana "the kelp"', count: '2', sku: 'K-1' } },
    world: [{ request: 'POST https://shop.test/v1/orders', status: 201, body: { id: 'A-1002' } }],
    expect: { port: 'ok' },
  },
];
