import { requestOverride, startManualRun } from '@holdfast/runs';
import { startHttpService, type HttpService } from '@holdfast/test-kit/fakes';
import { differences, recordedRuns, type RecordedRun } from '@holdfast/test-kit/flows';
import { catalog } from '@holdfast/nodes/catalog';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as bell from '@holdfast/runs/temporal-bell';
import * as workflow from '@holdfast/workflows/types';
import { lanes, testApp, until, type Lane, type TestApp } from './test/test-app.ts';

let app: TestApp;
let shop: HttpService;
const left = new Map<Lane, RecordedRun[]>();

const start = { channels: ['any'] };
const person = () => ({ workspaceId: app.world.workspaceId, by: { id: app.world.userId, name: 'Ana' } });
/** Each test has words of its own, so that its flow alone is meant. */
const only = (word: string) => ({ ...start, words: [word] });
const runOf = async (conversationId: string | null) =>
  (
    await app.world.pool.query<{ id: string }>('select id from runs where conversation_id = $1 order by started_at desc limit 1', [
      conversationId,
    ])
  ).rows[0]?.id ?? '';
const standsAt = (runId: string, ...statuses: string[]) =>
  until(
    () => app.world.run(runId),
    // Between two lanes a run stands somewhere, but nobody has it yet.
    (run) => statuses.includes(run?.status) && run.lane !== 'handover',
  );
/** It then holds what this release does not understand, as after a downgrade; the plan in memory is still good. */
const breakJournal = (runId: string) =>
  app.world.pool.query(
    `update journal set entry = jsonb_set(entry, '{kind}', '"of-the-future"') where run_id = $1 and kind = 'wait-opened'`,
    [runId],
  );
const heard = (path: string) => shop.received.slice(heardBefore).filter((request) => request.path === path);
/** The requests of the other lane. */
let heardBefore = 0;
const workflowOf = async (runId: string) => app.client.workflow.getHandle(`${runId}.${(await app.world.run(runId)).epoch}`);

// One for both lanes, since errors name its port.
beforeAll(async () => {
  shop = await startHttpService();
});
afterAll(() => shop.close());

