import type { FlowFile } from '@holdfast/graph';
import { expect, test } from 'vitest';
import { layoutFlow } from './layout.ts';

const node = (id: string) => ({ id, type: 'x', typeVersion: 1, name: id, config: {}, position: { x: 0, y: 0 } });
const edge = (id: string, from: string, port: string, to: string) => ({ id, from: { node: from, port }, to: { node: to } });

test('steps are laid out from left to right and none lies on another', async () => {
  const file: FlowFile = {
    format: 'holdfast.flow/1',
    name: 'F',
    description: '',
    settings: { mergeBurst: '1500ms', onExhausted: 'pause', maxSteps: 500, lane: 'auto' },
    nodes: ['start', 'match', 'first', 'second', 'end'].map(node),
    edges: [
      edge('e1', 'start', 'out', 'match'),
      edge('e2', 'match', 'a', 'first'),
      edge('e3', 'match', 'b', 'second'),
      edge('e4', 'first', 'out', 'end'),
      edge('e5', 'second', 'out', 'end'),
      edge('e6', 'second', 'again', 'match'),
    ],
    notes: [],
  };
  const ports: Record<string, string[]> = { start: ['out'], match: ['a', 'b'], first: ['out'], second: ['out', 'again'], end: [] };
  const at = await layoutFlow(file, new Map(file.nodes.map(({ id }) => [id, { width: 240, height: 120 }])), (id) => ports[id] ?? []);
  const [start, match, first, second, end] = ['start', 'match', 'first', 'second', 'end'].map(
    (id) => at[id] ?? { x: Number.NaN, y: Number.NaN },
  );
  expect(start && match && first && end && start.x + 240 < match.x && match.x + 240 < first.x && first.x + 240 < end.x).toBe(true);
  expect(first && second && Math.abs(first.y - second.y) >= 120).toBe(true);
});
