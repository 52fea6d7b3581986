import { flowFromText } from '@holdfast/test-kit/flows';
import { expect, test } from 'vitest';
import { diffFlows } from './diff-flows.ts';

const before = flowFromText('start:begin.out -> a:choose.left -> b:choose', { names: { a: 'Which?', b: 'Reply' } });

test('tells in sentences what a new version changes for customers', () => {
  const after = flowFromText('start:begin.out -> a:choose.left -> c:call\na.right -> c', {
    names: { a: 'Which one?', c: 'Call' },
    configs: { a: { text: 'x' } },
    name: 'Orders',
    settings: { maxSteps: 9, onExhausted: 'end' },
  });
  expect(diffFlows(before, after, {})).toEqual([
    { kind: 'changed', node: 'a', text: '"Which?" is now called "Which one?".' },
    { kind: 'changed', node: 'a', text: '"Which one?" has other settings: text.' },
    { kind: 'added', node: 'c', text: '"Call" is new.' },
    { kind: 'removed', node: 'b', text: '"Reply" is gone.' },
    { kind: 'connections', node: 'a', text: '"Which one?" leads now to "Call" (left).' },
    { kind: 'connections', node: 'a', text: '"Which one?" leads now to "Call" (right).' },
    { kind: 'connections', node: 'a', text: '"Which one?" no longer leads to "Reply" (left).' },
    { kind: 'settings', text: 'The flow is now called "Orders".' },
    { kind: 'settings', text: 'When a step gives up, the run ends.' },
    { kind: 'settings', text: 'A run may take 9 steps (was 500).' },
  ]);
});

test('says nothing of positions, notes, the order of keys or new names of connections', () => {
  const after = structuredClone(before);
  after.nodes[1]!.position = { x: 5, y: 5 };
  after.notes.push({ id: 'n', text: 'hm', position: { x: 0, y: 0 } });
  after.edges[0]!.id = 'other';
  expect(diffFlows(before, after, {})).toEqual([]);
});
