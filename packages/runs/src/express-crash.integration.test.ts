import { createAdapters, type Adapters } from '@holdfast/channels';
import { takeOverExpressRuns } from '@holdfast/db';
import { createDelivery } from '@holdfast/delivery';
import { createEgress } from '@holdfast/egress';
import { testTemporal } from '@holdfast/test-kit';
import { startHttpService, type HttpService } from '@holdfast/test-kit/fakes';
import { Client, Connection } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { claimConversation } from './claim.ts';
import type { CrashPoint } from './deps.ts';
import { createRinger } from './ringer.ts';
import { ingestWebhook } from './test/ingest-webhook.ts';
import { stretch } from './stretch.ts';
import { testLane, type TestLane } from './test/test-lane.ts';
import { testWorld, type TestWorld } from './test/test-world.ts';

let world: TestWorld;
let shop: HttpService;
let here: TestLane;
beforeAll(async () => {
  world = await testWorld();
  shop = await startHttpService();
  shop.on('GET /orders', { body: { status: 'shipped' } });
  shop.on('POST /notes', { status: 201, body: { note: 1 } });
  await world.publish(
    `start:webhook-trigger.received -> first:set-data -> look:api-call.ok -> note:api-call.ok -> done:end
     note.refused -> done`,
    {
      configs: {
        start: { path: 'orders' },
        look: { url: `${shop.url}/orders` },
        note: { method: 'POST', url: `${shop.url}/notes`, bodyKind: 'json', body: '{"status": {{ nodes.look.body.status | json }}}' },
        done: { result: 'text', text: '{{ nodes.note.body.note }}' },
      },
    },
  );
  await world.publish('start:webhook-trigger.received -> note:api-call.ok -> later:wait -> done:end', {
    configs: { start: { path: 'waits' }, note: { method: 'POST', url: `${shop.url}/notes` }, later: { duration: '2h' } },
  });
});
beforeEach(async () => {
  here = await testLane(world);
});
afterEach(() => {
  world.rung.splice(0);
  postsBefore = shop.received.length;
});
afterAll(async () => {
  await shop.close();
  await world.close();
});

let postsBefore = 0;
const posts = () => shop.received.slice(postsBefore).filter((request) => request.method === 'POST').length;
const hook = (path = 'orders', { deps } = here) => ingestWebhook(deps, { path, method: 'POST', headers: {}, query: {}, body: {} });
const newestRun = async (): Promise<string> =>
  (await world.pool.query('select id from runs order by started_at desc, id desc limit 1')).rows[0].id;
const causesOf = async (runId: string) =>
  (await world.journal(runId)).flatMap((entry) => (entry.kind === 'handed-over' ? [entry.cause] : []));
/** TAKEOVER waits until PostgreSQL has been up for 10 s. */
const takeOver = async (runId: string, { pool } = world) => {
  await expect.poll(() => here.die().then(() => takeOverExpressRuns(pool, 100))).toContain(runId);
};

/** A webhook's run whose process dies at the point. */
async function dieAt(point: CrashPoint, path = 'orders'): Promise<string> {
  const death = here.freezeAt(point);
  void hook(path);
  await death;
  return newestRun();
}

/** Where the process of a straight run dies, and what its successor makes of it: how often the call that must not happen twice was made. */
const windows: [CrashPoint, { posts: number; status: string; code?: string }][] = [
  ['run-begun', { posts: 1, status: 'ended' }],
  ['adopted', { posts: 1, status: 'ended' }],
  ['effect-ended', { posts: 1, status: 'ended' }],
  ['call-dispatched', { posts: 0, status: 'attention', code: 'upstream.ambiguous' }],
  ['call-answered', { posts: 1, status: 'attention', code: 'upstream.ambiguous' }],
  ['ending', { posts: 1, status: 'attention', code: 'upstream.ambiguous' }],
];

