import { startHttpService, type HttpService } from '@holdfast/test-kit/fakes';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { claimConversation } from './claim.ts';
import { requestOverride } from './request-override.ts';
import { ingestWebhook } from './test/ingest-webhook.ts';
import { testLane, type TestLane } from './test/test-lane.ts';
import { testWorld, type TestWorld } from './test/test-world.ts';

let world: TestWorld;
let shop: HttpService;
let here: TestLane;
beforeAll(async () => {
  world = await testWorld();
  shop = await startHttpService();
  shop.on('GET /orders', { body: { status: 'shipped' } });
  here = await testLane(world);
});
afterEach(() => void world.rung.splice(0));
afterAll(async () => {
  await here.lane.drain();
  await shop.close();
  await world.close();
});

const webhook = (path: string) => ({ start: { path } });
const call = (path: string, { deps } = here) =>
  ingestWebhook(deps, { path, method: 'POST', headers: {}, query: {}, body: { order: 'A-1' } }).then(({ runId }) => runId);
const isIn = (runId: string, lane: string) => expect.poll(async () => (await world.run(runId)).lane).toBe(lane);
const rungFor = (runId: string) => world.rung.filter((ring) => ring.endsWith(runId));
const causesOf = async (runId: string) =>
  (await world.journal(runId)).flatMap((entry) => (entry.kind === 'handed-over' ? [entry.cause] : []));

describe('a run that goes straight through', () => {
  test('is claimed as it is written and ends in this process; Temporal never hears of it', async () => {
    await world.publish('start:webhook-trigger.received -> look:api-call.ok -> done:end', {
      configs: {
        ...webhook('straight'),
        look: { url: `${shop.url}/orders` },
        done: { result: 'text', text: 'Order {{ trigger.body.order }}: {{ nodes.look.body.status }}' },
      },
    });
    const runId = await call('straight');
    await isIn(runId, 'ended');
    expect(await world.run(runId)).toMatchObject({ status: 'ended', outcome: 'done', result: 'Order A-1: shipped', epoch: 1 });
    await expect.poll(() => rungFor(runId)).toEqual([`ended ${runId}`]);
    expect((await world.journal(runId)).map((entry) => entry.kind)).toEqual([
      'run-started',
      'step-started',
      'step-ended',
      'step-ended',
      'run-ended',
    ]);
  });

  test('waits in the database, in order, where there is no room', async () => {
    const gate = Promise.withResolvers<void>();
    shop.on('GET /slow', { body: {}, after: gate.promise });
    await world.publish('start:webhook-trigger.received -> look:api-call.ok -> done:end', {
      configs: { ...webhook('queue'), look: { url: `${shop.url}/slow` } },
    });
    const narrow = await testLane(world, { maxConcurrent: 1 });
    const first = await call('queue', narrow);
    const others = [await call('queue', narrow), await call('queue', narrow)];
    expect(await Promise.all([first, ...others].map(async (id) => (await world.run(id)).lane))).toEqual(['express', 'queued', 'queued']);
    expect(world.rung.filter((ring) => ring === 'queued')).toHaveLength(2);
    gate.resolve();
    for (const id of others) await isIn(id, 'ended');
    const ends = await world.pool.query<{ id: string }>('select id from runs where id = any($1) order by ended_at', [[first, ...others]]);
    expect(ends.rows.map((row) => row.id)).toEqual([first, ...others]);
    // Its place is given back, and the queue looked at once more, after the end is written.
    await expect.poll(() => narrow.lane.facts()).toEqual({ executing: 0, isBacklogged: false });
    await narrow.lane.drain();
  });

  test('is queued by a process without a lane, and claimed by one that is rung', async () => {
    await world.publish('start:webhook-trigger.received -> done:end', { configs: webhook('split') });
    const { express: _, ...server } = here.deps;
    const { runId } = await ingestWebhook(server, { path: 'split', method: 'POST', headers: {}, query: {}, body: {} });
    expect(await world.run(runId)).toMatchObject({ lane: 'queued', epoch: 1 });
    here.lane.ring();
    await isIn(runId, 'ended');
    expect(await world.run(runId)).toMatchObject({ epoch: 2 });
  });
});

