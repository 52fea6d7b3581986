/** Answers every message once, after a step that thinks and a call that may be repeated. */
export function echoFlow(orders: string): unknown {
  const steps = [
    { id: 'start', type: 'channel-trigger', config: { channels: ['any'], chats: 'all' } },
    { id: 'note', type: 'set-data', config: { fields: [{ name: 'said', value: '{{ trigger.text }}' }] } },
    {
      id: 'lookup',
      type: 'api-call',
      config: { method: 'GET', url: `${orders}/orders`, query: { said: '{{ nodes.note.said }}' }, firstDelay: '200ms' },
    },
    { id: 'reply', type: 'send-message', config: { text: 'Echo {{ nodes.note.said }}' } },
    { id: 'done', type: 'end', config: {} },
  ];
  const ports = ['message', 'done', 'ok', 'sent'];
  return {
    format: 'holdfast.flow/1',
    name: 'Soak: one reply each',
    settings: { mergeBurst: '0ms' },
    nodes: steps.map((step, index) => ({ ...step, typeVersion: 1, name: step.id, position: { x: index * 320, y: 0 } })),
    edges: ports.map((port, index) => ({ id: `e${index}`, from: { node: steps[index]?.id, port }, to: { node: steps[index + 1]?.id } })),
  };
}
