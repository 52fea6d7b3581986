import type { FlowFile } from '@holdfast/graph';
import { describe, expect, test } from 'vitest';
import { createDocumentStore } from './document-store.ts';

const file: FlowFile = {
  format: 'holdfast.flow/1',
  name: 'Order status',
  description: '',
  settings: { mergeBurst: '1500ms', onExhausted: 'pause', maxSteps: 500, lane: 'auto' },
  nodes: [
    { id: 'start', type: 'channel-trigger', typeVersion: 1, name: 'Customer writes', config: {}, position: { x: 0, y: 0 } },
    { id: 'reply', type: 'send-message', typeVersion: 1, name: 'Reply', config: { text: '' }, position: { x: 320, y: 0 } },
  ],
  edges: [{ id: 'e1', from: { node: 'start', port: 'message' }, to: { node: 'reply' } }],
  notes: [],
};

function open() {
  let nowMs = 0;
  const store = createDocumentStore(file, { nowMs: () => nowMs });
  const type = (text: string, afterMs: number) => {
    nowMs += afterMs;
    store.getState().apply({ edit: 'configure', node: 'reply', config: { text } }, 'config:reply');
  };
  return { store, type, state: () => store.getState() };
}

describe('undo and redo', () => {
  test('takes an edit back and brings it again', () => {
    const { state } = open();
    state().apply({ edit: 'rename-node', node: 'reply', name: 'Answer' });
    state().undo();
    expect(state().file).toEqual(file);
    state().redo();
    expect(state().file.nodes[1]?.name).toBe('Answer');
  });

  test('takes back a word typed without a pause as one step', () => {
    const { state, type } = open();
    type('H', 0);
    type('He', 200);
    type('Hello', 200);
    expect(state().undoSteps).toHaveLength(1);
    state().undo();
    expect(state().file).toEqual(file);
    state().redo();
    expect(state().file.nodes[1]?.config).toEqual({ text: 'Hello' });
  });

  test('starts a new step after a pause in the typing', () => {
    const { state, type } = open();
    type('Hello', 0);
    type('Hello Ana', 5_000);
    state().undo();
    expect(state().file.nodes[1]?.config).toEqual({ text: 'Hello' });
  });

  test('brings back the connections of a removed step', () => {
    const { state } = open();
    state().apply({ edit: 'remove-node', node: 'reply' });
    expect(state().file.edges).toEqual([]);
    state().undo();
    expect(state().file).toEqual(file);
  });

  test('forgets what could be redone once something else is done', () => {
    const { state } = open();
    state().apply({ edit: 'rename-node', node: 'reply', name: 'Answer' });
    state().undo();
    state().apply({ edit: 'rename-flow', name: 'Orders' });
    state().redo();
    expect(state().file.name).toBe('Orders');
    expect(state().file.nodes[1]?.name).toBe('Reply');
  });
});

test('a replaced drawing can be undone as one step', () => {
  const { state } = open();
  const other: FlowFile = {
    ...file,
    name: 'Other',
    nodes: file.nodes.slice(0, 1),
    edges: [],
    notes: [{ id: 'n1', text: 'hi', position: { x: 0, y: 0 } }],
  };
  state().replace(other);
  expect(state().file).toEqual(other);
  state().undo();
  expect(state().file).toEqual(file);
});

test('a read-only document does not change', () => {
  const store = createDocumentStore(file, { isReadOnly: true });
  store.getState().apply({ edit: 'rename-flow', name: 'Other' });
  expect(store.getState().file).toBe(file);
});
