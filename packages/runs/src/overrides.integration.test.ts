import { ensureProvider, holdCall } from '@holdfast/db';
import { startHttpService, type HttpService } from '@holdfast/test-kit/fakes';
import { testDatabase, type TestDatabase } from '@holdfast/test-kit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { requestOverride, type OverrideRequest } from './request-override.ts';
import { claimHandoff, takeConversation, returnHandoff, queueHumanReply } from './handoffs.ts';
import { resetConversation } from './reset-conversation.ts';
import { skipWaits } from './skip-waits.ts';
import { testWorld, type TestWorld } from './test/test-world.ts';

let world: TestWorld;
let shop: HttpService;
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  shop = await startHttpService();
  world = await testWorld({ database });
});
afterEach(async () => {
  await world.close();
  await shop.close();
});

const start = { channels: ['any'] };
const person = () => ({ workspaceId: world.workspaceId, by: { id: world.userId, name: 'Ana' } });
const ask = (runId: string, body: OverrideRequest) => requestOverride(world.deps, { ...person(), runId, body, waitMs: 0 });
const refusals = async () =>
  (await world.pool.query<{ detail: string }>(`select refused ->> 'detail' as detail from overrides where refused is not null`)).rows.map(
    (row) => row.detail,
  );

/** A run that stands at a call which was refused for good. */
async function stuck(): Promise<{ runId: string; conversationId: string }> {
  await world.publish('start:channel-trigger.message -> call:api-call.ok -> tell:send-message', {
    configs: { start, call: { url: `${shop.url}/orders`, attempts: 1 }, tell: { text: 'Status {{ nodes.call.body.status }}' } },
  });
  shop.on('GET /orders', { status: 500 });
  const { runId, conversationId } = await world.talk('berta', 'Hi');
  expect(await world.run(runId)).toMatchObject({ status: 'attention', cause: { code: 'upstream.broken', node: 'call' } });
  return { runId, conversationId };
}

/** What is written is written, and whoever asks afterwards hears nothing. */
const silentPool = (pool: TestWorld['pool']): TestWorld['pool'] =>
  new Proxy(pool, {
    get: (target, name): unknown =>
      name === 'query' ? async () => Promise.reject(new Error('Connection terminated unexpectedly')) : Reflect.get(target, name),
  });

