import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRinger, type ExecutionDeps, type Ringer } from '@holdfast/runs';
import { testWorld, type TestWorld } from '@holdfast/runs/test-world';
import { testTemporal } from '@holdfast/test-kit';
import { Client } from '@temporalio/client';
import { pino } from 'pino';
import { startWorker, type RunningWorker } from '../start-worker.ts';

/** A world with a ringer and a worker on a real Temporal, as in the all-in-one process. For tests only. */
export interface TestApp {
  world: TestWorld;
  ringer: Ringer;
  client: Client;
  worker: RunningWorker;
  namespace: string;
  /** Ends the worker and starts another one. */
  replaceWorker: () => Promise<void>;
  close: () => Promise<void>;
}

export async function testApp({ alter }: { alter?: (deps: ExecutionDeps) => ExecutionDeps } = {}): Promise<TestApp> {
  const world = await testWorld();
  const temporal = await testTemporal();
  const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-worker-'));
  const logger = pino({ level: process.env['HOLDFAST_LOG_LEVEL'] ?? 'silent' });
  const start = () =>
    startWorker({
      databaseUrl: world.url,
      temporalAddress: temporal.address,
      temporalNamespace: temporal.namespace,
      dataDir,
      logger,
      environment: { HOLDFAST_EGRESS_ALLOW: '127.0.0.0/8' },
      ...(alter ? { alter } : {}),
    });
  let worker = await start();
  const connect = () => new Client({ connection: worker.temporal.connection, namespace: temporal.namespace });
  let client = connect();
  const ringer = createRinger({
    pool: world.pool,
    catalog: world.deps.catalog,
    log: logger,
    temporal: () => client,
    eager: worker.temporal.eager,
    sweepMs: 200,
  });
  // The world's own functions ring like the server's would.
  Object.assign(world.deps.bell, ringer.bell);
  return {
    world,
    ringer,
    namespace: temporal.namespace,
    get client() {
      return client;
    },
    get worker() {
      return worker;
    },
    replaceWorker: async () => {
      await worker.stop();
      worker = await start();
      client = connect();
    },
    close: async () => {
      await ringer.stop();
      await worker.stop();
      await temporal.close();
      await world.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Waits for a condition; fails with what was last seen. */
export async function until<T>(look: () => Promise<T>, holds: (seen: T) => boolean, timeoutMs = 20_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`It did not come to that within ${timeoutMs / 1_000} s. Last seen: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
