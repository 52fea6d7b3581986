import type { Sample } from '@holdfast/node-kit';

const call = (body: Record<string, string | number>, headers: Record<string, string> = {}) => ({
  trigger: { method: 'POST', headers, query: {}, body },
});

export const samples: readonly Sample[] = [
  {
    name: 'starts with what the caller sent',
    config: { path: 'new-order-7f3k2' },
    input: call({ order: 'A-1001', total: 42.5 }),
    expect: { port: 'received' },
  },
  {
    name: 'answers with the result of the run',
    config: { path: 'price-check', respond: 'result', timeout: '5s' },
    input: call({ sku: 'KELP-1' }),
    expect: { port: 'received' },
  },
  {
    name: 'takes only what is signed the way GitHub does it',
    config: {
      path: 'github-push-9d2k',
      proof: 'hmac',
      credential: 'cred_github',
      signatureHeader: 'x-hub-signature-256',
      prefix: 'sha256=',
      messageId: 'x-github-delivery',
    },
    input: call({ ref: 'refs/heads/main' }, { 'x-github-event': 'push' }),
    expect: { port: 'received' },
  },
  {
    name: 'answers with a text of its own',
    config: { path: 'stock-of-3k9d', respond: 'template', answer: '{ "left": {{ nodes.stock.body.left }} }' },
    input: call({ sku: 'KELP-1' }),
    expect: { port: 'received' },
  },
];
