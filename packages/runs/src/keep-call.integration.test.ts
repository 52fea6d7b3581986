import { discardHeldCalls, ensureProvider, holdCall, takeOverRun } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import { ungated, type Admission } from '@holdfast/providers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { requestOverride } from './request-override.ts';
import { startManualRun } from './start-run.ts';
import { testWorld, type TestWorld } from './test/test-world.ts';

let world: TestWorld;
let gate: 'down' | 'busy' | 'open';
let made = 0;
let dieAt: string | null = null;
let died: () => void;
const later: Admission = {
  state: 'later',
  notBefore: new Date(Date.now() + 3_600_000),
  code: 'upstream.limited',
  reason: 'It is called at its highest pace.',
  facts: { provider: 'http:shop.test' },
};
beforeAll(async () => {
  world = await testWorld({
    alter: (deps) => ({
      ...deps,
      providers: {
        admit: async (call) => {
          if (call.request.url !== 'https://shop.test/notes?key=1') return ungated(deps.egress).admit(call);
          if (gate === 'busy') return later;
          if (gate === 'open')
            return {
              state: 'go',
              send: async () => ((made += 1), { status: 201, headers: {}, body: null, durationMs: 1 }),
              giveUp: async () => undefined,
            };
          throw new HoldfastError('upstream.down', { detail: 'It has been failing.' });
        },
      },
      crashPoint: (point) => {
        if (point !== dieAt) return undefined;
        dieAt = null;
        died();
        return new Promise<void>(() => undefined);
      },
    }),
  });
});
afterAll(() => world.close());
beforeEach(() => {
  gate = 'down';
});

async function begin(text: string, config: object = { keepCall: true, orderKey: 'customer {{ trigger.id }}' }): Promise<string> {
  const { flowId } = await world.publish(text, {
    configs: {
      start: { path: `keep-${Math.random()}` },
      note: { method: 'POST', url: 'https://shop.test/notes?key=1', bodyKind: 'json', body: '{"id": {{ trigger.id }}}', ...config },
    },
  });
  return (await startManualRun(world.deps, { workspaceId: world.workspaceId, flowId, input: { id: 7 } })).runId;
}
const kept = async (runId: string) => (await world.pool.query('select * from kept_calls where run_id = $1', [runId])).rows;
const keeping = 'start:webhook-trigger.received -> note:api-call.kept -> done:end\n note.ok -> done';

