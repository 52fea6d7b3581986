import type { FlowFile } from '@holdfast/graph';
import { catalog } from '@holdfast/nodes/catalog';
import { expect, test } from 'vitest';
import { createDocumentStore } from '../document/document-store.ts';
import { buildNewStep } from './add-step.ts';

const empty: FlowFile = {
  format: 'holdfast.flow/1',
  name: 'Orders',
  description: '',
  settings: { mergeBurst: '1500ms', onExhausted: 'pause', maxSteps: 500, lane: 'auto' },
  nodes: [],
  edges: [],
  notes: [],
};

test('each webhook that is added comes with an address of its own', () => {
  const store = createDocumentStore(empty);
  const definition = catalog['webhook-trigger'];
  if (!definition) throw new Error('There is no webhook.');
  for (const x of [0, 400])
    store.getState().apply(buildNewStep(store.getState().file, { definition, title: 'Webhook', position: { x, y: 0 }, from: null }).edit);
  const paths = store.getState().file.nodes.map(({ config }) => config['path']);
  expect(paths).toEqual([expect.stringMatching(/^flow-[a-z2-9]{10}$/), expect.stringMatching(/^flow-[a-z2-9]{10}$/)]);
  expect(new Set(paths).size).toBe(2);
});
