import { unheardRuns } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import { startHttpService, type HttpService } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { claimHandoff, returnHandoff } from './handoffs.ts';
import { stretch } from './stretch.ts';
import { testWorld, type TestWorld } from './test/test-world.ts';

let world: TestWorld;
let shop: HttpService;
beforeAll(async () => {
  world = await testWorld();
  shop = await startHttpService();
});
afterAll(async () => {
  await world.close();
  await shop.close();
});

const only = (word: string) => ({ channels: ['any'], words: [word] });
/** The time of a run's open waits is over: the deadlines in its journal move into the past, before anybody folds it again. */
const letTimePass = (runId: string) =>
  world.pool.query(
    `update journal set entry = jsonb_set(entry, '{deadlineAt}', to_jsonb('2026-01-01T00:00:00.000Z'::text)) where run_id = $1 and kind = 'wait-opened' and entry ->> 'deadlineAt' is not null`,
    [runId],
  );

describe('a question', () => {
  const flow = (word: string) =>
    world.publish(
      'start:channel-trigger.message -> ask:ask.answered -> tell:send-message\nask.expired -> late:send-message\nask.unclear -> lost:send-message',
      {
        configs: {
          start: only(word),
          ask: { question: 'How many?', expects: 'number', reask: 'A number, please', tries: 2 },
          tell: { text: '{{ nodes.ask.value }}' },
          late: { text: 'Too late' },
          lost: { text: 'Never mind' },
        },
      },
    );

  test('asks again when the answer does not fit, and takes the next', async () => {
    await flow('again');
    const { conversationId, runId } = await world.talk('a', 'again');
    await world.say('a', 'many');
    await world.claim(conversationId);
    expect(await world.stretch(runId)).toMatchObject({ status: 'open' });
    await world.say('a', '7');
    await world.claim(conversationId);
    expect(await world.stretch(runId)).toMatchObject({ status: 'ended' });
    expect(await world.sent(conversationId)).toEqual(['How many?', 'A number, please', '7']);
    expect((await world.journal(runId)).filter((entry) => entry.kind === 'wait-continued')).toHaveLength(1);
  });

  test('leaves by its own exit after so many answers that don’t fit', async () => {
    await flow('unclear');
    const { conversationId, runId } = await world.talk('b', 'unclear');
    for (const text of ['x', 'y']) {
      await world.say('b', text);
      await world.claim(conversationId);
      await world.stretch(runId);
    }
    expect(await world.sent(conversationId)).toEqual(['How many?', 'A number, please', 'Never mind']);
  });

  test('is left by `expired` when its time is over, unless the answer is there already', async () => {
    await flow('expire');
    const first = await world.talk('c', 'expire');
    await letTimePass(first.runId);
    await world.stretch(first.runId);
    expect(await world.sent(first.conversationId)).toEqual(['How many?', 'Too late']);
    const second = await world.talk('d', 'expire');
    await world.say('d', '3');
    await letTimePass(second.runId);
    await world.stretch(second.runId);
    expect(await world.sent(second.conversationId)).toEqual(['How many?', '3']);
  });

  test('is not heard twice when the doorbell rings twice', async () => {
    await flow('twice');
    const { conversationId, runId } = await world.talk('e', 'twice');
    await world.say('e', '5');
    await world.claim(conversationId);
    await Promise.all([world.stretch(runId), world.stretch(runId)].map((each) => each.catch(() => undefined)));
    await world.stretch(runId);
    expect(await world.sent(conversationId)).toEqual(['How many?', '5']);
  });
});

