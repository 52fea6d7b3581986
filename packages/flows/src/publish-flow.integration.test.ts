import { insertWorkspace, newId, transaction } from '@holdfast/db';
import type { FlowFile } from '@holdfast/graph';
import { catalog } from '@holdfast/nodes/catalog';
import { testDatabase, type TestDatabase } from '@holdfast/test-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFlow, emptyFlow } from './create-flow.ts';
import { publishFlow } from './publish-flow.ts';

let database: TestDatabase;
const workspaceId = newId('workspace');
beforeAll(async () => {
  database = await testDatabase();
  await insertWorkspace(database.pool, { id: workspaceId, name: 'Kelp' });
});
afterAll(() => database.close());

const position = { x: 0, y: 0 };
const hook = (path: string): FlowFile => ({
  ...emptyFlow(`Hook ${path}`),
  nodes: [
    { id: 'start', type: 'webhook-trigger', typeVersion: 1, name: 'Called', config: { path }, position },
    { id: 'end', type: 'end', typeVersion: 1, name: 'End', config: {}, position },
  ],
  edges: [{ id: 'e1', from: { node: 'start', port: 'received' }, to: { node: 'end' } }],
});

const make = async (file: FlowFile) => (await createFlow(database.pool, { workspaceId, file, by: null })).id;
const publish = (flowId: string) =>
  transaction(database.pool, (client) => publishFlow(client, { workspaceId, flowId, note: '', by: null, catalog }));

describe('publishing', () => {
  test('ten times at once makes one version', async () => {
    const flow = await make(hook('ten-at-once'));
    const published = await Promise.all(Array.from({ length: 10 }, () => publish(flow)));
    expect(new Set(published.map((each) => each.version)).size).toBe(1);
    expect(new Set(published.map((each) => each.number))).toEqual(new Set([1]));
    const triggers = await database.pool.query('select path, config, source from triggers where flow_id = $1', [flow]);
    expect(triggers.rows).toEqual([
      { path: 'ten-at-once', source: 'webhook', config: expect.objectContaining({ path: 'ten-at-once', respond: 'now' }) },
    ]);
  });

  test('of two flows with one address lets one of them have it, even at once', async () => {
    const flows = [await make(hook('wanted-twice')), await make(hook('wanted-twice'))];
    const outcomes = await Promise.allSettled(flows.map((flow) => publish(flow)));
    expect(outcomes.map((outcome) => outcome.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find((outcome) => outcome.status === 'rejected')?.reason).toMatchObject({ code: 'resource.conflict', path: 'path' });
  });

  test('of one flow with the same address twice is refused', async () => {
    const file = hook('same-twice');
    const flow = await make({
      ...file,
      nodes: [
        ...file.nodes,
        { id: 'again', type: 'webhook-trigger', typeVersion: 1, name: 'Again', config: { path: 'same-twice' }, position },
      ],
      edges: [...file.edges, { id: 'e2', from: { node: 'again', port: 'received' }, to: { node: 'end' } }],
    });
    await expect(publish(flow)).rejects.toMatchObject({ code: 'resource.conflict' });
  });
});
