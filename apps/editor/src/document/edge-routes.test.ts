import type { FlowFile } from '@holdfast/graph';
import { expect, test } from 'vitest';
import { edgeRoutes } from './edge-routes.ts';

const node = (id: string, x: number, y: number) => ({ id, type: 'wait', typeVersion: 1, name: id, config: {}, position: { x, y } });
const flow = (nodes: FlowFile['nodes']): FlowFile => ({
  format: 'holdfast.flow/1',
  name: 'F',
  description: '',
  settings: { mergeBurst: '1500ms', onExhausted: 'pause', maxSteps: 500, lane: 'auto' },
  nodes,
  edges: [{ id: 'e1', from: { node: 'a', port: 'done' }, to: { node: 'c' } }],
  notes: [],
});
const routesOf = (file: FlowFile) =>
  edgeRoutes(
    file,
    (id) => ({ ...(file.nodes.find((item) => item.id === id)?.position ?? { x: 0, y: 0 }), width: 240, height: 100 }),
    () => 18,
  );

test('a short or free connection turns in the middle', () => {
  expect(routesOf(flow([node('a', 0, 0), node('c', 320, 200)])).size).toBe(0);
  expect(routesOf(flow([node('a', 0, 0), node('c', 640, 200)])).size).toBe(0);
});

test('a connection turns before or behind the card that stands in its middle', () => {
  const file = flow([node('a', 0, 0), node('b', 320, 60), node('c', 640, 200)]);
  expect(routesOf(file).get('e1')).toBe(276);
});