describe('a handoff', () => {
  test('that two branches wait for lets both go on when it is given back', async () => {
    await world.publish(
      'start:channel-trigger.message -> one:human-handoff.returned -> first:end\nstart.message -> two:human-handoff.returned -> second:end',
      { configs: { start: only('together'), one: { message: '' }, two: { message: '' } } },
    );
    const { conversationId, runId } = await world.talk('together', 'together');
    const { id } = (await world.pool.query('select id from handoffs where conversation_id = $1', [conversationId])).rows[0];
    const by = { workspaceId: world.workspaceId, by: { id: world.userId, name: 'Ana' } };
    await claimHandoff(world.deps, { ...by, handoffId: id });
    await returnHandoff(world.deps, { ...by, handoffId: id });
    expect(await world.stretch(runId)).toMatchObject({ status: 'ended' });
    const ended = (await world.journal(runId)).flatMap((entry) => (entry.kind === 'step-ended' ? [entry.node] : []));
    expect(ended.toSorted()).toEqual(['first', 'one', 'second', 'two']);
  });

  const flow = (word: string) =>
    world.publish(
      'start:channel-trigger.message -> person:human-handoff.returned -> tell:send-message\nperson.expired -> late:send-message',
      {
        configs: {
          start: only(word),
          person: { timeout: '1h', reason: 'Asked for a person' },
          tell: { text: 'Back' },
          late: { text: 'Nobody came' },
        },
      },
    );

  test('that nobody takes in time is closed, and the bot speaks again', async () => {
    await flow('nobody');
    const { conversationId, runId } = await world.talk('f', 'nobody');
    await letTimePass(runId);
    await world.stretch(runId);
    expect((await world.sent(conversationId)).at(-1)).toBe('Nobody came');
    expect((await world.pool.query('select status, ended_by from handoffs where run_id = $1', [runId])).rows).toEqual([
      { status: 'closed', ended_by: 'system' },
    ]);
  });

  test('that a person has taken outlives its time', async () => {
    await flow('taken');
    const { runId } = await world.talk('g', 'taken');
    const { id } = (await world.pool.query('select id from handoffs where run_id = $1', [runId])).rows[0];
    await claimHandoff(world.deps, { workspaceId: world.workspaceId, by: { id: world.userId, name: 'Ana' }, handoffId: id });
    await letTimePass(runId);
    expect(await world.stretch(runId)).toEqual({ status: 'open', effects: [], wakeInMs: null });
    expect(await world.run(runId)).toMatchObject({ status: 'waiting', waitingFor: 'handoff' });
  });

  test('tells staff in the ways they asked for, with its reason', async () => {
    await world.pool.query(
      `insert into alert_routes (id, workspace_id, kind, target, events) values ('route_1', $1, 'webhook', '{}', '{handoff.opened}')`,
      [world.workspaceId],
    );
    await flow('alert');
    const { runId } = await world.talk('h', 'alert');
    const told = await world.pool.query(
      `select a.title, a.detail, d.state from alerts a join alert_deliveries d on d.alert_id = a.id join handoffs h on h.id = a.subject where h.run_id = $1`,
      [runId],
    );
    expect(told.rows).toEqual([{ title: 'h needs a person', detail: 'Asked for a person', state: 'planned' }]);
  });
});

describe('branches', () => {
  test('run side by side and meet in a join', async () => {
    // Neither is answered before both are asked.
    const gate = Promise.withResolvers<void>();
    let asked = 0;
    const reply = (n: number) => () => {
      if ((asked += 1) === 2) gate.resolve();
      return { body: { n }, after: gate.promise };
    };
    shop.on('GET /slow', reply(1));
    shop.on('GET /other', reply(2));
    await world.publish(
      'start:channel-trigger.message -> a:api-call, b:api-call\na.ok -> both:join\nb.ok -> both\nboth.done -> tell:send-message',
      {
        configs: {
          start: only('branches'),
          a: { url: `${shop.url}/slow` },
          b: { url: `${shop.url}/other` },
          tell: { text: '{{ nodes.both.a.body.n }} and {{ nodes.both.b.body.n }}' },
        },
      },
    );
    const { conversationId } = await world.talk('i', 'branches');
    expect(await world.sent(conversationId)).toEqual(['1 and 2']);
  });

  test('let a question be answered while another branch waits', async () => {
    await world.publish('start:channel-trigger.message -> ask:ask, later:wait\nask.answered -> tell:send-message', {
      configs: { start: only('both'), ask: { question: 'Now?' }, later: { duration: '1h' }, tell: { text: 'Heard {{ nodes.ask.text }}' } },
    });
    const { conversationId, runId } = await world.talk('j', 'both');
    expect(await world.run(runId)).toMatchObject({ status: 'waiting', waitingFor: 'reply' });
    await world.say('j', 'yes');
    await world.claim(conversationId);
    await world.stretch(runId);
    expect(await world.sent(conversationId)).toEqual(['Now?', 'Heard yes']);
    expect(await world.run(runId)).toMatchObject({ status: 'waiting', waitingFor: 'timer' });
  });
});

