import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startManualRun } from '@holdfast/runs';
import { testWorld, type TestWorld } from '@holdfast/runs/test-world';
import { testTemporal, type TestTemporal } from '@holdfast/test-kit';
import { forkTallyService, type ForkedTallyService } from '@holdfast/test-kit/fakes';
import { afterEach, beforeEach, expect, test } from 'vitest';

const orders = Array.from({ length: 16 }, (_, index) => `A-${index}`);
/** Where the first process stands with these when it is frozen: in the middle of that call. The other orders go straight through. */
const [looking, noting, paying] = [orders.slice(0, 3), orders.slice(3, 7), orders.slice(7, 11)];
const underWay = { '/orders': looking, '/notes': noting, '/payments': paying };
/** The process that is frozen ends when it was late for so long; a machine that stalls must not end it before. */
const lateMs = 8_000;
const stop: (() => Promise<unknown>)[] = [];
let world: TestWorld;
let temporal: TestTemporal;
let shop: ForkedTallyService;
let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'holdfast-frozen-'));
  world = await testWorld();
  temporal = await testTemporal();
  shop = await forkTallyService({ seed: 7, slowMs: 50 });
  stop.push(
    () => rm(dataDir, { recursive: true, force: true }),
    world.close,
    () => temporal.close(),
    shop.close,
  );
});
afterEach(async () => {
  for (const each of stop.splice(0).toReversed()) await each();
});

async function startProcess(maxLateMs: number): Promise<{ child: ChildProcess; lease: string }> {
  const given = [world.url, temporal.address, temporal.namespace, dataDir, String(maxLateMs)];
  const child = fork(join(import.meta.dirname, 'test', 'executor.ts'), given, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  stop.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  const ended = once(child, 'exit').then(() => {
    throw new Error('The process ended before it was ready.');
  });
  const [told] = await Promise.race([once(child, 'message'), ended]);
  return { child, lease: told.process };
}

async function startRuns(): Promise<void> {
  const post = (to: string) => ({
    method: 'POST',
    url: `${shop.url}/${to}`,
    bodyKind: 'json',
    body: '{"order": {{ trigger.order | json }}}',
  });
  const { flowId } = await world.publish(
    `start:webhook-trigger.received -> look:api-call.ok -> note:api-call.ok -> pay:api-call.ok -> done:end`,
    {
      configs: {
        start: { path: 'frozen' },
        look: { url: `${shop.url}/orders`, query: { order: '{{ trigger.order }}' } },
        note: post('notes'),
        pay: { ...post('payments'), idempotencyHeader: 'Idempotency-Key', firstDelay: '200ms' },
      },
    },
  );
  // Written as by a server that has no express lane: whoever has one takes them.
  const deps = { ...world.deps, forcedLane: null };
  for (const order of orders) await startManualRun(deps, { workspaceId: world.workspaceId, flowId, input: { order } });
}

const rows = async <T extends object>(sql: string): Promise<T[]> => (await world.pool.query<T>(sql)).rows;
const count = async (sql: string): Promise<number> => (await rows<{ n: number }>(`select count(*)::int as n from ${sql}`))[0]?.n ?? 0;

/** Every row that says what a run did or is doing. */
const everything = async (): Promise<unknown> => ({
  runs: await rows('select * from runs order by id'),
  journal: await rows('select * from journal order by run_id, seq'),
  effects: await rows('select * from effects order by key'),
});

test('a process that was frozen past its lease changes no row, finishes at most what it was calling, and repeats nothing', async () => {
  const { child: frozen, lease } = await startProcess(lateMs);
  await shop.hold(underWay);
  await startRuns();
  const calling = Object.values(underWay).flat();
  await expect.poll(shop.held).toBe(calling.length);
  await expect.poll(() => count(`runs where status = 'ended'`)).toBe(orders.length - calling.length);
  frozen.kill('SIGSTOP');
  // What it was calling is answered now; it can't hear that.
  await shop.release();

  await startProcess(60_000);
  await expect
    .poll(() => count(`runs where status in ('ended', 'attention') and lane <> 'handover'`), { timeout: 60_000 })
    .toBe(orders.length);
  const stuck = await rows<{ order: string; code: string }>(
    `select input ->> 'order' as "order", cause ->> 'code' as code from runs where status = 'attention'`,
  );
  expect(new Set(stuck.map(({ order }) => order))).toEqual(new Set(noting));
  expect(new Set(stuck.map(({ code }) => code))).toEqual(new Set(['upstream.ambiguous']));
  expect(await count(`journal where kind = 'handed-over' and entry ->> 'cause' = 'owner-lost'`)).toBe(calling.length);

  await expect
    .poll(() => count(`leases where process = '${lease}' and seen_at < now() - interval '${(lateMs + 2_000) / 1_000} s'`))
    .toBe(1);
  const before = await everything();
  const ended = once(frozen, 'exit');
  frozen.kill('SIGCONT');
  expect((await ended)[0]).toBe(70);
  expect(await everything()).toEqual(before);
  for (const [order, { notes, payments }] of Object.entries(await shop.tally())) {
    expect(notes, order).toBe(1);
    // Under its idempotency key a payment may come again.
    expect(
      Object.values(payments).map(({ bodies }) => bodies.length),
      order,
    ).toEqual(noting.includes(order) ? [] : [1]);
  }
});
