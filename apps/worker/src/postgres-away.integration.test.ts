import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createRinger, startManualRun } from '@holdfast/runs';
import { testWorld, type TestWorld } from '@holdfast/runs/test-world';
import { startPostgres, type PostgresHandle } from '@holdfast/stack';
import { startHttpService, startRelay, type HttpService } from '@holdfast/test-kit/fakes';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startExecution, type Execution } from './start-execution.ts';
import { until } from './test/test-app.ts';

const runs = 20;
const stop: (() => Promise<unknown>)[] = [];
let world: TestWorld;
let shop: HttpService;
let dataDir: string;
/** Lets the calls end that the runs are waiting for. */
let answer: () => void;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'holdfast-away-'));
  stop.push(() => rm(dataDir, { recursive: true, force: true }));
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  shop = await startHttpService();
  shop.on('GET /slow', { body: { ok: true }, after: answered });
  stop.push(shop.close);
});
afterEach(async () => {
  for (const each of stop.splice(0).toReversed()) await each();
});

/** A process as far as PostgreSQL can tell: with a lease, an express lane and a ringer that takes over what has no process. */
function startProcess(databaseUrl: string): Execution {
  const logger = pino({ level: 'silent' });
  const environment = { HOLDFAST_EGRESS_ALLOW: '127.0.0.0/8' };
  const execution = startExecution({ databaseUrl, dataDir, logger, kind: 'app', environment });
  const ringer = createRinger({
    pool: execution.deps.pool,
    catalog: execution.deps.catalog,
    log: logger,
    temporal: () => null,
    sweepMs: 100,
  });
  execution.useBell(ringer.bell);
  stop.push(execution.stop, ringer.stop);
  return execution;
}

/** Runs in the lane of one process, each in the middle of a call. */
async function startRuns({ deps, express }: Execution): Promise<void> {
  const { flowId } = await world.publish('start:webhook-trigger.received -> call:api-call.ok -> done:end', {
    configs: { start: { path: 'slow-call' }, call: { url: `${shop.url}/slow`, timeout: '60s' } },
  });
  for (let run = 0; run < runs; run++)
    await startManualRun({ ...deps, express, forcedLane: null }, { workspaceId: world.workspaceId, flowId, input: {} });
  await until(
    async () => shop.received.length,
    (count) => count === runs,
  );
}

const count = async (sql: string) => (await world.pool.query<{ n: number }>(sql)).rows[0]?.n ?? 0;

const oldestLease = async (): Promise<number> =>
  (await world.pool.query<{ age: number }>('select extract(epoch from now() - min(seen_at))::float8 as age from leases')).rows[0]?.age ?? 0;

const causes = async (): Promise<string[]> =>
  (await world.pool.query<{ cause: string }>(`select entry ->> 'cause' as cause from journal where kind = 'handed-over'`)).rows.map(
    ({ cause }) => cause,
  );

/** Every run ended where it began, and nobody took one over. */
async function endUndisturbed(): Promise<void> {
  expect(await causes()).toEqual([]);
  answer();
  await until(
    () => count(`select count(*)::int as n from runs where outcome = 'done'`),
    (n) => n === runs,
  );
  expect(await causes()).toEqual([]);
  expect(shop.received).toHaveLength(runs);
}

describe('no living process loses a run', () => {
  test('when all are cut off from PostgreSQL for longer than a lease lasts, as by a failover', async () => {
    world = await testWorld();
    stop.push(world.close);
    const relay = await startRelay({ port: Number(new URL(world.url).port) });
    stop.push(relay.close);
    const url = Object.assign(new URL(world.url), { port: String(relay.port) }).href;
    const execution = startProcess(url);
    // The other's beats come at other times, so it sees the first one's lease before that is renewed.
    await pause(500);
    startProcess(url);
    await startRuns(execution);
    relay.cut();
    await until(oldestLease, (seconds) => seconds > 6.5);
    relay.mend();
    // Both beat again, and whoever sweeps has looked more than once since.
    await until(oldestLease, (seconds) => seconds < 1);
    await pause(3_000);
    await endUndisturbed();
  }, 60_000);
});
