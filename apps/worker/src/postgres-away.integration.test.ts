import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createRinger, startManualRun } from '@holdfast/runs';
import { testWorld, type TestWorld } from '@holdfast/runs/test-world';
import { startPostgres, type PostgresHandle } from '@holdfast/stack';
import { startHttpService, startRelay, type HttpService } from '@holdfast/test-kit/fakes';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
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
  const execution = startExecution({ databaseUrl, dataDir, logger, kind: 'app', environment, maxLateMs: 60_000 });
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
    configs: { start: { path: 'slow-call' }, call: { url: `${shop.url}/slow`, timeout: '120s' } },
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

/** Every call ended once, in the process that had begun it. A run that took longer than the lane's budget goes on elsewhere afterwards. */
async function endUndisturbed(): Promise<string[]> {
  answer();
  await until(
    () => count(`select count(*)::int as n from journal where kind = 'step-ended' and node_id = 'call'`),
    (n) => n === runs,
  );
  return (await causes()).filter((cause) => cause !== 'budget');
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
    expect(await causes()).toEqual([]);
    expect(await endUndisturbed()).toEqual([]);
    expect(shop.received).toHaveLength(runs);
  });

  test('when PostgreSQL restarts under them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-restart-'));
    let postgres: PostgresHandle = await startPostgres({ dataDir: folder, durable: false });
    stop.push(() => rm(folder, { recursive: true, force: true }));
    stop.push(() => postgres.stop());
    vi.stubEnv('HOLDFAST_TEST_POSTGRES_URL', postgres.url);
    world = await testWorld();
    vi.unstubAllEnvs();
    stop.push(world.close);
    const execution = startProcess(world.url);
    startProcess(world.url);
    await startRuns(execution);
    await postgres.stop();
    postgres = await startPostgres({ dataDir: folder, durable: false, port: postgres.port });
    // From then on others may be taken over.
    await until(
      () => count('select extract(epoch from now() - pg_postmaster_start_time())::int as n').catch(() => 0),
      (seconds) => seconds > 13,
    );
    expect(await causes()).toEqual([]);
    expect(await endUndisturbed()).toEqual([]);
    expect(shop.received).toHaveLength(runs);
  });
});
