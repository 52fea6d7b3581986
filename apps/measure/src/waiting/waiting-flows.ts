interface Step {
  id: string;
  type: string;
  config: object;
  /** The exit that leads to the next one. */
  port?: string;
}

/** A line of steps, each left by its own exit. */
export const flow = (name: string, steps: readonly Step[]): unknown => ({
  format: 'holdfast.flow/1',
  name,
  settings: { mergeBurst: '0ms' },
  nodes: steps.map(({ id, type, config }, index) => ({ id, type, config, typeVersion: 1, name: id, position: { x: index * 320, y: 0 } })),
  edges: steps
    .slice(1)
    .map(({ id }, index) => ({ id: `e${index}`, from: { node: steps[index]?.id, port: steps[index]?.port }, to: { node: id } })),
});

/** Asks everybody who writes, and answers what they say then. */
export const askingFlow = (): unknown =>
  flow('Waiting: asks', [
    { id: 'start', type: 'channel-trigger', config: { channels: ['any'] }, port: 'message' },
    { id: 'ask', type: 'ask', config: { question: 'Which order is it about?', timeout: '30d' }, port: 'answered' },
    { id: 'tell', type: 'send-message', config: { text: 'We look into {{ nodes.ask.text }}.' }, port: 'sent' },
    { id: 'end', type: 'end', config: {} },
  ]);

/** Does nothing until its time has come. */
export const timerFlow = (path: string, seconds: number): unknown =>
  flow('Waiting: timers', [
    { id: 'start', type: 'webhook-trigger', config: { path }, port: 'received' },
    { id: 'sleep', type: 'wait', config: { duration: `${seconds}s` }, port: 'done' },
    { id: 'end', type: 'end', config: {} },
  ]);