describe('an operator', () => {
  test('tries a failed step again, and the run goes on by itself', async () => {
    const { runId, conversationId } = await stuck();
    shop.on('GET /orders', { body: { status: 'shipped' } });
    await ask(runId, { action: 'retry' });
    expect(await world.stretch(runId)).toMatchObject({ status: 'ended' });
    expect(await world.sent(conversationId)).toEqual(['Status shipped']);
    const audit = await world.pool.query('select actor_name, action, subject from audit');
    expect(audit.rows).toEqual([{ actor_name: 'Ana', action: 'run.retry', subject: runId }]);
  });

  test('skips a step with what it should have answered', async () => {
    const { runId, conversationId } = await stuck();
    await ask(runId, { action: 'skip', node: 'call', port: 'ok', output: { body: { status: 'lost' } }, note: 'Phoned the carrier' });
    expect(await world.stretch(runId)).toMatchObject({ status: 'ended' });
    expect(await world.sent(conversationId)).toEqual(['Status lost']);
    expect((await world.journal(runId)).find((entry) => entry.kind === 'step-ended' && entry.how === 'skipped')).toMatchObject({
      by: { kind: 'person', name: 'Ana', note: 'Phoned the carrier' },
    });
  });

  test.each<OverrideRequest>([
    { action: 'skip', node: 'call', port: 'ok', output: { body: {} } },
    { action: 'retry' },
    { action: 'jump', node: 'tell' },
  ])('who says $action leaves no call of the step in its provider’s queue', async (act) => {
    const { runId } = await stuck();
    const failed = (await world.journal(runId)).findLast((entry) => entry.kind === 'step-failed');
    const provider = { workspaceId: world.workspaceId, key: 'http:shop' };
    await ensureProvider(world.pool, { ...provider, kind: 'http', name: 'shop' });
    await holdCall(world.pool, {
      workspaceId: world.workspaceId,
      provider: provider.key,
      turn: new Date(),
      runId,
      stepId: failed?.kind === 'step-failed' ? failed.step : '',
      code: 'upstream.limited',
      forMs: 3_600_000,
    });
    await ask(runId, act);
    await world.stretch(runId);
    expect((await world.pool.query('select step_id from held_calls')).rows).toEqual([]);
  });

  test('is told why an act is impossible', async () => {
    const { runId } = await stuck();
    await ask(runId, { action: 'skip', node: 'call', port: 'maybe' });
    await ask(runId, { action: 'skip', node: 'tell', port: 'sent' });
    await ask(runId, { action: 'jump', node: 'nowhere' });
    await ask(runId, { action: 'edit', data: { nowhere: 1 } });
    await world.stretch(runId);
    expect(await refusals()).toEqual([
      '“call” has no exit “maybe”.',
      'The run does not stand at “tell” now.',
      "The run can't be sent to “nowhere”.",
      'This version of the flow has no step “nowhere”.',
    ]);
  });

  test('edits what a step gave and sends the run there again', async () => {
    const { runId, conversationId } = await stuck();
    await ask(runId, { action: 'edit', data: { call: { body: { status: 'found' } } } });
    await ask(runId, { action: 'jump', node: 'tell' });
    expect(await world.stretch(runId)).toMatchObject({ status: 'ended' });
    expect(await world.sent(conversationId)).toEqual(['Status found']);
  });

  test('pauses a run that asks, and its answer is read after it is resumed', async () => {
    await world.publish('start:channel-trigger.message -> ask:ask.answered -> tell:send-message', {
      configs: { start, ask: { question: 'Which?' }, tell: { text: 'Got {{ nodes.ask.text }}' } },
    });
    const { runId, conversationId } = await world.talk('berta', 'Hi');
    await ask(runId, { action: 'pause' });
    expect(await world.stretch(runId)).toMatchObject({ status: 'open', wakeInMs: null });
    await ask(runId, { action: 'resume' });
    await world.stretch(runId);
    await world.say('berta', 'this one');
    await world.claim(conversationId);
    expect(await world.stretch(runId)).toMatchObject({ status: 'ended' });
    expect(await world.sent(conversationId)).toEqual(['Which?', 'Got this one']);
  });

  test('who never heard that it was done asks for the same again, and is told that it is', async () => {
    await world.publish('start:channel-trigger.message -> call:api-call.ok -> ask:ask.answered', {
      configs: { start, call: { url: `${shop.url}/orders`, attempts: 1 }, ask: { question: 'Which?' } },
    });
    shop.on('GET /orders', { status: 500 });
    const { runId } = await world.talk('berta', 'Hi');
    const again = async (body: OverrideRequest) => {
      const count = (await refusals()).length + 1;
      const answer = requestOverride(world.deps, { ...person(), runId, body, waitMs: 60_000 });
      await expect.poll(async () => (await world.stretch(runId), refusals())).toHaveLength(count);
      return answer;
    };
    const skip = { action: 'skip', node: 'call', port: 'ok' } as const;
    await ask(runId, skip);
    await world.stretch(runId);
    expect(await again(skip)).toMatchObject({ state: 'applied' });
    expect(await again({ ...skip, output: 'something else' })).toMatchObject({ state: 'refused' });
    // How it went can't be asked: what is asked for stands all the same.
    const silent = { ...world.deps, pool: silentPool(world.pool) };
    expect(await requestOverride(silent, { ...person(), runId, body: { action: 'end' }, waitMs: 0 })).toMatchObject({ state: 'accepted' });
    expect(await world.stretch(runId)).toMatchObject({ status: 'ended' });
    expect(await ask(runId, { action: 'end' })).toMatchObject({ state: 'applied' });
    await expect(ask(runId, skip)).resolves.toMatchObject({ state: 'applied' });
    await expect(ask(runId, { action: 'retry' })).rejects.toMatchObject({ code: 'run.ended' });
  });

  test('ends a run, and nothing can be done to it afterwards', async () => {
    const { runId } = await stuck();
    await ask(runId, { action: 'end' });
    expect(await world.stretch(runId)).toMatchObject({ status: 'ended' });
    expect(await world.run(runId)).toMatchObject({ status: 'ended', outcome: 'stopped' });
    await expect(ask(runId, { action: 'retry' })).rejects.toMatchObject({ code: 'run.ended' });
    await expect(ask('run_unknown', { action: 'retry' })).rejects.toMatchObject({ code: 'resource.missing' });
  });

  test('takes a conversation: the run stands still and goes on at the same step when it is given back', async () => {
    await world.publish('start:channel-trigger.message -> ask:ask.answered -> tell:send-message', {
      configs: { start, ask: { question: 'Which?' }, tell: { text: 'Got {{ nodes.ask.text }}' } },
    });
    const { runId, conversationId } = await world.talk('berta', 'Hi');
    const { handoffId } = await takeConversation(world.deps, { ...person(), conversationId });
    await world.stretch(runId);
    expect(await world.run(runId)).toMatchObject({ status: 'paused' });
    await world.say('berta', 'oh, a human');
    expect(await world.claim(conversationId)).toEqual({ act: 'inbox-only' });
    await queueHumanReply(world.deps, { ...person(), handoffId, text: 'Yes, Ana here', attachments: [] });
    const queued = await world.pool.query(
      `select e.state, e.author, m.text, m.status from effects e join messages m on m.id = e.message_id where e.author = 'human'`,
    );
    expect(queued.rows).toEqual([{ state: 'planned', author: 'human', text: 'Yes, Ana here', status: 'planned' }]);
    await returnHandoff(world.deps, { ...person(), handoffId });
    await world.stretch(runId);
    expect(await world.run(runId)).toMatchObject({ status: 'waiting', waitingFor: 'reply' });
    await world.say('berta', 'A-1');
    await world.claim(conversationId);
    await world.stretch(runId);
    expect(await world.sent(conversationId)).toEqual(['Which?', 'Yes, Ana here', 'Got A-1']);
  });

  test('answers only in a conversation that no colleague holds, or takes it over first', async () => {
    await world.publish('start:channel-trigger.message -> person:human-handoff', { configs: { start } });
    const { conversationId } = await world.talk('berta', 'human');
    await world.pool.query(`insert into users (id, name, email) values ('user_bob', 'Bob', 'bob@kelp.test')`);
    const bob = { workspaceId: world.workspaceId, by: { id: 'user_bob', name: 'Bob' } };
    const { id: handoffId } = (await world.pool.query('select id from handoffs where conversation_id = $1', [conversationId])).rows[0];
    const reply = (by: typeof bob) => queueHumanReply(world.deps, { ...by, handoffId, text: `It is ${by.by.name}`, attachments: [] });
    await reply(person());
    const refusal = { code: 'resource.conflict', detail: expect.stringMatching(/^Ana has this conversation/) };
    await expect(reply(bob)).rejects.toMatchObject(refusal);
    await expect(claimHandoff(world.deps, { ...bob, handoffId })).rejects.toMatchObject(refusal);
    await claimHandoff(world.deps, { ...bob, handoffId, takeOver: true });
    await reply(bob);
    await expect(reply(person())).rejects.toMatchObject({ code: 'resource.conflict', detail: expect.stringMatching(/^Bob has/) });
    expect((await world.sent(conversationId)).slice(-2)).toEqual(['It is Ana', 'It is Bob']);
  });

  test('skips a timer in the simulator, and the journal says so', async () => {
    await world.publish('start:channel-trigger.message -> later:wait -> tell:send-message', {
      configs: { start, later: { duration: '2h' }, tell: { text: 'Two hours later' } },
    });
    const { runId, conversationId, result } = await world.talk('berta', 'Hi');
    expect(result.wakeInMs).toBeGreaterThan(3_600_000);
    expect(await skipWaits(world.deps, { workspaceId: world.workspaceId, conversationId })).toBe(1);
    expect(await world.stretch(runId)).toMatchObject({ status: 'ended' });
    expect(await world.sent(conversationId)).toEqual(['Two hours later']);
    expect((await world.journal(runId)).find((entry) => entry.kind === 'step-ended' && entry.node === 'later')).toMatchObject({
      how: 'skipped',
    });
  });
});

