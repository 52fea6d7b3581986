import type { Sample } from '@holdfast/node-kit';

export const samples: readonly Sample[] = [
  {
    name: 'reads an order',
    config: { url: 'https://shop.test/orders/{{ trigger.text }}' },
    input: { trigger: { text: 'A-1001' } },
    world: [{ request: 'GET https://shop.test/orders/A-1001', status: 200, body: { id: 'A-1001', status: 'shipped' } }],
    expect: {
      port: 'ok',
      output: { status: 200, body: { id: 'A-1001', status: 'shipped' }, headers: { 'content-type': 'application/json' } },
    },
  },
  {
    name: 'leaves by refused when the order is unknown',
    config: { url: 'https://shop.test/orders/{{ trigger.text }}' },
    input: { trigger: { text: '404' } },
    world: [{ request: 'GET https://shop.test/orders/404', status: 404, body: { error: 'unknown order' } }],
    expect: { port: 'refused' },
  },
  {
    name: 'sends JSON',
    config: { method: 'POST', url: 'https://shop.test/tickets', bodyKind: 'json', body: '{"text": "{{ trigger.text }}"}' },
    input: { trigger: { text: 'It said "broken"' } },
    world: [{ request: 'POST https://shop.test/tickets', status: 201, body: { ticket: 7 } }],
    expect: { port: 'ok' },
  },
];
