/** A service as its maker describes it, with one operation. */
export const parcelService = (url: string): object => ({
  openapi: '3.0.3',
  info: { title: 'Parcel tracking', version: '1' },
  servers: [{ url }],
  paths: {
    '/parcels/{code}': {
      get: {
        operationId: 'track',
        summary: 'Where is a parcel',
        parameters: [{ name: 'code', in: 'path', required: true, schema: { type: 'string' } }],
        responses: {
          200: {
            description: 'Its place',
            content: {
              'application/json': { schema: { type: 'object', properties: { place: { type: 'string', example: 'on its way' } } } },
            },
          },
        },
      },
    },
  },
});

/** Each call books an invoice; a currency that the books don't know stops it. */
export const invoiceFlow = (url: string): object => {
  const book = {
    method: 'POST',
    url: `${url}/invoices`,
    bodyKind: 'json',
    body: '{"number": "{{ trigger.body.number }}", "currency": "{{ trigger.body.currency }}"}',
    idempotencyHeader: 'Idempotency-Key',
    attempts: 1,
  };
  const steps = [
    { id: 'start', type: 'webhook-trigger', name: 'An order is paid', config: { path: 'invoices' } },
    { id: 'book', type: 'api-call', name: 'Book it', config: book },
    { id: 'end', type: 'end', name: 'Booked', config: {} },
  ];
  return {
    format: 'holdfast.flow/1',
    name: 'Invoices',
    settings: {},
    nodes: steps.map((step, index) => ({ ...step, typeVersion: 1, position: { x: index * 320, y: 0 } })),
    edges: [
      { id: 'e1', from: { node: 'start', port: 'received' }, to: { node: 'book' } },
      { id: 'e2', from: { node: 'book', port: 'ok' }, to: { node: 'end' } },
    ],
  };
};
