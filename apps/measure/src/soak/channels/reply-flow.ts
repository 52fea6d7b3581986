/** Answers with what was written; `burst` is how long it waits for more of it. */
export function replyFlow(name: string, burst: string): unknown {
  const steps = [
    { id: 'start', type: 'channel-trigger', config: { channels: ['any'], chats: 'all' } },
    { id: 'reply', type: 'send-message', config: { text: 'Echo {{ trigger.text }}' } },
  ];
  return {
    format: 'holdfast.flow/1',
    name,
    settings: { mergeBurst: burst },
    nodes: steps.map((step, index) => ({ ...step, typeVersion: 1, name: step.id, position: { x: index * 320, y: 0 } })),
    edges: [{ id: 'e0', from: { node: 'start', port: 'message' }, to: { node: 'reply' } }],
  };
}