describe('a channel that is away', () => {
  const away = (): typeof world.deps => ({
    ...world.deps,
    delivery: {
      sendForStep: async () => {
        throw new HoldfastError('upstream.unreachable', { detail: 'The channel is away.' });
      },
    },
  });

  test('puts a question off instead of stopping its run', async () => {
    await world.publish('start:channel-trigger.message -> ask:ask', { configs: { start: only('away'), ask: { question: 'Which?' } } });
    const { conversationId } = await world.say('m', 'away');
    const claimed = await world.claim(conversationId ?? '');
    if (claimed.act !== 'started') throw new Error(claimed.act);
    const { runId } = claimed;
    const result = await stretch(away(), { runId, epoch: 1, owner: `${runId}.1`, inFlight: [] });
    expect(result).toEqual({ status: 'open', effects: [], wakeInMs: expect.any(Number) });
    expect(await world.run(runId)).toMatchObject({ status: 'waiting', waitingFor: 'send' });
    await world.pool.query(
      `update journal set entry = jsonb_set(entry, '{retryAt}', to_jsonb('2026-01-01T00:00:00.000Z'::text)) where run_id = $1 and kind = 'step-failed'`,
      [runId],
    );
    await world.stretch(runId);
    expect(await world.sent(conversationId ?? '')).toEqual(['Which?']);
  });

  test('keeps nobody from a person, and neither does the red switch', async () => {
    await world.publish('start:channel-trigger.message -> person:human-handoff', {
      configs: { start: only('urgent'), person: { message: 'One moment' } },
    });
    const { conversationId } = await world.say('n', 'urgent');
    const claimed = await world.claim(conversationId ?? '');
    if (claimed.act !== 'started') throw new Error(claimed.act);
    await stretch(away(), { runId: claimed.runId, epoch: 1, owner: `${claimed.runId}.1`, inFlight: [] });
    expect(await world.run(claimed.runId)).toMatchObject({ waitingFor: 'handoff' });
    await world.pool.query('update workspaces set sends_paused_at = now()');
    const other = await world.talk('o', 'urgent');
    await world.pool.query('update workspaces set sends_paused_at = null');
    expect(await world.run(other.runId)).toMatchObject({ waitingFor: 'handoff' });
  });
});

describe('a send that the red switch holds', () => {
  test('is rung for when it is released, although another branch waits for hours', async () => {
    await world.publish('start:channel-trigger.message -> later:wait, tell:send-message', {
      configs: { start: only('held'), later: { duration: '3h' }, tell: { text: 'Here' } },
    });
    await world.pool.query('update workspaces set sends_paused_at = now()');
    const { conversationId, runId } = await world.talk('l', 'held');
    expect(await unheardRuns(world.pool, -1_000)).toEqual([]);
    await world.pool.query('update workspaces set sends_paused_at = null');
    expect(await unheardRuns(world.pool, -1_000)).toEqual([{ id: runId, epoch: 1 }]);
    await world.stretch(runId);
    expect(await world.sent(conversationId)).toEqual(['Here']);
    expect(await world.run(runId)).toMatchObject({ status: 'waiting', waitingFor: 'timer' });
  });

  test('is looked after by its own run while another branch asks the customer', async () => {
    await world.publish('start:channel-trigger.message -> ask:ask, later:wait\nlater.done -> tell:send-message', {
      configs: { start: only('beside'), ask: { question: 'Which order?' }, later: { duration: '3h' }, tell: { text: 'Here' } },
    });
    const { conversationId, runId } = await world.talk('p', 'beside');
    await world.pool.query('update workspaces set sends_paused_at = now()');
    await world.pool.query(
      `update journal set entry = jsonb_set(entry, '{deadlineAt}', to_jsonb('2026-01-01T00:00:00.000Z'::text)) where run_id = $1 and node_id = 'later'`,
      [runId],
    );
    const { wakeInMs } = await world.stretch(runId);
    expect(wakeInMs).toBeLessThanOrEqual(10_000);
    expect(await world.run(runId)).toMatchObject({ status: 'waiting', waitingFor: 'reply' });
    await world.pool.query('update workspaces set sends_paused_at = null');
    await world.stretch(runId);
    expect(await world.sent(conversationId)).toEqual(['Which order?', 'Here']);
    expect((await world.run(runId)).wakeAt?.getTime() ?? Infinity).toBeGreaterThan(Date.now() + 60_000);
  });
});

describe('a circle', () => {
  test('that never ends stops at the flow’s bound and asks for a person', async () => {
    await world.publish('start:channel-trigger.message -> one:set-data -> two:set-data -> one', {
      settings: { maxSteps: 20 },
      configs: { start: only('circle') },
    });
    const { runId } = await world.talk('k', 'circle');
    expect(await world.run(runId)).toMatchObject({ status: 'attention', cause: { code: 'flow.too-many-steps' } });
  });
});