describe.each(lanes)('beginning in the lane "%s"', (lane) => {
  beforeAll(async () => {
    heardBefore = shop.received.length;
    app = await testApp({ lane });
  });
  afterAll(async () => {
    const open = () => app.world.pool.query(`select id, status from runs where status not in ('ended', 'attention')`);
    await until(open, ({ rowCount }) => rowCount === 0);
    left.set(lane, await recordedRuns(app.world.pool));
    await app.close();
  });

  describe('a run', () => {
    test('answers a message', async () => {
      const { world } = app;
      await world.publish('start:channel-trigger.message -> tell:send-message', {
        configs: { start: only('hello'), tell: { text: 'Hello {{ contact.name }}' } },
      });
      const { conversationId } = await world.say('berta', 'hello');
      await until(
        () => world.sent(conversationId ?? ''),
        (sent) => sent.length === 1,
      );
      expect(await standsAt(await runOf(conversationId), 'ended')).toMatchObject({ outcome: 'done', lane: 'ended' });
    });

    test('that can’t be executed waits for a person, and staff are told', async () => {
      const { world } = app;
      const { flowId } = await world.publish('start:webhook-trigger.received -> pause:wait.done -> done:end', {
        configs: { start: { path: 'gone-test' }, pause: { duration: '1h' } },
      });
      const { runId } = await startManualRun(world.deps, { workspaceId: world.workspaceId, flowId, input: {} });
      await standsAt(runId, 'waiting');
      await breakJournal(runId);
      await requestOverride(world.deps, { ...person(), runId, body: { action: 'pause' }, waitMs: 0 });
      await standsAt(runId, 'attention');
      const alerts = await world.pool.query<{ event: string }>('select event from alerts where subject = $1', [runId]);
      expect(alerts.rows).toEqual([{ event: 'run.attention' }]);
    });

    test('tries a failed call again under the node’s policy, and goes on', async () => {
      const { world } = app;
      shop.on('GET /flaky', { status: 503 }, { status: 503, headers: { 'retry-after': '1' } }, { body: { status: 'shipped' } });
      const { flowId } = await world.publish('start:webhook-trigger.received -> call:api-call.ok -> done:end', {
        configs: {
          start: { path: 'flaky-test' },
          call: { url: `${shop.url}/flaky`, firstDelay: '100ms', attempts: 4 },
          done: { result: 'text', text: '{{ nodes.call.body.status }}' },
        },
      });
      const { runId } = await startManualRun(world.deps, { workspaceId: world.workspaceId, flowId, input: {} });
      expect(await standsAt(runId, 'ended')).toMatchObject({ result: 'shipped' });
      const kinds = (await world.journal(runId)).map((entry) => entry.kind).filter((kind) => kind !== 'handed-over');
      expect(kinds).toEqual([
        'run-started',
        'step-started',
        'step-failed',
        'step-started',
        'step-failed',
        'step-started',
        'step-ended',
        'step-ended',
        'run-ended',
      ]);
      const gap = heard('/flaky').map((request) => request.at);
      // Asked for was a second; clocks and timers are not exact.
      expect((gap[2] ?? 0) - (gap[1] ?? 0)).toBeGreaterThanOrEqual(900);
    });

    test('leaves by `failed` when its tries are used up, else stands and waits for a person', async () => {
      const { world } = app;
      shop.on('GET /down', { status: 500 });
      const call = { url: `${shop.url}/down`, firstDelay: '50ms', attempts: 3 };
      const { flowId } = await world.publish('start:webhook-trigger.received -> call:api-call.ok -> done:end\ncall.failed -> sorry:end', {
        configs: { start: { path: 'down-test' }, call, done: {}, sorry: { result: 'text', text: 'sorry: {{ nodes.call.error.code }}' } },
      });
      const { runId } = await startManualRun(world.deps, { workspaceId: world.workspaceId, flowId, input: {} });
      expect(await standsAt(runId, 'ended')).toMatchObject({ result: 'sorry: upstream.broken' });
      expect(heard('/down')).toHaveLength(3);

      const bare = await world.publish('start:webhook-trigger.received -> call:api-call.ok -> done:end', {
        configs: { start: { path: 'down-test-2' }, call, done: {} },
      });
      const second = await startManualRun(world.deps, { workspaceId: world.workspaceId, flowId: bare.flowId, input: {} });
      expect(await standsAt(second.runId, 'attention')).toMatchObject({ cause: { code: 'upstream.broken', node: 'call' } });
      shop.on('GET /down', { body: {} });
      await requestOverride(world.deps, { ...person(), runId: second.runId, body: { action: 'retry' } });
      await standsAt(second.runId, 'ended');
    });

    test('waits for the reply, and reads it', async () => {
      const { world } = app;
      await world.publish('start:channel-trigger.message -> ask:ask.answered -> tell:send-message', {
        configs: { start: only('order'), ask: { question: 'Which order?' }, tell: { text: 'Got {{ nodes.ask.text }}' } },
      });
      const { conversationId } = await world.say('clara', 'my order');
      const sent = () => world.sent(conversationId ?? '');
      await until(sent, (texts) => texts.length === 1);
      await world.say('clara', 'A-1001');
      expect(await until(sent, (texts) => texts.length === 2)).toEqual(['Which order?', 'Got A-1001']);
    });

    test('wakes when its timer rings', async () => {
      const { world } = app;
      await world.publish('start:channel-trigger.message -> later:wait -> tell:send-message', {
        configs: { start: only('timer'), later: { duration: '1s' }, tell: { text: 'Rang' } },
      });
      const { conversationId } = await world.say('dora', 'timer');
      await until(
        () => world.sent(conversationId ?? ''),
        (texts) => texts.length === 1,
      );
      expect(await standsAt(await runOf(conversationId), 'ended')).toMatchObject({ outcome: 'done' });
    });

    test('goes on when a step that is being retried is skipped, and calls it no more', async () => {
      const { world } = app;
      shop.on('GET /never', { status: 503, headers: { 'retry-after': '20' } });
      const { flowId } = await world.publish('start:webhook-trigger.received -> call:api-call.ok -> done:end', {
        configs: {
          start: { path: 'never-test' },
          call: { url: `${shop.url}/never`, firstDelay: '20s', maxDelay: '20s', attempts: 9 },
          done: {},
        },
      });
      const { runId } = await startManualRun(world.deps, { workspaceId: world.workspaceId, flowId, input: {} });
      await until(
        () => world.journal(runId),
        (entries) => entries.some((entry) => entry.kind === 'step-failed'),
      );
      await requestOverride(world.deps, { ...person(), runId, body: { action: 'skip', node: 'call', port: 'ok', output: {} } });
      await standsAt(runId, 'ended');
      expect(heard('/never').length).toBeLessThanOrEqual(2);
      await until(
        async () => (await (await workflowOf(runId)).describe()).status.name,
        (status) => status === 'COMPLETED',
      );
    });
  });

  describe('a run that lost its workflow', () => {
    test('is started anew from its journal when the workflow is gone', async () => {
      const { world } = app;
      await world.publish('start:channel-trigger.message -> ask:ask.answered -> tell:send-message', {
        configs: { start: only('lost'), ask: { question: 'Still there?' }, tell: { text: 'Good' } },
      });
      const { conversationId } = await world.say('eva', 'lost');
      const sent = () => world.sent(conversationId ?? '');
      await until(sent, (texts) => texts.length === 1);
      const runId = await runOf(conversationId);
      await standsAt(runId, 'waiting');
      const { epoch } = await world.run(runId);
      await (await workflowOf(runId)).terminate('the test');
      await world.say('eva', 'yes');
      expect(await until(sent, (texts) => texts.length === 2)).toEqual(['Still there?', 'Good']);
      expect(await standsAt(runId, 'ended')).toMatchObject({ epoch: epoch + 1 });
    });

    test('is found although nobody rings for it', async () => {
      const { world } = app;
      await world.publish('start:channel-trigger.message -> later:wait -> tell:send-message', {
        configs: { start: only('silent'), later: { duration: '3s' }, tell: { text: 'Rang' } },
      });
      /** Answers whether the run was found; on a machine that stalls its timer may have rung before its workflow was ended. */
      const lose = async (person: string): Promise<boolean> => {
        const { conversationId } = await world.say(person, 'silent');
        const runId = await until(
          () => runOf(conversationId),
          (id) => id !== '',
        );
        await standsAt(runId, 'waiting', 'ended');
        const { epoch } = await world.run(runId);
        const isLost = await (await workflowOf(runId)).terminate('the test').then(
          () => true,
          () => false,
        );
        await until(
          () => world.sent(conversationId ?? ''),
          (texts) => texts.length === 1,
        );
        const end = await standsAt(runId, 'ended');
        if (isLost && end.epoch === epoch + 1) return true;
        await breakJournal(runId); // so that it isn't compared with the other lane's
        return false;
      };
      const tries = ['fina', 'fiona', 'frida'];
      while (!(await lose(tries.shift() ?? ''))) expect(tries).not.toEqual([]);
    });
  });

  describe('a doorbell that is lost', () => {
    test('costs seconds: the sweep finds the override', async () => {
      const { world } = app;
      await world.publish('start:channel-trigger.message -> ask:ask.answered -> tell:send-message', {
        configs: { start: only('deaf'), ask: { question: 'Hm?' }, tell: { text: 'ok' } },
      });
      const { conversationId } = await world.say('gala', 'deaf');
      const runId = await until(
        () => runOf(conversationId),
        (id) => id !== '',
      );
      await standsAt(runId, 'waiting');
      const deaf = { ...world.deps, bell: { ...world.deps.bell, doorbell: () => undefined } };
      const { state } = await requestOverride(deaf, { ...person(), runId, body: { action: 'end' }, waitMs: 100 });
      // A run that was just handed over, or a sweep that is early, may find it at once.
      expect(['accepted', 'applied']).toContain(state);
      await standsAt(runId, 'ended');
    });
  });

  describe('a worker', () => {
    test('that is replaced goes on with the runs of the one before', async () => {
      const { world } = app;
      await world.publish('start:channel-trigger.message -> ask:ask.answered -> tell:send-message', {
        configs: { start: only('replace'), ask: { question: 'Ready?' }, tell: { text: 'Still here' } },
      });
      const { conversationId } = await world.say('hilda', 'replace');
      const sent = () => world.sent(conversationId ?? '');
      await until(sent, (texts) => texts.length === 1);
      await app.replaceWorker();
      await world.say('hilda', 'yes');
      expect(await until(sent, (texts) => texts.length === 2)).toEqual(['Ready?', 'Still here']);
      await standsAt(await runOf(conversationId), 'ended');
    });
  });
});

test('both lanes leave the same journals', () => {
  const [express = [], temporal = []] = lanes.map((lane) => left.get(lane));
  expect(express.length).toBeGreaterThan(9);
  expect(differences(catalog, express, temporal)).toEqual([]);
});

test('the ringer and the workflow mean the same names', () => {
  expect([bell.workflowType, bell.doorbellName]).toEqual([workflow.workflowType, workflow.doorbellName]);
});
