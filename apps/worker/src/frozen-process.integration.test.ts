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
import { until } from './test/test-app.ts';

const runs = 16;
const stop: (() => Promise<unknown>)[] = [];
let world: TestWorld;
let temporal: TestTemporal;
let shop: ForkedTallyService;
let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'holdfast-frozen-'));
  world = await testWorld();
  temporal = await testTemporal();
  // Slow enough that some calls are under way whenever the process stops.
  shop = await forkTallyService({ seed: 7, slowMs: 2_000 });
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

async function startProcess(): Promise<ChildProcess> {
  const given = [world.url, temporal.address, temporal.namespace, dataDir];
  const child = fork(join(import.meta.dirname, 'test', 'executor.ts'), given, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  stop.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  await once(child, 'message');
  return child;
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
        look: { url: `${shop.url}/orders` },
        note: post('notes'),
        pay: { ...post('payments'), idempotencyHeader: 'Idempotency-Key', firstDelay: '200ms' },
      },
    },
  );
  // Written as by a server that has no express lane: whoever has one takes them.
  const deps = { ...world.deps, forcedLane: null };
  for (let run = 0; run < runs; run++) await startManualRun(deps, { workspaceId: world.workspaceId, flowId, input: { order: `A-${run}` } });
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
  const frozen = await startProcess();
  await startRuns();
  await until(
    () => count(`effects where state = 'dispatching'`),
    (calls) => calls >= 3,
  );
  frozen.kill('SIGSTOP');
  const calling = (
    await rows<{ order: string }>(
      `select r.input ->> 'order' as "order" from effects e join runs r on r.id = e.run_id where e.state = 'dispatching'`,
    )
  ).map(({ order }) => order);
  const atFreeze = await shop.tally();

  await startProcess();
  await until(
    () => count(`runs where status in ('ended', 'attention') and lane <> 'handover'`),
    (settled) => settled === runs,
    40_000,
  );
  const causes = await rows<{ code: string }>(`select cause ->> 'code' as code from runs where status = 'attention'`);
  expect(new Set(causes.map(({ code }) => code))).toEqual(new Set(['upstream.ambiguous']));
  expect(causes.length).toBeLessThanOrEqual(calling.length);
  expect(await count(`journal where kind = 'handed-over' and entry ->> 'cause' = 'owner-lost'`)).toBeGreaterThan(0);

  const [before, told] = [await everything(), await shop.tally()];
  const ended = once(frozen, 'exit');
  frozen.kill('SIGCONT');
  expect((await ended)[0]).toBe(70);
  expect(await everything()).toEqual(before);
  const after = await shop.tally();
  for (const [order, { notes, payments }] of Object.entries(after)) {
    expect(notes, order).toBeLessThanOrEqual(1);
    expect(Object.keys(payments).length, order).toBeLessThanOrEqual(1);
  }
  const finishedLate = Object.keys(after).filter((order) => (after[order]?.notes ?? 0) > (told[order]?.notes ?? 0));
  expect(finishedLate.filter((order) => !calling.includes(order))).toEqual([]);
  // What was not under way was done once, by the other process.
  const done = await rows<{ order: string }>(`select input ->> 'order' as "order" from runs where outcome = 'done'`);
  expect(done.length).toBe(runs - causes.length);
  for (const { order } of done) expect(after[order]?.notes, `${order} ${JSON.stringify(atFreeze[order])}`).toBe(1);
}, 90_000);