describe('a run is handed over', () => {
  test('when it waits, with where it stands', async () => {
    await world.publish('start:webhook-trigger.received -> later:wait -> done:end', {
      configs: { ...webhook('waits'), later: { duration: '2h' } },
    });
    const runId = await call('waits');
    await isIn(runId, 'handover');
    expect(await world.run(runId)).toMatchObject({ status: 'waiting', waitingFor: 'timer', epoch: 2, wakeAt: expect.any(Date) });
    expect(await causesOf(runId)).toEqual(['wait']);
    await expect.poll(() => rungFor(runId)).toEqual([`run ${runId}`]);
    expect(await world.stretch(runId)).toMatchObject({ status: 'open', wakeInMs: expect.any(Number) });
    expect(await world.run(runId)).toMatchObject({ lane: 'temporal', epoch: 2, waitingFor: 'timer' });
  });

  test('when an effect must be tried again, and the delay that the service asked for goes with it', async () => {
    shop.on('GET /busy', { status: 503, headers: { 'retry-after': '300' } }, { body: {} });
    await world.publish('start:webhook-trigger.received -> look:api-call.ok -> done:end', {
      configs: { ...webhook('busy'), look: { url: `${shop.url}/busy` } },
    });
    const runId = await call('busy');
    await isIn(runId, 'handover');
    expect(await causesOf(runId)).toEqual(['retry']);
    const { effects } = await world.stretch(runId);
    expect(effects).toMatchObject([{ startInMs: expect.any(Number) }]);
    expect(effects[0]?.startInMs).toBeGreaterThan(100_000);
  });

  test('when it needs attention, of which staff are told once', async () => {
    await world.publish('start:webhook-trigger.received -> look:api-call.ok -> done:end', {
      configs: { ...webhook('stuck'), look: { url: 'http://169.254.169.254/latest' } },
    });
    const runId = await call('stuck');
    await isIn(runId, 'handover');
    await world.stretch(runId);
    expect(await world.run(runId)).toMatchObject({
      status: 'attention',
      lane: 'temporal',
      cause: { code: 'egress.blocked', node: 'look' },
    });
    expect(await causesOf(runId)).toEqual(['attention']);
    expect((await world.pool.query('select 1 from alerts where subject = $1', [runId])).rowCount).toBe(1);
  });

  test('at the boundary after an override came, which it leaves to its next owner', async () => {
    const gate = Promise.withResolvers<void>();
    shop.on('GET /slow', { body: {}, after: gate.promise });
    await world.publish('start:webhook-trigger.received -> look:api-call.ok -> again:api-call.ok -> done:end', {
      configs: { ...webhook('override'), look: { url: `${shop.url}/slow` }, again: { url: `${shop.url}/never` } },
    });
    const runId = await call('override');
    const by = { id: world.userId, name: 'Ana' };
    const asked = requestOverride(world.deps, { workspaceId: world.workspaceId, by, runId, body: { action: 'pause' }, waitMs: 60_000 });
    await expect.poll(async () => (await world.pool.query('select 1 from overrides where run_id = $1', [runId])).rowCount).toBe(1);
    gate.resolve();
    await isIn(runId, 'handover');
    expect(await causesOf(runId)).toEqual(['override']);
    await world.stretch(runId);
    expect(await asked).toMatchObject({ state: 'applied' });
    expect(await world.run(runId)).toMatchObject({ status: 'paused' });
    expect(shop.received.some(({ path }) => path === '/never')).toBe(false);
  });

  test('when it takes too many steps for a process that others share', async () => {
    await world.publish('start:webhook-trigger.received -> one:set-data -> two:set-data -> one', {
      configs: webhook('circle'),
      settings: { maxSteps: 10_000 },
    });
    const runId = await call('circle');
    await isIn(runId, 'handover');
    expect(await causesOf(runId)).toEqual(['budget']);
    expect((await world.journal(runId)).length).toBeLessThan(210);
  });

  test('when its process takes its leave; what takes too long is stopped where it is', async () => {
    shop.on('GET /hang', 'hang');
    await world.publish(`start:webhook-trigger.received -> look:api-call.ok -> done:end`, {
      configs: { ...webhook('leave'), look: { url: `${shop.url}/hang` } },
    });
    const leaving = await testLane(world, { graceMs: 50 });
    const runId = await call('leave', leaving);
    await expect.poll(() => shop.received.some(({ path }) => path === '/hang')).toBe(true);
    await leaving.lane.drain();
    expect(await world.run(runId)).toMatchObject({ lane: 'handover', epoch: 2 });
    expect(await causesOf(runId)).toEqual(['shutdown']);
    expect(leaving.lane.enter('run_x')).toBe(false);
    shop.on('GET /hang', { body: {} });
    expect(await world.stretch(runId)).toMatchObject({ status: 'ended' });
  });
});

describe('a conversation whose flow chose the express lane', () => {
  const begin = async (contact: string) => {
    const { conversationId } = await world.say(contact, 'Hi');
    if (!conversationId) throw new Error('The message has no conversation.');
    const claimed = await claimConversation(here.deps, conversationId);
    if (claimed.act !== 'started') throw new Error(claimed.act);
    return { conversationId, runId: claimed.runId };
  };
  beforeAll(() =>
    world.publish('start:channel-trigger.message -> ask:ask.answered -> tell:send-message', {
      configs: { start: { channels: ['any'] }, ask: { question: 'Which order?' }, tell: { text: 'Got {{ nodes.ask.text }}' } },
      settings: { lane: 'express' },
    }),
  );

  test('is asked here and handed over to wait; the answer rings its workflow', async () => {
    const { conversationId, runId } = await begin('berta');
    await isIn(runId, 'handover');
    expect(await world.run(runId)).toMatchObject({ status: 'waiting', waitingFor: 'reply' });
    await expect.poll(() => rungFor(runId)).toContain(`run ${runId}`);
    await world.say('berta', 'A-7');
    expect(await claimConversation(here.deps, conversationId)).toEqual({ act: 'doorbell', runId });
    await world.stretch(runId);
    expect(await world.sent(conversationId)).toEqual(['Which order?', 'Got A-7']);
    expect(await world.run(runId)).toMatchObject({ status: 'ended' });
  });

  test('keeps what comes while its run executes, and reads it as the answer', async () => {
    const asking = here.stopAt('wait-opening');
    const { conversationId, runId } = await begin('carla');
    await asking;
    await world.say('carla', 'A-8');
    expect(await claimConversation(here.deps, conversationId)).toEqual({ act: 'stay-pending' });
    here.goOn();
    await isIn(runId, 'ended');
    expect(await world.sent(conversationId)).toEqual(['Which order?', 'Got A-8']);
    expect(await causesOf(runId)).toEqual([]);
  });
});