describe('starting a simulator conversation over', () => {
  test('ends its runs and forgets what was said, and the next message begins anew', async () => {
    await world.publish('start:channel-trigger.message -> ask:ask.answered', { configs: { start, ask: { question: 'Which?' } } });
    const { runId, conversationId } = await world.talk('berta', 'Hi');
    await resetConversation(world.deps, { ...person(), conversationId });
    expect(await world.stretch(runId)).toMatchObject({ status: 'ended' });
    expect(await world.run(runId)).toMatchObject({ outcome: 'stopped' });
    expect((await world.pool.query('select 1 from messages where conversation_id = $1', [conversationId])).rowCount).toBe(0);
    expect((await world.talk('berta', 'Hi again')).conversationId).toBe(conversationId);
    expect(await world.sent(conversationId)).toEqual(['Which?']);
  });
});

describe('the red switch', () => {
  test('holds every automated send back without counting an attempt, and lets them go when it is released', async () => {
    await world.publish('start:channel-trigger.message -> tell:send-message', { configs: { start, tell: { text: 'Hello' } } });
    await world.pool.query('update workspaces set sends_paused_at = now()');
    const { runId, conversationId, result } = await world.talk('berta', 'Hi');
    expect(result).toEqual({ status: 'open', effects: [], wakeInMs: null });
    expect(await world.run(runId)).toMatchObject({ status: 'waiting', waitingFor: 'send' });
    await world.stretch(runId);
    const entries = (await world.journal(runId)).length;
    await world.stretch(runId);
    expect((await world.journal(runId)).length).toBe(entries);
    await world.pool.query('update workspaces set sends_paused_at = null');
    expect(await world.stretch(runId)).toMatchObject({ status: 'ended' });
    expect(await world.sent(conversationId)).toEqual(['Hello']);
    expect((await world.journal(runId)).find((entry) => entry.kind === 'step-ended' && entry.node === 'tell')).toMatchObject({
      facts: { attempts: 1 },
    });
  });
});
