import { applyEdit, type FlowFile } from '@holdfast/graph';
import { expect, test } from 'vitest';
import { copyFragment, parseFragment, pasteFragment } from './clipboard.ts';

const file: FlowFile = {
  format: 'holdfast.flow/1',
  name: 'F',
  description: '',
  settings: { mergeBurst: '1500ms', onExhausted: 'pause', maxSteps: 500, lane: 'auto' },
  nodes: [
    { id: 'lookup', type: 'api-call', typeVersion: 1, name: 'Look up', config: { url: 'https://x.test' }, position: { x: 100, y: 40 } },
    {
      id: 'reply',
      type: 'send-message',
      typeVersion: 1,
      name: 'Reply',
      config: { text: 'It is {{ nodes.lookup.body.status }}' },
      position: { x: 420, y: 40 },
    },
  ],
  edges: [{ id: 'e1', from: { node: 'lookup', port: 'ok' }, to: { node: 'reply' } }],
  notes: [{ id: 'note1', text: 'Hi', position: { x: 0, y: 0 } }],
};

test('what is copied can be read back from the clipboard', () => {
  const fragment = copyFragment(file, new Set(['lookup', 'reply', 'note1']));
  expect(parseFragment(JSON.stringify(fragment))).toEqual(fragment);
  expect(parseFragment('Where is my order?')).toBeNull();
  expect(copyFragment(file, new Set())).toBeNull();
});

test('copies have new ids, free names, their connections, and read from each other', () => {
  const fragment = copyFragment(file, new Set(['lookup', 'reply']));
  if (!fragment) throw new Error('Nothing was copied.');
  const { edit, ids } = pasteFragment(file, fragment, { x: 0, y: 0 });
  const after = applyEdit(file, edit).file;
  expect(ids).toEqual(['api_call', 'send_message']);
  expect(after.nodes.slice(2)).toMatchObject([
    { id: 'api_call', name: 'Look up 2', position: { x: 0, y: 0 } },
    { id: 'send_message', name: 'Reply 2', config: { text: 'It is {{ nodes.api_call.body.status }}' }, position: { x: 320, y: 0 } },
  ]);
  expect(after.edges[1]).toMatchObject({ from: { node: 'api_call', port: 'ok' }, to: { node: 'send_message' } });
});

test('a step copied without its source keeps reading the original', () => {
  const fragment = copyFragment(file, new Set(['reply']));
  if (!fragment) throw new Error('Nothing was copied.');
  const after = applyEdit(file, pasteFragment(file, fragment, { x: 0, y: 0 }).edit).file;
  expect(after.nodes[2]?.config).toEqual({ text: 'It is {{ nodes.lookup.body.status }}' });
});

test('a whole flow file can be pasted too', () => {
  expect(parseFragment(JSON.stringify(file))?.nodes).toHaveLength(2);
});
