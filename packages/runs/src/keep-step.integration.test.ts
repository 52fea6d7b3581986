import { ensureProvider, hurryKeptLine, listKeptCalls, retryKeptCall, settleKeptCall, takeOverRun } from '@holdfast/db';
import type { JsonObject } from '@holdfast/node-kit';
import { createProviders, startDeliverer, type Deliverer, type Providers } from '@holdfast/providers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createCarryOut } from './carry-out.ts';
import type { ResolvedCredential } from './deps.ts';
import { startManualRun } from './start-run.ts';
import { testWorld, type TestWorld } from './test/test-world.ts';
import { spreadsheet, startWritingSteps, type WritingSteps } from './test/writing-steps.ts';

let world: TestWorld;
let gate: Providers;
let systems: WritingSteps;
let steps: WritingSteps['steps'];
/** As they are now: what is kept never holds one. */
let credentials: Record<string, ResolvedCredential>;
let dieAt: string | null = null;
let died: () => void;
beforeAll(async () => {
  systems = await startWritingSteps();
  ({ steps } = systems);
  world = await testWorld({
    alter: (deps) => {
      gate = createProviders({ pool: deps.pool, egress: deps.egress, copyIsFreshMs: 0 });
      const open = async (_workspace: string, id: string) => credentials[id] ?? Promise.reject(new Error(`There is no ${id}.`));
      return {
        ...deps,
        providers: gate,
        databases: systems.databases,
        openCredential: open,
        lookAtCredential: async (workspace, id) => ({ ...(await open(workspace, id)), secret: {} }),
        crashPoint: (point) => {
          if (point !== dieAt) return undefined;
          dieAt = null;
          died();
          return new Promise<void>(() => undefined);
        },
      };
    },
  });
});
beforeAll(() =>
  world.pool.query(
    `insert into files (id, workspace_id, name, mime_type, size_bytes, sha256, content) values ('file_1', $1, 'a.txt', 'text/plain', 8, '', 'an order')`,
    [world.workspaceId],
  ),
);
afterAll(async () => {
  await gate.close();
  await world.close();
  await systems.close();
});
beforeEach(async () => {
  credentials = systems.credentials();
  for (const table of ['kept_calls', 'kept_lines', 'leases', 'alerts', 'providers']) await world.pool.query(`delete from ${table}`);
});
const running: Deliverer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
});

type Kind = keyof WritingSteps['steps'];

async function goDown(provider: string, isDown = true): Promise<void> {
  const kind = provider.slice(0, provider.indexOf(':'));
  await ensureProvider(world.pool, { workspaceId: world.workspaceId, key: provider, kind, name: provider });
  await world.pool.query(
    `update providers set breaker = $2, opened_at = now(), probe_at = now() + interval '1 hour', changed_at = clock_timestamp() where key = $1`,
    [provider, isDown ? 'open' : 'closed'],
  );
}
async function begin(kind: Kind, more: JsonObject = {}, id = 7): Promise<string> {
  const { type, config } = steps[kind];
  const first = type === 'soap' ? 'ok' : 'done';
  const { flowId } = await world.publish(`start:webhook-trigger.received -> step:${type}.kept -> end:end\n step.${first} -> end`, {
    configs: { start: { path: `keep-${Math.random()}` }, step: { keepCall: true, ...config(), ...more } },
  });
  return (await startManualRun(world.deps, { workspaceId: world.workspaceId, flowId, input: { id } })).runId;
}
/** A run whose step is kept since its provider is down. */
async function keep(kind: Kind, more: JsonObject = {}, id = 7): Promise<string> {
  await goDown(steps[kind].provider);
  const runId = await begin(kind, more, id);
  await world.stretch(runId);
  expect(await world.run(runId)).toMatchObject({ status: 'ended', outcome: 'done' });
  return runId;
}
const keptOf = async (runId: string) => (await world.pool.query('select * from kept_calls where run_id = $1', [runId])).rows[0];
const stateOf = async (runId: string) => (await keptOf(runId))?.state;
const queue = (kind: Kind) => listKeptCalls(world.pool, { workspaceId: world.workspaceId, key: steps[kind].provider, limit: 50 });
const isBack = async (kind: Kind) => {
  await goDown(steps[kind].provider, false);
  await hurryKeptLine(world.pool, { workspaceId: world.workspaceId, key: steps[kind].provider });
};

