/** Choices, a question with an answer of its own kind, a picture, a person, and choices again: what every channel must carry. */
export function supportFlow(fileId: string): unknown {
  const steps = [
    { id: 'start', type: 'channel-trigger', config: { channels: ['any'], chats: 'all' } },
    {
      id: 'topic',
      type: 'ask',
      config: {
        question: 'Hello! What is it about?',
        expects: 'choice',
        branch: true,
        choices: [
          { id: 'order', label: 'My order' },
          { id: 'hours', label: 'Opening hours' },
        ],
      },
    },
    { id: 'number', type: 'ask', config: { question: 'What is your order number?', expects: 'order-id' } },
    {
      id: 'shown',
      type: 'send-message',
      config: { text: 'Order {{ nodes.number.value }} left today.', files: [{ fileId, kind: 'image', name: 'parcel.png' }] },
    },
    {
      id: 'more',
      type: 'ask',
      config: {
        question: 'Anything else?',
        expects: 'choice',
        branch: true,
        choices: [
          { id: 'no', label: 'No, thanks' },
          { id: 'person', label: 'Talk to a person' },
        ],
      },
    },
    { id: 'handoff', type: 'human-handoff', config: { message: 'One moment, a colleague comes.', reason: 'Asked for a person' } },
    { id: 'bye', type: 'send-message', config: { text: 'Thank you, and goodbye.' } },
  ];
  const edges = [
    ['start', 'message', 'topic'],
    ['topic', 'order', 'number'],
    ['number', 'answered', 'shown'],
    ['shown', 'sent', 'more'],
    ['more', 'no', 'bye'],
    ['more', 'person', 'handoff'],
    ['handoff', 'returned', 'bye'],
  ];
  return {
    format: 'holdfast.flow/1',
    name: 'Five channels',
    settings: { mergeBurst: '0ms' },
    nodes: steps.map((step, index) => ({ ...step, typeVersion: 1, name: step.id, position: { x: index * 320, y: 0 } })),
    edges: edges.map(([node, port, to], index) => ({ id: `e${index}`, from: { node, port }, to: { node: to } })),
  };
}
