import { markRunStuck } from '@holdfast/db';
import { testDatabase, type TestDatabase } from '@holdfast/test-kit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { requestOverride } from './request-override.ts';
import { closeHandoff, returnHandoff } from './handoffs.ts';
import { testWorld, type TestWorld } from './test/test-world.ts';

let world: TestWorld;
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  world = await testWorld({ database });
});
afterEach(() => world.close());

const start = { channels: ['any'] };
const greet = 'start:channel-trigger.message -> tell:send-message';
const by = () => ({ id: world.userId, name: 'Ana' });
const inbox = async () =>
  (
    await world.pool.query<{ state: string; text: string }>(`select state, payload ->> 'text' as text from inbox order by received_at, id`)
  ).rows.map((row) => `${row.text}: ${row.state}`);
const handoffs = async () =>
  (
    await world.pool.query<{
      id: string;
      status: string;
      reason: string;
      run_id: string | null;
      details: { question: string; attachments: unknown[] };
    }>('select id, status, reason, run_id, details from handoffs order by opened_at')
  ).rows;
const askFlow = () =>
  world.publish('start:channel-trigger.message -> ask:ask.answered -> tell:send-message', {
    configs: { start, ask: { question: 'Which order?' }, tell: { text: 'Got {{ nodes.ask.text }}' } },
  });

describe('what a message does while the conversation’s run is …', () => {
  test('executing: it stays pending, and is answered when the run has ended', async () => {
    await world.publish(greet, { configs: { start, tell: { text: 'Echo {{ trigger.text }}' } } });
    const { conversationId } = await world.say('berta', 'one');
    const first = await world.claim(conversationId ?? '');
    await world.say('berta', 'two');
    expect(await world.claim(conversationId ?? '')).toEqual({ act: 'stay-pending' });
    expect(await inbox()).toEqual(['one: consumed', 'two: pending']);
    if (first.act !== 'started') throw new Error(first.act);
    await world.stretch(first.runId);
    expect(world.rung).toContain(`conversation ${conversationId}`);
    const second = await world.claim(conversationId ?? '');
    if (second.act !== 'started') throw new Error(second.act);
    await world.stretch(second.runId);
    expect(await world.sent(conversationId ?? '')).toEqual(['Echo one', 'Echo two']);
  });

  test('asking: it rings, and the answer is read by the question', async () => {
    await askFlow();
    const { conversationId, runId, result } = await world.talk('berta', 'Hi');
    expect(result).toMatchObject({ status: 'open', effects: [] });
    expect(await world.run(runId)).toMatchObject({ status: 'waiting', waitingFor: 'reply' });
    await world.say('berta', 'A-1001');
    expect(await world.claim(conversationId)).toEqual({ act: 'doorbell', runId });
    expect(await world.stretch(runId)).toMatchObject({ status: 'ended' });
    expect(await world.sent(conversationId)).toEqual(['Which order?', 'Got A-1001']);
    expect(await inbox()).toEqual(['Hi: consumed', 'A-1001: consumed']);
  });

  test('waiting for a timer only: a new run starts beside it', async () => {
    await world.publish('start:channel-trigger.message -> later:wait -> tell:send-message', {
      configs: { start, later: { duration: '2h' }, tell: { text: 'Later' } },
    });
    const { conversationId, runId } = await world.talk('berta', 'Hi');
    expect(await world.run(runId)).toMatchObject({ status: 'waiting', waitingFor: 'timer' });
    await world.say('berta', 'Again');
    const claimed = await world.claim(conversationId);
    expect(claimed).toMatchObject({ act: 'started' });
    expect(claimed).not.toMatchObject({ runId });
  });

  test('paused: a handoff opens, and the message waits there for a person', async () => {
    await askFlow();
    const { conversationId, runId } = await world.talk('berta', 'Hi');
    await requestOverride(world.deps, { workspaceId: world.workspaceId, by: by(), runId, body: { action: 'pause' }, waitMs: 0 });
    await world.stretch(runId);
    expect(await world.run(runId)).toMatchObject({ status: 'paused' });
    await world.say('berta', 'Anybody there?');
    expect(await world.claim(conversationId)).toMatchObject({ act: 'handoff' });
    expect(await handoffs()).toMatchObject([
      { status: 'open', run_id: runId, reason: 'The customer wrote while the run is paused', details: { question: 'Anybody there?' } },
    ]);
  });

  test('in need of attention: a handoff opens, so a stuck run never silences a customer', async () => {
    await world.publish('start:channel-trigger.message -> call:api-call.ok -> tell:send-message', {
      configs: { start, call: { url: 'http://10.0.0.1/orders', attempts: 1 }, tell: { text: 'ok' } },
    });
    const { conversationId, runId } = await world.talk('berta', 'Hi');
    expect(await world.run(runId)).toMatchObject({ status: 'attention', cause: { code: 'egress.blocked', node: 'call' } });
    await world.say('berta', 'Hello?');
    expect(await world.claim(conversationId)).toMatchObject({ act: 'handoff' });
    await world.say('berta', 'Hello??');
    expect(await world.claim(conversationId)).toEqual({ act: 'inbox-only' });
    expect(await handoffs()).toHaveLength(1);
  });

  test('asking, but past executing: a handoff opens, since nobody would read the answer', async () => {
    await askFlow();
    const { conversationId, runId } = await world.talk('berta', 'Hi');
    await markRunStuck(world.pool, { runId, epoch: 1, owner: `${runId}.1` }, { code: 'internal' });
    expect(await world.run(runId)).toMatchObject({ status: 'attention', cause: { code: 'internal' } });
    await world.say('berta', 'A-1001');
    expect(await world.claim(conversationId)).toMatchObject({ act: 'handoff' });
  });

  test('held by a person: it goes to the inbox only', async () => {
    await world.publish('start:channel-trigger.message -> person:human-handoff.returned -> tell:send-message', {
      configs: { start, person: { message: 'One moment' }, tell: { text: 'Back again' } },
    });
    const { conversationId, runId } = await world.talk('berta', 'Human please');
    expect(await world.run(runId)).toMatchObject({ status: 'waiting', waitingFor: 'handoff' });
    await world.say('berta', 'Still there?');
    expect(await world.claim(conversationId)).toEqual({ act: 'inbox-only' });
    const [handoff] = await handoffs();
    await returnHandoff(world.deps, { workspaceId: world.workspaceId, by: by(), handoffId: handoff?.id ?? '', note: 'Refunded' });
    expect(world.rung.at(-1)).toBe(`doorbell ${runId}`);
    expect(await world.stretch(runId)).toMatchObject({ status: 'ended' });
    expect(await world.sent(conversationId)).toEqual(['One moment', 'Back again']);
    expect(await world.claim(conversationId)).toEqual({ act: 'nothing' });
  });
});