describe('a call to a service that is down', () => {
  test('is kept with the end of its step, as it was rendered and without a secret', async () => {
    const runId = await begin(keeping);
    await world.stretch(runId);
    expect(await world.run(runId)).toMatchObject({ status: 'ended', outcome: 'done' });
    const [call, ...more] = await kept(runId);
    expect(more).toEqual([]);
    expect(call).toMatchObject({
      workspace_id: world.workspaceId,
      provider: 'http:shop.test',
      order_key: 'customer 7',
      what: 'POST https://shop.test/notes',
      request: { method: 'POST', url: 'https://shop.test/notes?key=1' },
      is_repeatable: false,
      state: 'waiting',
    });
    expect(String(call.body)).toBe('{"id": 7}');
    const ended = (await world.journal(runId)).find((entry) => entry.kind === 'step-ended' && entry.node === 'note');
    expect(ended).toMatchObject({
      port: 'kept',
      output: { status: 202, body: { kept: call.id }, fallback: 'keep' },
      facts: { kept: call.id },
    });
  });

  test('is kept once, wherever the process dies', async () => {
    const runId = await begin(keeping);
    const death = new Promise<void>((resolve) => (died = resolve));
    dieAt = 'ending';
    world.stretch(runId).catch(() => undefined);
    await death;
    expect(await kept(runId)).toEqual([]);
    expect(await takeOverRun(world.pool, { runId, epoch: (await world.run(runId)).epoch })).toBe(true);
    await world.stretch(runId);
    expect(await world.run(runId)).toMatchObject({ status: 'ended', outcome: 'done' });
    expect(await kept(runId)).toHaveLength(1);
  });

  test('is not kept behind others of its key when it was made by a process that died: it would be made twice', async () => {
    const before = made;
    const config = { keepCall: true, orderKey: 'customer of two' };
    gate = 'open';
    dieAt = 'call-answered';
    const runId = await begin(keeping, config);
    const death = new Promise<void>((resolve) => (died = resolve));
    world.stretch(runId).catch(() => undefined);
    await death;
    gate = 'down';
    const other = await begin(keeping, config);
    await world.stretch(other);
    expect(await kept(other)).toHaveLength(1);
    expect(await takeOverRun(world.pool, { runId, epoch: (await world.run(runId)).epoch })).toBe(true);
    await world.stretch(runId);
    expect(await world.run(runId)).toMatchObject({ status: 'attention', cause: { code: 'upstream.ambiguous', node: 'note' } });
    expect(await kept(runId)).toEqual([]);
    expect(made - before).toBe(1);
  });

  test('is not made twice by whoever sends its run back while it waits: that is refused until it is settled', async () => {
    const text = 'start:webhook-trigger.received -> note:api-call.kept -> rest:wait.done -> done:end\n note.ok -> rest';
    const { flowId } = await world.publish(text, {
      configs: {
        start: { path: `keep-${Math.random()}` },
        note: { method: 'POST', url: 'https://shop.test/notes?key=1', keepCall: true },
        rest: { duration: '1h' },
      },
    });
    const { runId } = await startManualRun(world.deps, { workspaceId: world.workspaceId, flowId, input: {} });
    await world.stretch(runId);
    const [{ id }] = await kept(runId);
    const by = { id: world.userId, name: 'Ana' };
    const jump = async (node: string) => {
      await requestOverride(world.deps, { workspaceId: world.workspaceId, runId, by, body: { action: 'jump', node }, waitMs: 0 });
      await world.stretch(runId);
      const { rows } = await world.pool.query(
        `select refused ->> 'detail' as refused from overrides where run_id = $1 order by created_at`,
        [runId],
      );
      return rows.at(-1)?.refused;
    };
    expect(await jump('rest')).toBeNull();
    for (const state of ['waiting', 'dispatching', 'stopped']) {
      await world.pool.query('update kept_calls set state = $2 where id = $1', [id, state]);
      expect(await jump('note')).toContain('POST https://shop.test/notes');
    }
    expect(await kept(runId)).toHaveLength(1);
    await world.pool.query(`update kept_calls set state = 'discarded' where id = $1`, [id]);
    expect(await jump('note')).toBeNull();
    expect(await kept(runId)).toHaveLength(2);
  });

  test('waits behind one of its key and credential also where that goes another way by now, and so has another provider', async () => {
    const first = await begin(keeping, { keepCall: true, orderKey: 'customer of one way' });
    await world.stretch(first);
    await world.pool.query(
      `update kept_calls set provider = 'http:shop.test@proxy.test', request = request || '{"credential": "cred_1"}' where run_id = $1`,
      [first],
    );
    gate = 'open';
    const later = await begin(keeping, { keepCall: true, orderKey: 'customer of one way', credential: 'cred_1' });
    await world.stretch(later);
    expect(await kept(later)).toMatchObject([{ provider: 'http:shop.test@proxy.test', state: 'waiting' }]);
  });

  test('stays kept when its run is forgotten', async () => {
    const runId = await begin(keeping);
    await world.stretch(runId);
    const [{ id }] = await kept(runId);
    await world.pool.query('delete from runs where id = $1', [runId]);
    expect((await world.pool.query('select state, run_id from kept_calls where id = $1', [id])).rows).toEqual([
      { state: 'waiting', run_id: null },
    ]);
  });
});