describe('an express run whose process dies', () => {
  for (const [point, expected] of windows)
    test(`at "${point}" is taken over and brought to its end, and nothing happens twice`, async () => {
      const runId = await dieAt(point);
      expect(await world.run(runId)).toMatchObject({ lane: 'express', epoch: 1 });
      await takeOver(runId);
      expect(await world.run(runId)).toMatchObject({ lane: 'handover', epoch: 2 });
      await world.stretch(runId);
      const run = await world.run(runId);
      expect({ posts: posts(), status: run.status, ...(run.cause ? { code: run.cause.code } : {}) }).toEqual(expected);
      expect(await causesOf(runId)).toEqual(['owner-lost']);
    });

  test('between its last words and its end is taken over, and ends as they say', async () => {
    const death = new Promise<void>((died) => {
      here.deps.crashPoint = async (point) => {
        if (point !== 'ending') return;
        // What was to be written soon is written now, the run's own end with it.
        await expect.poll(async () => (await world.journal(await newestRun())).at(-1)?.kind).toBe('run-ended');
        died();
        await new Promise(() => undefined);
      };
    });
    void hook();
    await death;
    const runId = await newestRun();
    await takeOver(runId);
    expect(await world.stretch(runId)).toMatchObject({ status: 'ended' });
    expect(await world.run(runId)).toMatchObject({ status: 'ended', outcome: 'done', result: 1 });
    expect(posts()).toBe(1);
  });

  test('after it was claimed from the queue is taken over', async () => {
    const { express: _, ...server } = here.deps;
    const { runId } = await ingestWebhook(server, { path: 'orders', method: 'POST', headers: {}, query: {}, body: {} });
    const death = here.stopAt('express-claimed');
    here.lane.ring();
    await death;
    await takeOver(runId);
    expect(await world.run(runId)).toMatchObject({ lane: 'handover', epoch: 3 });
    expect(await world.stretch(runId)).toMatchObject({ status: 'ended' });
    expect(posts()).toBe(1);
  });

  test.each(['call-settled', 'ended'] as const)('after its end was written, at "%s", leaves nothing to be taken over', async (point) => {
    const runId = await dieAt(point);
    await here.die();
    expect(await world.run(runId)).toMatchObject({ lane: 'ended', status: 'ended' });
    expect(await takeOverExpressRuns(world.pool, 100)).not.toContain(runId);
    expect(posts()).toBe(1);
  });

  test('before its hand-over was committed is taken over; after it, it only has to be started', async () => {
    const before = await dieAt('handing-over', 'waits');
    expect(await world.run(before)).toMatchObject({ lane: 'express', status: 'running' });
    await takeOver(before);
    await world.stretch(before);
    expect(await causesOf(before)).toEqual(['owner-lost']);
    here = await testLane(world);
    const after = await dieAt('handed-over', 'waits');
    await here.die();
    expect(await takeOverExpressRuns(world.pool, 100)).toEqual([]);
    expect((await world.pool.query('select 1 from runs where id = $1 and ring_at <= now()', [after])).rowCount).toBe(1);
    await world.stretch(after);
    expect(await causesOf(after)).toEqual(['wait']);
    expect(posts()).toBe(2);
    for (const id of [before, after]) expect(await world.run(id)).toMatchObject({ status: 'waiting', lane: 'temporal' });
  });

  test('and goes on later writes nothing more, however slow it was', async () => {
    const runId = await dieAt('call-answered');
    await takeOver(runId);
    await world.stretch(runId);
    const journal = await world.journal(runId);
    here.goOn();
    await here.lane.drain();
    expect(await world.journal(runId)).toEqual(journal);
    expect(await world.run(runId)).toMatchObject({
      status: 'attention',
      lane: 'temporal',
      epoch: 2,
      cause: { code: 'upstream.ambiguous' },
    });
    expect(posts()).toBe(1);
  });

  test('and goes on after its end was decided, but not written, ends nothing', async () => {
    const runId = await dieAt('ending');
    await takeOver(runId);
    here.goOn();
    await here.lane.drain();
    expect(await world.run(runId)).toMatchObject({ status: 'running', lane: 'handover', epoch: 2 });
    // What its call came to would have been written with the end.
    expect(await world.stretch(runId)).toMatchObject({ status: 'open' });
    expect(await world.run(runId)).toMatchObject({ status: 'attention', cause: { code: 'upstream.ambiguous' } });
  });

  test('is taken over once, however many look', async () => {
    // The first only waits until PostgreSQL has been up for long enough.
    await takeOver(await dieAt('adopted'));
    here = await testLane(world);
    const runId = await dieAt('adopted');
    await here.die();
    const taken = await Promise.all(Array.from({ length: 5 }, () => takeOverExpressRuns(world.pool, 100)));
    expect(taken.flat()).toEqual([runId]);
    expect(await world.run(runId)).toMatchObject({ epoch: 2 });
    expect(await causesOf(runId)).toEqual(['owner-lost']);
  });
});