describe('a handoff that is closed', () => {
  test('ends the run where nothing is drawn for it', async () => {
    await world.publish('start:channel-trigger.message -> person:human-handoff.returned -> tell:send-message', {
      configs: { start, tell: { text: 'Back again' } },
    });
    const { conversationId, runId } = await world.talk('berta', 'Human please');
    const [handoff] = await handoffs();
    await closeHandoff(world.deps, { workspaceId: world.workspaceId, by: by(), handoffId: handoff?.id ?? '' });
    expect(await world.stretch(runId)).toMatchObject({ status: 'ended' });
    expect(await world.run(runId)).toMatchObject({ outcome: 'stopped' });
    expect(await world.sent(conversationId)).toHaveLength(1);
    const found = await world.pool.query('select held_by, active_run_id from conversations where id = $1', [conversationId]);
    expect(found.rows[0]).toEqual({ held_by: 'bot', active_run_id: null });
  });
});

describe('routing', () => {
  test('gives a message to the more specific trigger, then to the higher flow', async () => {
    const any = await world.publish(greet, { position: 1, configs: { start, tell: { text: 'any' } } });
    await world.publish(greet, { position: 2, configs: { start, tell: { text: 'any, lower' } } });
    const words = await world.publish(greet, {
      position: 3,
      configs: { start: { ...start, words: ['invoice'] }, tell: { text: 'invoice' } },
    });
    const flowOf = async (runId: string) => (await world.pool.query('select flow_id from runs where id = $1', [runId])).rows[0]?.flow_id;
    expect(await flowOf((await world.talk('a', 'my invoice please')).runId)).toBe(words.flowId);
    expect(await flowOf((await world.talk('b', 'hello')).runId)).toBe(any.flowId);
  });

  test('leaves a message that no flow asks for in the conversation, and calls nobody', async () => {
    await world.publish(greet, { configs: { start: { ...start, words: ['invoice'] }, tell: { text: 'invoice' } } });
    const { conversationId } = await world.say('berta', 'hello');
    expect(await world.claim(conversationId ?? '')).toEqual({ act: 'set-aside' });
    expect(await inbox()).toEqual(['hello: set-aside']);
    expect(await handoffs()).toEqual([]);
  });

  test('hands media without words to a person when nobody drew the media port', async () => {
    await world.publish(greet, { configs: { start, tell: { text: 'never' } } });
    const { conversationId } = await world.say('berta', '', { attachments: [{ kind: 'voice', durationSeconds: 4 }] });
    expect(await world.claim(conversationId ?? '')).toMatchObject({ act: 'handoff' });
    expect(await handoffs()).toMatchObject([
      { reason: 'The customer sent something that the flow does not read', details: { attachments: [{ kind: 'voice' }] } },
    ]);
  });

  test('sends media without words by the media port where it is drawn', async () => {
    await world.publish('start:channel-trigger.media -> pic:send-message\nstart.message -> tell:send-message', {
      configs: { start, pic: { text: 'Nice picture' }, tell: { text: 'text' } },
    });
    const { conversationId } = await world.say('berta', '', { attachments: [{ kind: 'image' }] });
    const claimed = await world.claim(conversationId ?? '');
    if (claimed.act !== 'started') throw new Error(claimed.act);
    await world.stretch(claimed.runId);
    expect(await world.sent(conversationId ?? '')).toEqual(['Nice picture']);
  });

  test('answers messages within the burst window together, and not before it is over', async () => {
    await world.publish(greet, { settings: { mergeBurst: '10s' }, configs: { start, tell: { text: '{{ trigger.text }}' } } });
    const { conversationId } = await world.say('berta', 'one');
    await world.say('berta', 'two');
    const readyIn = (by: string) =>
      world.pool.query(`update conversations set ready_at = now() + $2::interval where id = $1`, [conversationId, by]);
    await readyIn('1 hour');
    expect(await world.claim(conversationId ?? '')).toEqual({ act: 'nothing' });
    await readyIn('0 s');
    const claimed = await world.claim(conversationId ?? '');
    if (claimed.act !== 'started') throw new Error(claimed.act);
    await world.stretch(claimed.runId);
    expect(await world.sent(conversationId ?? '')).toEqual(['one\ntwo']);
  });

  test('answers pictures that were sent together once, although the flow merges nothing', async () => {
    await world.publish('start:channel-trigger.media -> tell:send-message', {
      configs: { start, tell: { text: '{{ trigger.attachments | size }} pictures, {{ trigger.text }}' } },
    });
    const picture = (text: string) => world.say('berta', text, { albumId: '77', attachments: [{ kind: 'image' }] });
    const { conversationId } = await picture('');
    await picture('');
    await world.say('berta', '', { attachments: [{ kind: 'image' }] });
    await world.pool.query(`update conversations set ready_at = now() + interval '1 hour' where id = $1`, [conversationId]);
    expect(await world.claim(conversationId ?? '')).toEqual({ act: 'nothing' });
    for (let run = 0; run < 2; run++) {
      await world.pool.query(`update conversations set ready_at = now() where id = $1`, [conversationId]);
      const claimed = await world.claim(conversationId ?? '');
      if (claimed.act !== 'started') throw new Error(claimed.act);
      await world.stretch(claimed.runId);
    }
    expect(await world.sent(conversationId ?? '')).toEqual(['2 pictures, ', '1 pictures, ']);
  });

  test('parks what can’t be claimed after five tries, and the next message goes on', async () => {
    await world.publish(greet, { configs: { start, tell: { text: '{{ trigger.text }}' } } });
    const { conversationId } = await world.say('berta', 'poison');
    await world.pool.query(`update inbox set payload = '{"text": 7}'`);
    for (let tries = 1; tries <= 5; tries++) {
      await world.pool.query('update conversations set ready_at = now()');
      await expect(world.claim(conversationId ?? '')).rejects.toThrow('expected string');
    }
    expect(await inbox()).toEqual(['7: parked']);
    await world.say('berta', 'fine');
    expect(await world.claim(conversationId ?? '')).toMatchObject({ act: 'started' });
  });
});
