export type Lane = 'express' | 'temporal';

export interface ReferenceFlow {
  /** Of its webhook. */
  path: string;
  /** Address of the service that it calls. */
  target: string;
  lane: Lane;
  /** Whether the caller waits for the result. */
  respond?: 'now' | 'result';
}

/**
 * The flow that every figure of `bench` is about: webhook (answers with the result) → set → condition → GET → set → POST that
 * is not idempotent. Pure steps, a call that may be repeated and one that must not be.
 */
export function referenceFlow({ path, target, lane, respond = 'result' }: ReferenceFlow): unknown {
  const steps = [
    { id: 'start', type: 'webhook-trigger', config: { path, respond, timeout: '60s' } },
    {
      id: 'order',
      type: 'set-data',
      config: {
        fields: [
          { name: 'number', value: '{{ trigger.body.order }}' },
          { name: 'total', value: '{{ trigger.body.total }}' },
        ],
      },
    },
    {
      id: 'large',
      type: 'condition',
      config: { cases: [{ id: 'yes', name: 'Yes', when: { all: [{ field: 'nodes.order.total', operator: 'greater', value: 10 }] } }] },
    },
    { id: 'lookup', type: 'api-call', config: { method: 'GET', url: `${target}/orders/{{ nodes.order.number | url_encode }}` } },
    { id: 'note', type: 'set-data', config: { fields: [{ name: 'status', value: '{{ nodes.lookup.body.status }}' }] } },
    {
      id: 'confirm',
      type: 'api-call',
      config: {
        method: 'POST',
        url: `${target}/confirmations`,
        bodyKind: 'json',
        body: '{"order": {{ nodes.order.number | json }}, "status": {{ nodes.note.status | json }}}',
      },
    },
    { id: 'answer', type: 'end', config: { result: 'fields', fields: [{ name: 'confirmation', value: '{{ nodes.confirm.body.id }}' }] } },
  ];
  const ports = ['received', 'done', 'yes', 'ok', 'done', 'ok'];
  return {
    format: 'holdfast.flow/1',
    name: `Reference flow, ${path}`,
    settings: { lane },
    nodes: steps.map((step, index) => ({ ...step, typeVersion: 1, name: step.id, position: { x: index * 320, y: 0 } })),
    edges: ports.map((port, index) => ({ id: `e${index}`, from: { node: steps[index]?.id, port }, to: { node: steps[index + 1]?.id } })),
  };
}