describe('a message of an express run whose process dies', () => {
  let talk: TestWorld;
  const egress = createEgress({ allow: '', limits: { connectMs: 60_000 } });
  let provider: { calls: number; answers: Promise<void> };
  beforeAll(async () => {
    const real = createAdapters({ egress });
    const adapters: Adapters = (kind) => {
      const adapter = real(kind);
      if (!adapter) return null;
      const send: typeof adapter.send = async (call) => {
        provider.calls++;
        await provider.answers;
        return adapter.send(call);
      };
      return { ...adapter, send };
    };
    talk = await testWorld({ adapters });
    await talk.publish('start:channel-trigger.message -> tell:send-message -> done:end', {
      configs: { start: { channels: ['any'] }, tell: { text: 'Hello' } },
      settings: { lane: 'express' },
    });
  });
  beforeEach(async () => {
    provider = { calls: 0, answers: Promise.resolve() };
    here = await testLane(talk);
  });
  afterAll(async () => {
    await egress.close();
    await talk.close();
  });

  const begin = async (contact: string) => {
    const { conversationId } = await talk.say(contact, 'Hi');
    if (!conversationId) throw new Error('The message has no conversation.');
    const claimed = await claimConversation(here.deps, conversationId);
    if (claimed.act !== 'started') throw new Error(claimed.act);
    return { conversationId, runId: claimed.runId };
  };
  const goOnElsewhere = async (runId: string) => {
    await takeOver(runId, talk);
    const { pool, deps } = talk;
    // Another process: it shares no knowledge with the dead one.
    const delivery = createDelivery({
      pool,
      adapters: createAdapters({ egress }),
      openSecret: () => '',
      process: 'proc_other',
      log: deps.log,
    });
    const { epoch } = await talk.run(runId);
    await stretch({ ...deps, delivery }, { runId, epoch, owner: `${runId}.${epoch}`, inFlight: [] });
    expect(await talk.run(runId)).toMatchObject({ status: 'ended', outcome: 'done' });
  };
  const statusOf = async (conversationId: string) =>
    (await talk.pool.query(`select status from messages where conversation_id = $1 and direction = 'out'`, [conversationId])).rows;

  test('before it was dispatched is sent by its successor', async () => {
    const death = here.stopAt('step-started');
    const { conversationId, runId } = await begin('anna');
    await death;
    await goOnElsewhere(runId);
    expect([provider.calls, await statusOf(conversationId)]).toEqual([0, [{ status: 'sent' }]]);
  });

  test('while the provider has it is flagged and not repeated; the answer that comes late settles it', async () => {
    let answer = (): void => undefined;
    provider.answers = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const { conversationId, runId } = await begin('berta');
    await expect.poll(() => provider.calls).toBe(1);
    await goOnElsewhere(runId);
    expect([provider.calls, await statusOf(conversationId)]).toEqual([1, [{ status: 'unknown' }]]);
    answer();
    await here.lane.drain();
    expect([provider.calls, await statusOf(conversationId)]).toEqual([1, [{ status: 'sent' }]]);
  });
});

