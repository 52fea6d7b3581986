import { listFlowViews } from '@holdfast/db';
import type { ExpectedActivity } from '@holdfast/node-kit';
import { testDatabase, type TestDatabase } from '@holdfast/test-kit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { checkActivity } from './check-activity.ts';
import { testWorld, type TestWorld } from './test/test-world.ts';

let database: TestDatabase;
let world: TestWorld;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await world.close();
  await database.close();
});
beforeEach(async () => {
  world = await testWorld({ database });
});

const workdays: ExpectedActivity = {
  atLeast: 2,
  from: '08:00',
  to: '18:00',
  days: ['mon', 'tue', 'wed', 'thu', 'fri'],
  timezone: 'Europe/Madrid',
};
let published = 0;
const publish = (expects: ExpectedActivity = workdays) =>
  world.publish('start:webhook-trigger.received -> done:end', { configs: { start: { path: `orders-${++published}-x`, expects } } });
const check = (at: string) => checkActivity(world.deps, new Date(at));
const alerts = async () =>
  (await world.pool.query<{ title: string; detail: string }>('select title, detail from alerts order by at, id')).rows;
const silence = async () => (await listFlowViews(world.pool, world.workspaceId))[0]?.silence ?? null;

let heard = 0;
async function hear(flow: { flowId: string; versionId: string }, at: string, source = 'webhook'): Promise<void> {
  await world.pool.query(
    `insert into runs (id, workspace_id, flow_id, version_id, trigger_node_id, status, lane, source, input, started_at) values ($1, $2, $3, $4, 'start', 'ended', 'ended', $5, '{}', $6)`,
    [`run_heard_${++heard}`, world.workspaceId, flow.flowId, flow.versionId, source, at],
  );
}

test('a window with too little is told once, with when something was last heard, and shows on the flow until something comes', async () => {
  const flow = await publish();
  await check('2026-11-22T10:00:00Z'); // Sunday
  await hear(flow, '2026-11-23T09:00:00Z');
  await hear(flow, '2026-11-23T09:30:00Z', 'manual');
  await check('2026-11-23T16:59:00Z');
  expect(await alerts()).toEqual([]);
  for (const at of ['2026-11-23T17:01:00Z', '2026-11-23T17:02:00Z', '2026-11-24T06:00:00Z'])
    await Promise.all([check(at), check(at), check(at)]);
  expect(await alerts()).toMatchObject([
    { title: '"Test flow" heard too little', detail: expect.stringMatching(/only 1 came\. The last one came on Mon,? 23 Nov.*10:00/) },
  ]);
  expect(await silence()).toMatchObject({ node: 'start', atLeast: 2, came: 1, until: '2026-11-23T17:00:00.000Z' });
  await hear(flow, '2026-11-24T08:00:00Z');
  expect(await silence()).toBeNull();
  await hear(flow, '2026-11-24T09:00:00Z');
  await check('2026-11-24T17:01:00Z');
  expect(await alerts()).toHaveLength(1);
});

test('what was published, resumed or changed within a window is judged from the next on; a paused flow is silent rightly', async () => {
  const flow = await publish();
  await check('2026-11-23T12:00:00Z');
  await check('2026-11-23T17:05:00Z');
  expect(await alerts()).toEqual([]);
  await world.pool.query('update flows set paused_at = now() where id = $1', [flow.flowId]);
  await check('2026-11-24T12:00:00Z');
  await world.pool.query('update flows set paused_at = null where id = $1', [flow.flowId]);
  await check('2026-11-24T12:05:00Z');
  await check('2026-11-24T17:05:00Z');
  expect(await alerts()).toEqual([]);
  await check('2026-11-25T17:05:00Z');
  expect(await alerts()).toMatchObject([{ title: '"Test flow" heard nothing', detail: expect.stringContaining('None ever came.') }]);
});

test('after days without Holdfast people hear of the last window only', async () => {
  await publish();
  await check('2026-11-22T10:00:00Z');
  await check('2026-11-27T18:00:00Z');
  await check('2026-11-27T18:01:00Z');
  expect(await alerts()).toMatchObject([{ detail: expect.stringContaining('27 Nov') }]);
});
