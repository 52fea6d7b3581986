import type { JsonObject, Sample } from '@holdfast/node-kit';

const ns = 'urn:erp.test:orders';
const part = (name: string, is: string | number, more: JsonObject = {}): JsonObject => ({ name, ns, is, required: true, ...more });
const field = (name: string, type: string): JsonObject => ({ name, title: name, type, required: true, keys: name.split('.') });

const createOrder: JsonObject = {
  id: 'Orders.CreateOrder',
  title: 'CreateOrder',
  version: '1.1',
  action: 'urn:erp.test:orders/CreateOrder',
  address: 'https://erp.test/orders',
  input: part('CreateOrder', 0),
  output: part('CreateOrderResponse', 2),
  oneWay: false,
  faults: [{ name: 'Refusal', ns }],
  types: [
    { parts: [part('customer', 'text'), part('line', 1, { many: true })] },
    { parts: [part('sku', 'text'), part('quantity', 'integer')] },
    { parts: [part('number', 'text'), part('total', 'decimal')] },
  ],
  fields: [field('customer', 'text'), field('line', 'json')],
};
const values = { customer: '{{ trigger.customer }}', line: { json: '[{"sku": "{{ trigger.sku }}", "quantity": {{ trigger.count }}}]' } };
const trigger = { customer: 'K-7', sku: 'A&B', count: 2 };

const envelope = (body: string): string =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`;
const headers = { 'content-type': 'text/xml; charset=utf-8' };
const request = 'POST https://erp.test/orders';

export const samples: readonly Sample[] = [
  {
    name: 'makes an order and reads its number',
    config: { operation: createOrder, values },
    input: { trigger },
    world: [
      {
        request,
        status: 200,
        headers,
        body: envelope(`<CreateOrderResponse xmlns="${ns}"><number>E-1001</number><total>12.50</total></CreateOrderResponse>`),
      },
    ],
    expect: { port: 'ok', output: { result: { number: 'E-1001', total: 12.5 }, fault: null } },
  },
  {
    name: 'leaves by refused when the service says what is wrong with the order',
    config: { operation: createOrder, values },
    input: { trigger },
    world: [
      {
        request,
        status: 500,
        headers,
        body: envelope(
          `<s:Fault><faultcode>s:Client</faultcode><faultstring>Unknown SKU</faultstring><detail><Refusal xmlns="${ns}"><sku>A&amp;B</sku></Refusal></detail></s:Fault>`,
        ),
      },
    ],
    expect: {
      port: 'refused',
      output: { result: null, fault: { code: 'Client', subcode: '', reason: 'Unknown SKU', detail: { Refusal: { sku: 'A&B' } } } },
    },
  },
];
