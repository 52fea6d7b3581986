import type { FlowFile } from '@holdfast/graph';
import { expect, test } from 'vitest';
import { connectedPorts, createEdgeDeriver, createNodeDeriver, type Overlay } from './derived-nodes.ts';

const node = (id: string, x: number) => ({ id, type: 'wait', typeVersion: 1, name: id, config: {}, position: { x, y: 0 } });
const file: FlowFile = {
  format: 'holdfast.flow/1',
  name: 'F',
  description: '',
  settings: { mergeBurst: '1500ms', onExhausted: 'pause', maxSteps: 500, lane: 'auto' },
  nodes: Array.from({ length: 300 }, (_, index) => node(`n${index}`, index * 300)),
  edges: [
    { id: 'e1', from: { node: 'n0', port: 'done' }, to: { node: 'n1' } },
    { id: 'e2', from: { node: 'n0', port: 'late' }, to: { node: 'n2' } },
  ],
  notes: [],
};
const still: Overlay = { selected: new Set(), dragged: new Map(), measured: new Map() };

test('dragging one of 300 cards makes one new node', () => {
  const derive = createNodeDeriver();
  const before = derive(file, still);
  const after = derive(file, { ...still, dragged: new Map([['n7', { x: 1, y: 1 }]]) });
  expect(after.filter((item, index) => item !== before[index]).map((item) => item.id)).toEqual(['n7']);
});

test('configuring a step keeps the identity of all others', () => {
  const derive = createNodeDeriver();
  const before = derive(file, still);
  const changed = { ...file, nodes: file.nodes.with(3, { ...node('n3', 900), config: { duration: '1h' } }) };
  expect(derive(changed, still).filter((item, index) => item !== before[index])).toHaveLength(1);
});

test('selecting touches the two cards that change', () => {
  const derive = createNodeDeriver();
  const before = derive(file, { ...still, selected: new Set(['n1']) });
  const after = derive(file, { ...still, selected: new Set(['n2']) });
  expect(after.filter((item, index) => item !== before[index]).map((item) => item.id)).toEqual(['n1', 'n2']);
});

test('connections keep their identity until they are selected', () => {
  const derive = createEdgeDeriver();
  const [first, second] = derive(file, new Set(), new Map());
  const [again, selected] = derive(file, new Set(['e2']), new Map());
  expect(again).toBe(first);
  expect(selected).not.toBe(second);
});

test('the connected ports of a step are one comparable text', () => {
  expect(connectedPorts(file, 'n0')).toBe('|done|late|');
  expect(connectedPorts(file, 'n5')).toBe('|');
});
