/**
 * What the express soak runs: a call that may be repeated, one that must not be, one under an idempotency key, and for the orders
 * that say so a wait, so that some runs are handed over.
 */
export function expressFlow({ path, respond, shop }: { path: string; respond: 'now' | 'result'; shop: string }): unknown {
  const post = (to: string) => ({
    method: 'POST',
    url: `${shop}/${to}`,
    bodyKind: 'json',
    body: '{"order": {{ trigger.body.order | json }}}',
    firstDelay: '200ms',
    maxDelay: '5s',
    attempts: 20,
  });
  const steps = [
    { id: 'start', type: 'webhook-trigger', config: { path, respond, timeout: '20s' } },
    {
      id: 'lookup',
      type: 'api-call',
      config: { method: 'GET', url: `${shop}/orders`, query: { order: '{{ trigger.body.order }}' }, firstDelay: '200ms', attempts: 20 },
    },
    { id: 'note', type: 'api-call', config: post('notes') },
    {
      id: 'slow',
      type: 'condition',
      config: { cases: [{ id: 'yes', name: 'Yes', when: { all: [{ field: 'trigger.body.waits', operator: 'is', value: 'yes' }] } }] },
    },
    { id: 'later', type: 'wait', config: { duration: '3s' } },
    { id: 'pay', type: 'api-call', config: { ...post('payments'), idempotencyHeader: 'Idempotency-Key' } },
    { id: 'done', type: 'end', config: { result: 'text', text: '{{ nodes.pay.body.paid }}' } },
  ];
  const ways: [string, string, string][] = [
    ['start', 'received', 'lookup'],
    ['lookup', 'ok', 'note'],
    ['note', 'ok', 'slow'],
    ['slow', 'yes', 'later'],
    ['slow', 'otherwise', 'pay'],
    ['later', 'done', 'pay'],
    ['pay', 'ok', 'done'],
  ];
  return {
    format: 'holdfast.flow/1',
    name: `Soak: ${path}`,
    nodes: steps.map((step, index) => ({ ...step, typeVersion: 1, name: step.id, position: { x: index * 320, y: 0 } })),
    edges: ways.map(([node, port, to], index) => ({ id: `e${index}`, from: { node, port }, to: { node: to } })),
  };
}