describe('an express run whose process lives', () => {
  test('is not taken over, however long it lasts', async () => {
    const runId = await dieAt('call-dispatched');
    await world.pool.query(`update runs set updated_at = now() - interval '1 hour' where id = $1`, [runId]);
    expect(await takeOverExpressRuns(world.pool, 100)).toEqual([]);
    here.goOn();
    await here.lane.drain();
    expect(posts()).toBe(1);
  });

  test('keeps what a call came to when another has to be stopped', async () => {
    shop.on('GET /hang', 'hang');
    await world.publish(
      `start:webhook-trigger.received -> note:api-call.ok -> kept:set-data -> meet:join -> done:end
       start.received -> hang:api-call.ok -> meet`,
      { configs: { start: { path: 'two' }, note: { method: 'POST', url: `${shop.url}/notes` }, hang: { url: `${shop.url}/hang` } } },
    );
    here = await testLane(world, { graceMs: 0 });
    const runId = await dieAt('call-answered', 'two');
    here.goOn();
    await here.lane.drain();
    expect(await causesOf(runId)).toEqual(['shutdown']);
    shop.on('GET /hang', { body: {} });
    await world.stretch(runId);
    expect(await world.run(runId)).toMatchObject({ status: 'ended', outcome: 'done' });
    expect(posts()).toBe(1);
  });

  test('whose stretch fails is handed over, and by the sweep when even that fails', async () => {
    const broken = await testLane(world, { sweepMs: 50 });
    broken.deps.crashPoint = () => Promise.reject(new Error('a defect'));
    const { runId } = await hook('orders', { ...broken, deps: { ...broken.deps, crashPoint: () => undefined } });
    await expect.poll(() => causesOf(runId)).toEqual(['retry']);
    await expect.poll(() => world.rung).toContain(`run ${runId}`);
    // A claim whose answer was lost: this process owns a run that it does not know of.
    await world.pool.query(`update runs set lane = 'express', owner = $2, updated_at = now() - interval '11 s' where id = $1`, [
      runId,
      broken.process,
    ]);
    await expect.poll(() => causesOf(runId)).toEqual(['retry', 'owner-lost']);
    await broken.lane.drain();
  });
});

test('a START that its process asked for and died is asked for again, and the run has one workflow', async () => {
  const temporal = await testTemporal();
  const connection = await Connection.connect({ address: temporal.address });
  const client = new Client({ connection, namespace: temporal.namespace });
  const { pool, deps } = world;
  const ringing = { pool, catalog: deps.catalog, log: deps.log, temporal: () => client, sweepMs: 3_600_000 };
  let revive = () => {};
  const frozen = new Promise<void>((resolve) => {
    revive = resolve;
  });
  const asked: string[] = [];
  const mortal = createRinger({
    ...ringing,
    crashPoint: (point) => {
      asked.push(point);
      return frozen;
    },
  });
  const other = createRinger(ringing);
  here.deps.bell = mortal.bell;
  const { runId } = await hook('waits');
  await expect.poll(() => asked).toEqual(['start-asked']);
  // Nobody has adopted it in the time that a START gets.
  await pool.query('update runs set ring_at = now() where id = $1', [runId]);
  await other.sweep();
  expect(await world.run(runId)).toMatchObject({ lane: 'handover', epoch: 2 });
  expect((await pool.query('select ring_attempts from runs where id = $1', [runId])).rows).toEqual([{ ring_attempts: 2 }]);
  expect(await client.workflow.getHandle(`${runId}.2`).describe()).toMatchObject({ status: { name: 'RUNNING' } });
  await world.stretch(runId);
  expect(await world.run(runId)).toMatchObject({ lane: 'temporal', status: 'waiting', epoch: 2 });
  revive();
  await Promise.all([mortal.stop(), other.stop()]);
  await connection.close();
  await temporal.close();
});
