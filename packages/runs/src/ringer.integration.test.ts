import { Client, Connection } from '@temporalio/client';
import { testDatabase, type TestDatabase } from '@holdfast/test-kit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { queueHumanReply } from './handoffs.ts';
import { ingestChannelEvents } from './ingest.ts';
import { requestOverride } from './request-override.ts';
import { createRinger, type Ringer } from './ringer.ts';
import { fireSchedules } from './schedules.ts';
import { testWorld, type TestWorld } from './test/test-world.ts';

let database: TestDatabase;
let world: TestWorld;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  world = await testWorld({ database });
});
afterEach(() => world.close());

const start = { channels: ['any'] };
const rows = async (sql: string, values: unknown[] = []) => (await world.pool.query(sql, values)).rows;
const person = () => ({ workspaceId: world.workspaceId, by: { id: world.userId, name: 'Ana' } });

describe('without Temporal', () => {
  let ringer: Ringer;
  let unreachable: Connection | null = null;
  let sends = 0;
  const open = ({ isSilent }: { isSilent: boolean }) => {
    unreachable = isSilent ? Connection.lazy({ address: '127.0.0.1:1', connectTimeout: '1s' }) : null;
    const client = unreachable && new Client({ connection: unreachable });
    ringer = createRinger({
      pool: world.pool,
      catalog: world.deps.catalog,
      log: world.deps.log,
      temporal: () => client,
      sweepMs: 100,
      onHumanSend: () => void sends++,
    });
    Object.assign(world.deps.bell, ringer.bell);
  };
  afterEach(async () => {
    await ringer.stop();
    await unreachable?.close();
  });

  test('messages are taken in and claimed all the same, and their runs wait to be started', async () => {
    open({ isSilent: true });
    await world.publish('start:channel-trigger.message -> tell:send-message', { configs: { start, tell: { text: 'ok' } } });
    await ingestChannelEvents(
      world.deps,
      world.channel,
      ['a', 'b', 'c'].map((contact) => world.event(contact, 'Hi')),
    );
    await expect
      .poll(() => rows(`select lane, epoch, ring_at is not null as rings from runs`))
      .toEqual(Array.from({ length: 3 }, () => ({ lane: 'handover', epoch: 1, rings: true })));
  });

  test('a person’s reply is queued, and an override is accepted for later', async () => {
    open({ isSilent: false });
    await world.publish('start:channel-trigger.message -> person:human-handoff.returned -> tell:send-message', {
      configs: { start, tell: { text: 'Back' } },
    });
    const { conversationId, runId } = await world.talk('berta', 'human').catch(async () => {
      // The ringer claimed it first; the stretch is then ours.
      const [run] = await rows('select id, conversation_id from runs');
      await world.stretch(run.id);
      return { conversationId: String(run.conversation_id), runId: String(run.id) };
    });
    const [handoff] = await rows('select id from handoffs');
    const before = sends;
    const { messageId } = await queueHumanReply(world.deps, {
      ...person(),
      handoffId: handoff.id,
      text: 'Hello, Ana here',
      attachments: [],
    });
    expect(sends).toBe(before + 1);
    expect(await rows('select state, author from effects where message_id = $1', [messageId])).toEqual([
      { state: 'planned', author: 'human' },
    ]);
    expect(await requestOverride(world.deps, { ...person(), runId, body: { action: 'end' }, waitMs: 200 })).toMatchObject({
      state: 'accepted',
    });
    expect(await world.sent(conversationId)).toContain('Hello, Ana here');
  });

  test('no run is taken over: silence is no proof that its workflow is gone', async () => {
    open({ isSilent: true });
    await world.publish('start:channel-trigger.message -> ask:ask.answered', { configs: { start, ask: { question: 'Hm?' } } });
    const { conversationId } = await world.say('berta', 'Hi');
    await expect.poll(() => rows('select id from runs')).toHaveLength(1);
    const [run] = await rows('select id from runs where conversation_id = $1', [conversationId]);
    await world.stretch(run.id);
    await world.pool.query(`update runs set updated_at = now() - interval '1 hour'`);
    await ringer.sweep().catch(() => undefined);
    expect(await world.run(run.id)).toMatchObject({ epoch: 1, lane: 'temporal' });
  });
});

describe('a schedule', () => {
  const schedule = { cron: '* * * * *', timezone: 'UTC' };

  test('starts each occurrence once, however many processes look', async () => {
    await world.publish('start:schedule-trigger.fired -> done:end', { configs: { start: schedule } });
    await world.pool.query(`update triggers set next_fire_at = '2026-11-23T10:00:00Z'`);
    const now = new Date('2026-11-23T10:00:30Z');
    const fired = await Promise.all(Array.from({ length: 5 }, () => fireSchedules(world.deps, now)));
    expect(fired.flat()).toHaveLength(1);
    expect(await rows('select input, source from runs')).toEqual([
      { source: 'schedule', input: { firedAt: now.toISOString(), scheduledFor: '2026-11-23T10:00:00.000Z' } },
    ]);
    expect(await rows('select next_fire_at from triggers')).toEqual([{ next_fire_at: new Date('2026-11-23T10:01:00Z') }]);
  });

  test('makes up for the latest missed occurrence only', async () => {
    await world.publish('start:schedule-trigger.fired -> done:end', { configs: { start: schedule } });
    await world.pool.query(`update triggers set next_fire_at = '2026-11-23T08:00:00Z'`);
    await fireSchedules(world.deps, new Date('2026-11-23T10:00:30Z'));
    expect(await rows(`select input ->> 'scheduledFor' as at from runs`)).toEqual([{ at: '2026-11-23T10:00:00.000Z' }]);
  });

  test('that was just published gets its next time', async () => {
    await world.publish('start:schedule-trigger.fired -> done:end', { configs: { start: schedule } });
    await fireSchedules(world.deps, new Date('2026-11-23T10:00:30Z'));
    expect(await rows('select next_fire_at from triggers')).toEqual([{ next_fire_at: new Date('2026-11-23T10:01:00Z') }]);
    expect(await rows('select 1 from runs')).toEqual([]);
  });

  test('of a paused flow stays silent', async () => {
    const { flowId } = await world.publish('start:schedule-trigger.fired -> done:end', { configs: { start: schedule } });
    await world.pool.query(`update triggers set next_fire_at = '2026-11-23T10:00:00Z'`);
    await world.pool.query('update flows set paused_at = now() where id = $1', [flowId]);
    expect(await fireSchedules(world.deps, new Date('2026-11-23T10:00:30Z'))).toEqual([]);
  });
});
