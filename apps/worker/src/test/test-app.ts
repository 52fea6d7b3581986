import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRinger, type ExecutionDeps, type Ringer } from '@holdfast/runs';
import { testWorld, type TestWorld } from '@holdfast/runs/test-world';
import { cacheFolder } from '@holdfast/stack';
import { testTemporal } from '@holdfast/test-kit';
import { Client } from '@temporalio/client';
import { pino } from 'pino';
import { startExecution, type Execution } from '../start-execution.ts';
import { startWorker, type RunningWorker } from '../start-worker.ts';

/** Where the runs of a test begin. */
export type Lane = 'express' | 'temporal';
export const lanes: readonly Lane[] = ['express', 'temporal'];

/** A world with a ringer, an express lane and a worker on a real Temporal, as in the all-in-one process. For tests only. */
export interface TestApp {
  world: TestWorld;
  readonly ringer: Ringer;
  readonly client: Client;
  readonly worker: RunningWorker;
  namespace: string;
  /** Ends what executes and starts it anew. */
  replaceWorker: () => Promise<void>;
  close: () => Promise<void>;
}

interface TestAppOptions {
  alter?: (deps: ExecutionDeps) => ExecutionDeps;
  /** Where the runs of the flows begin that `world.publish` publishes; Temporal's, the reference, when left out. */
  lane?: Lane;
}

export async function testApp({ alter, lane = 'temporal' }: TestAppOptions = {}): Promise<TestApp> {
  const world = await testWorld();
  const temporal = await testTemporal();
  const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-worker-'));
  const logger = pino({ level: process.env['HOLDFAST_LOG_LEVEL'] ?? 'silent' });
  const { publish } = world;
  world.publish = (text, options) => publish(text, { ...options, settings: { lane, ...options?.settings } });
  const start = async (): Promise<Running> => {
    const given = {
      databaseUrl: world.url,
      temporalAddress: temporal.address,
      temporalNamespace: temporal.namespace,
      dataDir,
      logger,
      environment: { HOLDFAST_EGRESS_ALLOW: '127.0.0.0/8' },
      ...(alter ? { alter } : {}),
    };
    const execution = startExecution({ ...given, kind: 'app', maxLateMs: 60_000 });
    const worker = await startWorker({ ...given, cacheDir: cacheFolder('workflows', process.env), execution });
    const client = new Client({ connection: worker.temporal.connection, namespace: temporal.namespace });
    const ringer = createRinger({
      pool: world.pool,
      catalog: world.deps.catalog,
      log: logger,
      temporal: () => client,
      eager: worker.temporal.eager,
      express: execution.express,
      sweepMs: 200,
    });
    execution.useBell(ringer.bell);
    // The world's own functions begin and ring like the server's would.
    Object.assign(world.deps.bell, ringer.bell);
    Object.assign(world.deps, { express: execution.express, forcedLane: null });
    return { execution, worker, client, ringer };
  };
  let running = await start();
  return {
    world,
    namespace: temporal.namespace,
    get ringer() {
      return running.ringer;
    },
    get client() {
      return running.client;
    },
    get worker() {
      return running.worker;
    },
    replaceWorker: async () => {
      await stop(running);
      running = await start();
    },
    close: async () => {
      await stop(running);
      await temporal.close();
      await world.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

interface Running {
  execution: Execution;
  worker: RunningWorker;
  client: Client;
  ringer: Ringer;
}

/** What is under way is handed over first, while there still is a ringer that starts it. */
async function stop({ execution, worker, ringer }: Running): Promise<void> {
  await execution.express.drain();
  await ringer.stop();
  await worker.stop();
  await execution.stop();
}

/** Waits for a condition, 60 s at most; fails with what was last seen. `everyMs`: how often it looks, for what is costly to look at. */
export async function until<T>(
  look: () => Promise<T>,
  holds: (seen: T) => boolean,
  { timeoutMs = 60_000, everyMs = 25 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (performance.now() > deadline)
      throw new Error(`It did not come to that within ${timeoutMs / 1_000} s. Last seen: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
