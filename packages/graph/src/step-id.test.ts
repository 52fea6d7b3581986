import { expect, test } from 'vitest';
import { joinStepId, jumpStepId, rootStepId, stepId } from './step-id.ts';

test('step ids are what they were: open runs and the ledger of effects depend on them', () => {
  const root = rootStepId('run_1');
  expect([root, stepId(root, 'e1'), joinStepId('both', 1, root), jumpStepId('run_1', 1)]).toEqual([
    'step_7c7dd8bc7014cda72dc48e682798d902',
    'step_ec07156f60cebd5b3e0f61ddc06e6233',
    'step_6906972f8a01aafa19c954f5118235df',
    'step_140b2842e038015856c7fc717600716d',
  ]);
});

test('another way, generation, fork or lineage is another step', () => {
  const root = rootStepId('run_1');
  const ids = [
    root,
    rootStepId('run_2'),
    stepId(root, 'e1'),
    stepId(root, 'e2'),
    joinStepId('j', 1, root),
    joinStepId('j', 2, root),
    joinStepId('j', 1, stepId(root, 'e1')),
    jumpStepId('run_1', 1),
    jumpStepId('run_1', 2),
  ];
  expect(new Set(ids).size).toBe(ids.length);
});
