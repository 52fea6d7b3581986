import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createRinger, startManualRun } from '@holdfast/runs';
import { testWorld, type TestWorld } from '@holdfast/runs/test-world';
import { startPostgres, type PostgresHandle } from '@holdfast/stack';
import { startHttpService, startRelay, type HttpService, type Relay } from '@holdfast/test-kit/fakes';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startExecution, type Execution } from './start-execution.ts';
import { until } from './test/test-app.ts';

const runs = 20;
const stop: (() => Promise<unknown>)[] = [];

/** A database, a service that the runs call, and what lets its calls end. */
interface Stage {
  world: TestWorld;
  shop: HttpService;
  dataDir: string;
  answer: () => void;
}

let failover: Stage & { relay: Relay };
let restart: Stage & { postgres: PostgresHandle; folder: string };

// Made one after the other; the tests themselves mostly wait, and do so side by side.
beforeAll(async () => {
  const first = await setStage();
  const relay = await startRelay({ port: Number(new URL(first.world.url).port) });
  stop.push(relay.close);
  failover = { ...first, relay };
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-restart-'));
  const postgres = await startPostgres({ dataDir: folder, durable: false });
  stop.push(
    () => rm(folder, { recursive: true, force: true }),
    () => restart.postgres.stop(),
  );
  vi.stubEnv('HOLDFAST_TEST_POSTGRES_URL', postgres.url);
  restart = { ...(await setStage().finally(() => vi.unstubAllEnvs())), postgres, folder };
});
afterAll(async () => {
  for (const each of stop.splice(0).toReversed()) await each();
});

async function setStage(): Promise<Stage> {
  const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-away-'));
  const world = await testWorld();
  const shop = await startHttpService();
  const { promise, resolve } = Promise.withResolvers<void>();
  shop.on('GET /slow', { body: { ok: true }, after: promise });
  stop.push(() => rm(dataDir, { recursive: true, force: true }), world.close, shop.close);
  return { world, shop, dataDir, answer: resolve };
}

/** A process as far as PostgreSQL can tell: with a lease, an express lane and a ringer that takes over what has no process. */
function startProcess({ dataDir }: Stage, databaseUrl: string): Execution {
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
async function startRuns({ world, shop }: Stage, { deps, express }: Execution): Promise<void> {
  const { flowId } = await world.publish('start:webhook-trigger.received -> call:api-call.ok -> done:end', {
    configs: { start: { path: 'slow-call' }, call: { url: `${shop.url}/slow`, timeout: '120s' } },
  });
  for (let run = 0; run < runs; run++)
    await startManualRun({ ...deps, express, forcedLane: null }, { workspaceId: world.workspaceId, flowId, input: {} });
  await until(
    async () => shop.received.length,
    (calls) => calls === runs,
  );
}

const count = async ({ world }: Stage, sql: string) => (await world.pool.query<{ n: number }>(sql)).rows[0]?.n ?? 0;

const oldestLease = (stage: Stage): Promise<number> =>
  count(stage, 'select extract(epoch from now() - min(seen_at))::float8 as n from leases');

const causes = async ({ world }: Stage): Promise<string[]> =>
  (await world.pool.query<{ cause: string }>(`select entry ->> 'cause' as cause from journal where kind = 'handed-over'`)).rows.map(
    ({ cause }) => cause,
  );

/** Every call ended once, in the process that had begun it. A run that took longer than the lane's budget goes on elsewhere afterwards. */
async function endUndisturbed(stage: Stage): Promise<string[]> {
  stage.answer();
  await until(
    () => count(stage, `select count(*)::int as n from journal where kind = 'step-ended' and node_id = 'call'`),
    (ended) => ended === runs,
  );
  return (await causes(stage)).filter((cause) => cause !== 'budget');
}

describe.concurrent('no living process loses a run', () => {
  test('when all are cut off from PostgreSQL for longer than a lease lasts, as by a failover', async () => {
    const { world, relay, shop } = failover;
    const url = Object.assign(new URL(world.url), { port: String(relay.port) }).href;
    const execution = startProcess(failover, url);
    // The other's beats come at other times, so it sees the first one's lease before that is renewed.
    await pause(500);
    startProcess(failover, url);
    await startRuns(failover, execution);
    relay.cut();
    await until(
      () => oldestLease(failover),
      (seconds) => seconds > 6.5,
    );
    relay.mend();
    // Both beat again, and whoever sweeps has looked more than once since.
    await until(
      () => oldestLease(failover),
      (seconds) => seconds < 1,
    );
    await pause(3_000);
    expect(await causes(failover)).toEqual([]);
    expect(await endUndisturbed(failover)).toEqual([]);
    expect(shop.received).toHaveLength(runs);
  });

  test('when PostgreSQL restarts under them', async () => {
    const { world, folder, shop } = restart;
    const execution = startProcess(restart, world.url);
    startProcess(restart, world.url);
    await startRuns(restart, execution);
    await restart.postgres.stop();
    restart.postgres = await startPostgres({ dataDir: folder, durable: false, port: restart.postgres.port });
    // From then on others may be taken over.
    await until(
      () => count(restart, 'select extract(epoch from now() - pg_postmaster_start_time())::int as n').catch(() => 0),
      (seconds) => seconds > 13,
    );
    expect(await causes(restart)).toEqual([]);
    expect(await endUndisturbed(restart)).toEqual([]);
    expect(shop.received).toHaveLength(runs);
  });
});