describe('a waiting call that is taken out of the queue', () => {
  const discard = async (runId: string, runs: 'attention' | 'failed', meanwhile = async () => undefined as void) => {
    const provider = { workspaceId: world.workspaceId, key: 'http:shop.test' };
    const step = (await world.journal(runId)).find((entry) => entry.kind === 'step-failed');
    await ensureProvider(world.pool, { ...provider, kind: 'http', name: 'shop.test' });
    const stepId = step && 'step' in step ? (step.step ?? '') : '';
    await holdCall(world.pool, {
      workspaceId: provider.workspaceId,
      provider: provider.key,
      turn: new Date(),
      runId,
      stepId,
      code: 'upstream.limited',
      forMs: 60_000,
    });
    const given = {
      ...provider,
      byUserId: world.userId,
      byName: 'Ana',
      reason: 'ordered twice',
      runs,
      seenAt: new Date(Date.now() + 3_600_000).toISOString(),
    };
    expect(await discardHeldCalls(world.pool, given)).toBe(1);
    await meanwhile();
    await world.stretch(runId);
  };
  beforeEach(() => {
    gate = 'busy';
  });

  test('leaves its run to a person, who can have it made after all', async () => {
    const runId = await begin('start:webhook-trigger.received -> note:api-call.ok -> done:end', {});
    await world.stretch(runId);
    await discard(runId, 'attention');
    expect((await world.pool.query('select 1 from held_calls where run_id = $1', [runId])).rows).toEqual([]);
    expect(await world.run(runId)).toMatchObject({ status: 'attention', cause: { code: 'upstream.discarded', node: 'note' } });
  });

  test('and was made at that very moment by a process that died is not said to be unsent, and is not made again', async () => {
    const runId = await begin('start:webhook-trigger.received -> note:api-call.ok -> done:end\n note.failed -> done', {});
    await world.stretch(runId);
    const before = made;
    gate = 'open';
    dieAt = 'call-answered';
    const death = new Promise<void>((resolve) => (died = resolve));
    world.stretch(runId).catch(() => undefined);
    await death;
    await discard(runId, 'failed', async () => {
      expect(await takeOverRun(world.pool, { runId, epoch: (await world.run(runId)).epoch })).toBe(true);
    });
    expect(await world.run(runId)).toMatchObject({ status: 'attention', cause: { code: 'upstream.ambiguous', node: 'note' } });
    expect(made - before).toBe(1);
  });

  test('leaves by “failed” where that is drawn', async () => {
    const runId = await begin('start:webhook-trigger.received -> note:api-call.ok -> done:end\n note.failed -> done', {});
    await world.stretch(runId);
    await discard(runId, 'failed');
    expect((await world.pool.query('select 1 from held_calls where run_id = $1', [runId])).rows).toEqual([]);
    expect(await world.run(runId)).toMatchObject({ status: 'ended', outcome: 'done' });
    const ended = (await world.journal(runId)).find((entry) => entry.kind === 'step-ended' && entry.node === 'note');
    expect(ended).toMatchObject({
      port: 'failed',
      output: { error: { code: 'upstream.discarded', detail: expect.stringContaining('ordered twice') } },
    });
  });
});

describe('a call whose process died with its answer', () => {
  test.each(['busy', 'down'] as const)(
    'is not put off or tried again as unsent where the service is %s meanwhile; a person has it made again',
    async (then) => {
      const runId = await begin('start:webhook-trigger.received -> note:api-call.ok -> done:end\n note.failed -> done', {});
      const before = made;
      gate = 'open';
      dieAt = 'call-answered';
      const death = new Promise<void>((resolve) => (died = resolve));
      world.stretch(runId).catch(() => undefined);
      await death;
      gate = then;
      expect(await takeOverRun(world.pool, { runId, epoch: (await world.run(runId)).epoch })).toBe(true);
      await world.stretch(runId);
      expect(await world.run(runId)).toMatchObject({ status: 'attention', cause: { code: 'upstream.ambiguous', node: 'note' } });
      expect(made - before).toBe(1);
      gate = 'open';
      const by = { id: world.userId, name: 'Ana' };
      await requestOverride(world.deps, { workspaceId: world.workspaceId, runId, by, body: { action: 'retry' }, waitMs: 0 });
      await world.stretch(runId);
      expect(await world.run(runId)).toMatchObject({ status: 'ended', outcome: 'done' });
      expect(made - before).toBe(2);
    },
  );
});