const dead = new Set<string>();
/** A process of its own, alive until `bury`. */
async function deliver(
  process: string,
  crashPoint?: (point: string) => void | Promise<void>,
  openCredential = world.deps.openCredential,
): Promise<void> {
  await world.pool.query(`insert into leases (process, kind, seen_at) values ($1, 'worker', now() + interval '1 hour')`, [process]);
  const { pool, deps } = world;
  running.push(
    startDeliverer({
      pool,
      gate,
      process,
      isAlive: () => !dead.has(process),
      openCredential,
      carryOut: createCarryOut({ ...deps, openCredential }),
      log: { warn: () => undefined },
      lookEveryMs: 20,
      ...(crashPoint ? { crashPoint } : {}),
    }),
  );
}
async function bury(process: string): Promise<void> {
  dead.add(process);
  running.length = 0;
  await world.pool.query('delete from leases where process = $1', [process]);
  await world.pool.query(`update kept_calls set dispatched_at = now() - interval '6 s' where state = 'dispatching'`);
}
/** A process that stops for ever at this point. */
const dyingAt = (where: string) => (point: string) => (point === where ? new Promise<void>(() => undefined) : undefined);

const kinds: Kind[] = ['order', 'invoice', 'row', 'change', 'file', 'soap'];
describe.each(kinds)('%s', (kind) => {
  test('is kept while its provider is down, and carried out once when that is back', async () => {
    const before = steps[kind].done();
    const runId = await keep(kind);
    expect(steps[kind].done()).toBe(before);
    expect(await keptOf(runId)).toMatchObject({
      provider: steps[kind].provider,
      state: 'waiting',
      request: { step: { type: steps[kind].type, node: 'step' } },
      is_repeatable: true,
    });
    expect((await world.pool.query('select 1 from held_calls where run_id = $1', [runId])).rows).toEqual([]);
    expect((await world.journal(runId)).find((entry) => entry.kind === 'step-ended' && entry.node === 'step')).toMatchObject({
      port: 'kept',
      output: { fallback: 'keep', kept: expect.stringMatching(/^kept_/) },
      facts: { fallback: 'keep', problem: { code: 'upstream.down' } },
    });
    await deliver(`${kind} 1`);
    await expect.poll(async () => (await queue(kind)).items[0]?.problem?.code).toBe('upstream.down');
    expect((await keptOf(runId)).attempts).toBe(0);
    await isBack(kind);
    await expect.poll(() => stateOf(runId)).toBe('delivered');
    expect(steps[kind].done()).toBe(before + 1);
    expect(await keptOf(runId)).toMatchObject({ request: null, attempts: 1 });
  });

  test('whose process dies with the answer is done once all the same, or a person is asked', async () => {
    const before = steps[kind].done();
    const runId = await keep(kind);
    await deliver(`${kind} 2a`, dyingAt('kept-answered'));
    await isBack(kind);
    await expect.poll(() => steps[kind].done()).toBe(before + 1);
    await expect.poll(() => stateOf(runId)).toBe('dispatching');
    await bury(`${kind} 2a`);
    await deliver(`${kind} 2b`);
    const isOnce = kind === 'order' || kind === 'soap' || kind === 'change';
    await expect.poll(() => stateOf(runId)).toBe(isOnce ? 'stopped' : 'delivered');
    expect(steps[kind].done()).toBe(before + 1);
    if (!isOnce) return;
    const { id, problem } = await keptOf(runId);
    expect(problem).toMatchObject({ code: 'upstream.ambiguous' });
    // An order is looked for before it is made; of others a person must know.
    if (kind === 'order') await retryKeptCall(world.pool, { workspaceId: world.workspaceId, id });
    else await settleKeptCall(world.pool, { workspaceId: world.workspaceId, id, by: 'Ana', note: 'it is there', as: 'delivered' });
    await expect.poll(() => stateOf(runId)).toBe('delivered');
    expect(steps[kind].done()).toBe(before + 1);
  });
});

