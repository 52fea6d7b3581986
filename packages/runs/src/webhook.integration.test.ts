import { afterAll, beforeAll, expect, test } from 'vitest';
import { createResultWaiters } from './await-result.ts';
import { ingestWebhook } from './test/ingest-webhook.ts';
import { testWorld, type TestWorld } from './test/test-world.ts';
import { tryStep } from './try-step.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await testWorld();
});
afterAll(() => world.close());

const call = (path: string, more: object = {}) => ({ path, method: 'POST', headers: {}, query: {}, body: { order: 'A-1' }, ...more });

test('a webhook’s run gets what the caller sent, and its result reaches whoever waits', async () => {
  await world.publish('start:webhook-trigger.received -> done:end', {
    configs: { start: { path: 'result-test', respond: 'result' }, done: { result: 'text', text: 'Order {{ trigger.body.order }}' } },
  });
  const { runId, config } = await ingestWebhook(world.deps, call('result-test'));
  expect(config).toMatchObject({ respond: 'result', timeout: '20s', status: 200 });
  // The bell brings it: looking in the database would find nothing.
  const blind = new Proxy(world.pool, {
    get: (target, name) => (name === 'query' ? async () => ({ rows: [] }) : Reflect.get(target, name)),
  });
  const waiters = createResultWaiters(blind);
  Object.assign(world.deps.bell, { ended: waiters.ended });
  const result = waiters.awaitResult(runId, 60_000);
  await world.stretch(runId);
  expect(await result).toEqual({ state: 'ended', outcome: 'done', result: 'Order A-1' });
});

test('whoever waits too long is told that it is still running', async () => {
  await world.publish('start:webhook-trigger.received -> done:end', { configs: { start: { path: 'late-test' } } });
  const { runId } = await ingestWebhook(world.deps, call('late-test'));
  expect(await createResultWaiters(world.pool).awaitResult(runId, 50)).toEqual({ state: 'running' });
});

test('unknown paths, paused flows and other methods are told apart', async () => {
  const { flowId } = await world.publish('start:webhook-trigger.received -> done:end', { configs: { start: { path: 'strict-test' } } });
  await expect(ingestWebhook(world.deps, call('nowhere'))).rejects.toMatchObject({ code: 'resource.missing' });
  await expect(ingestWebhook(world.deps, call('strict-test', { method: 'GET' }))).rejects.toMatchObject({ code: 'request.invalid' });
  await world.pool.query('update flows set paused_at = now() where id = $1', [flowId]);
  await expect(ingestWebhook(world.deps, call('strict-test'))).rejects.toMatchObject({ code: 'flow.not-live' });
});

test('a path that was called before starts nothing any more once its flow is paused, and the new version once that is published', async () => {
  const { flowId, versionId, file } = await world.publish('start:webhook-trigger.received -> done:end', {
    configs: { start: { path: 'moving-test' } },
  });
  const versionOf = async () => {
    const { runId } = await ingestWebhook(world.deps, call('moving-test'));
    return (await world.pool.query('select version_id from runs where id = $1', [runId])).rows[0].version_id;
  };
  expect(await versionOf()).toBe(versionId);
  expect(await versionOf()).toBe(versionId);
  await world.pool.query('update flows set paused_at = now() where id = $1', [flowId]);
  await expect(ingestWebhook(world.deps, call('moving-test'))).rejects.toMatchObject({ code: 'flow.not-live' });
  await world.pool.query(`insert into versions (flow_id, id, workspace_id, number, file) values ($1, 'v2', $2, 2, $3)`, [
    flowId,
    world.workspaceId,
    JSON.stringify(file),
  ]);
  await world.pool.query(`update triggers set version_id = 'v2', config = config || '{"method": "PUT"}' where flow_id = $1`, [flowId]);
  await world.pool.query('update flows set paused_at = null where id = $1', [flowId]);
  await expect(ingestWebhook(world.deps, call('moving-test'))).rejects.toMatchObject({ code: 'request.invalid' });
  const { runId } = await ingestWebhook(world.deps, call('moving-test', { method: 'PUT' }));
  expect((await world.pool.query('select version_id from runs where id = $1', [runId])).rows).toEqual([{ version_id: 'v2' }]);
});

test('trying a step gathers what it would send, and journals nothing', async () => {
  const { file } = await world.publish('start:channel-trigger.message -> tell:send-message', {
    configs: { start: { channels: ['any'] }, tell: { text: 'Hello {{ contact.name }}' } },
  });
  const before = (await world.pool.query('select count(*)::int as n from journal')).rows;
  expect(
    await tryStep(world.deps, { workspaceId: world.workspaceId, file, node: 'tell', scope: { contact: { name: 'Berta' } } }),
  ).toMatchObject({ port: 'sent', problem: null, wouldSend: [{ text: 'Hello Berta' }] });
  expect((await world.pool.query('select count(*)::int as n from journal')).rows).toEqual(before);
});

test('trying a step that fails answers with the problem', async () => {
  const { file } = await world.publish('start:channel-trigger.message -> call:api-call.ok', {
    configs: { start: { channels: ['any'] }, call: { url: 'http://169.254.169.254/latest' } },
  });
  expect(await tryStep(world.deps, { workspaceId: world.workspaceId, file, node: 'call', scope: {} })).toMatchObject({
    port: null,
    problem: { code: 'egress.blocked' },
  });
});