describe('a step that must not be done twice', () => {
  test('and whose process dies before anything went out is begun again', async () => {
    const before = steps.soap.done();
    const runId = await keep('soap');
    await deliver('once 1', dyingAt('kept-dispatched'));
    await isBack('soap');
    await expect.poll(() => stateOf(runId)).toBe('dispatching');
    await bury('once 1');
    await deliver('once 2');
    await expect.poll(() => stateOf(runId)).toBe('delivered');
    expect(steps.soap.done()).toBe(before + 1);
  });

  test('and whose process dies at its first byte stops, and is done once it is sent again', async () => {
    const before = steps.order.done();
    const runId = await keep('order');
    await deliver('once 3', dyingAt('kept-going-out'));
    await isBack('order');
    await expect.poll(async () => (await keptOf(runId)).is_repeatable).toBe(false);
    await bury('once 3');
    await deliver('once 4');
    await expect.poll(() => stateOf(runId)).toBe('stopped');
    expect(steps.order.done()).toBe(before);
    const { id } = await keptOf(runId);
    await retryKeptCall(world.pool, { workspaceId: world.workspaceId, id });
    await expect.poll(() => stateOf(runId)).toBe('delivered');
    expect(steps.order.done()).toBe(before + 1);
  });

  test('and wakes up in a process that was replaced, sends nothing', async () => {
    const before = steps.soap.done();
    const runId = await keep('soap');
    let wake = (): void => undefined;
    const asleep = new Promise<void>((resolve) => (wake = resolve));
    await deliver('once 5', (point) => (point === 'kept-going-out' ? asleep : undefined));
    const [frozen] = running;
    await isBack('soap');
    await expect.poll(async () => (await keptOf(runId)).is_repeatable).toBe(false);
    await bury('once 5');
    await deliver('once 6');
    await expect.poll(() => stateOf(runId)).toBe('stopped');
    wake();
    await frozen?.stop();
    expect(steps.soap.done()).toBe(before);
    expect(await stateOf(runId)).toBe('stopped');
  });

  test('and was made by a run whose process died with the answer is not kept, but left to a person', async () => {
    const before = steps.soap.done();
    await goDown(steps.soap.provider, false);
    const runId = await begin('soap');
    const death = new Promise<void>((resolve) => (died = resolve));
    dieAt = 'call-answered';
    world.stretch(runId).catch(() => undefined);
    await death;
    await goDown(steps.soap.provider);
    expect(await takeOverRun(world.pool, { runId, epoch: (await world.run(runId)).epoch })).toBe(true);
    await world.stretch(runId);
    expect(await world.run(runId)).toMatchObject({ status: 'attention', cause: { code: 'upstream.ambiguous', node: 'step' } });
    expect(await keptOf(runId)).toBeUndefined();
    expect(steps.soap.done()).toBe(before + 1);
  });
});

test('what a frozen process was about to change when its successor did does not come late, although it may be repeated', async () => {
  const before = steps.change.done();
  const runId = await keep('change', { repeatable: true });
  const wake = Promise.withResolvers<void>();
  let isFrozen = false;
  await deliver('late 1', undefined, async (...asked) => {
    const credential = await world.deps.openCredential(...asked);
    isFrozen = true;
    await wake.promise;
    return credential;
  });
  const [frozen] = running;
  await isBack('change');
  await expect.poll(() => isFrozen).toBe(true);
  await bury('late 1');
  await deliver('late 2');
  await expect.poll(() => stateOf(runId)).toBe('delivered');
  wake.resolve();
  await frozen?.stop();
  expect(steps.change.done()).toBe(before + 1);
});

test('the credential is what it is when the step is carried out, and no secret is kept', async () => {
  const runId = await keep('row', {}, 41);
  const { rows } = await world.pool.query('select request::text as request, what from kept_calls where run_id = $1', [runId]);
  expect(JSON.stringify(rows)).not.toContain('token-1');
  systems.google.oauth.accessTokens.delete('token-1');
  systems.google.oauth.accessTokens.add('token-2');
  const { google: known } = credentials;
  if (known) credentials['google'] = { ...known, secret: { token: 'token-2' } };
  await deliver('renewed');
  await isBack('row');
  await expect.poll(() => stateOf(runId)).toBe('delivered');
  expect(systems.google.sheet(spreadsheet).flat()).toContain(41);
});

test('what comes out by an unhappy exit is for a person, and those of its key wait behind it', async () => {
  systems.shop.addVariant('TEA-1');
  const key = { orderKey: 'shelf {{ trigger.id }}' };
  const wrong = await keep('order', { operation: 'set-stock', sku: 'NONE', quantity: '3', ...key });
  const behind = await keep('order', { operation: 'set-stock', sku: 'TEA-1', quantity: '3', ...key });
  await deliver('unhappy');
  await isBack('order');
  await expect.poll(() => stateOf(wrong)).toBe('stopped');
  expect(await keptOf(wrong)).toMatchObject({ problem: { code: 'upstream.refused', detail: expect.stringContaining('Not found') } });
  expect(await stateOf(behind)).toBe('waiting');
  // The provider is there, but whoever came first goes first.
  const later = await begin('order', { operation: 'set-stock', sku: 'TEA-1', quantity: '4', ...key });
  await world.stretch(later);
  expect(await stateOf(later)).toBe('waiting');
  const { id } = await keptOf(wrong);
  await settleKeptCall(world.pool, { workspaceId: world.workspaceId, id, by: 'Ana', note: 'no such thing', as: 'discarded' });
  await expect.poll(() => stateOf(later)).toBe('delivered');
  expect(systems.shop.shop.variants.find(({ sku }) => sku === 'TEA-1')?.available.get('Main')).toBe(4);
});
