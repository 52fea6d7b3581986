import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createEagerRoom, type EagerRoom, type ExecutionDeps, type LeaseFacts } from '@holdfast/runs';
import { taskQueue } from '@holdfast/workflows/types';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { pino, type Logger } from 'pino';
import { createActivities } from './activities.ts';
import { startExecution, type Execution, type StartExecutionOptions } from './start-execution.ts';
import { workflowBundle } from './workflow-bundle.ts';
import { readWorkerSettings, type WorkerSettings } from './worker-settings.ts';

export interface StartWorkerOptions extends StartExecutionOptions {
  temporalAddress: string;
  temporalNamespace?: string;
  taskQueue?: string;
  /** Keeps what is made of the workflows' code, for every product of this user; in the data folder when left out. */
  cacheDir?: string;
  /** What this process executes with, where the server shares it; it outlives the worker. */
  execution?: Execution;
}

export interface RunningWorker {
  /** For the server in the same process: one connection, so that starts can be eager, and the room there is for them. */
  temporal: { connection: NativeConnection; eager: EagerRoom };
  /** This process's id in `leases`. */
  process: string;
  /** Takes nothing new and lets what is under way end, 8 s at most. */
  stop: () => Promise<void>;
}

/** Executes runs until stopped, through restarts of PostgreSQL and Temporal. Resolves when it polls for work. */
export async function startWorker(options: StartWorkerOptions): Promise<RunningWorker> {
  const settings = readWorkerSettings(options.environment ?? process.env);
  const logger = options.logger ?? pino({ level: settings.logLevel, name: 'worker' });
  const execution = options.execution ?? startExecution(options);
  const { deps } = execution;
  const eager = createEagerRoom();
  installRuntime();
  const [connection, bundle] = await Promise.all([
    connectTemporal(options, settings, logger),
    workflowBundle(options.cacheDir ?? join(options.dataDir, 'cache')),
  ]);
  const worker = await createWorker({ options, connection, bundle, activities: createActivities(deps, eager) });
  const running = keepRunning(worker, { options, connection, bundle, deps, eager, logger });
  execution.tell(running.facts);
  return {
    temporal: { connection, eager },
    process: execution.lease.process,
    stop: async () => {
      // Handed over before Temporal's worker leaves: others start at once what was executed here.
      if (!options.execution) await execution.express.drain();
      await running.stop();
      if (!options.execution) await execution.stop();
      await connection.close().catch(() => undefined);
    },
  };
}

let isInstalled = false;
/** One runtime per process. Its own chatter about reconnecting is ours to tell, not on stderr. */
function installRuntime(): void {
  if (isInstalled) return;
  isInstalled = true;
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
}

/** Temporal may come later than we do. */
async function connectTemporal(options: StartWorkerOptions, settings: WorkerSettings, logger: Logger): Promise<NativeConnection> {
  const apiKey = settings.temporalApiKey;
  for (let attempt = 1; ; attempt++) {
    try {
      return await NativeConnection.connect({
        address: options.temporalAddress,
        ...(settings.temporalTls ? { tls: true } : {}),
        ...(apiKey === undefined ? {} : { apiKey }),
      });
    } catch (error) {
      if (attempt === 60) throw error;
      if (attempt % 10 === 1) logger.warn({ address: options.temporalAddress }, 'Temporal does not answer yet; trying again');
      await pause(1_000);
    }
  }
}

interface WorkerParts {
  options: StartWorkerOptions;
  connection: NativeConnection;
  bundle: { code: string };
  activities: ReturnType<typeof createActivities>;
}

const createWorker = ({ options, connection, bundle, activities }: WorkerParts): Promise<Worker> =>
  Worker.create({
    connection,
    namespace: options.temporalNamespace ?? 'default',
    taskQueue: options.taskQueue ?? taskQueue,
    workflowBundle: bundle,
    activities,
    // A run in the cache costs about 0.4 MB; a thousand of them leave most of a small machine to others.
    maxCachedWorkflows: 1_000,
    maxConcurrentWorkflowTaskExecutions: 120,
    maxConcurrentLocalActivityExecutions: 120,
    maxConcurrentActivityTaskExecutions: 40,
    // More pollers only add idle long polls on a small server.
    maxConcurrentWorkflowTaskPolls: 4,
    maxConcurrentActivityTaskPolls: 2,
    stickyQueueScheduleToStartTimeout: '5s',
    shutdownGraceTime: '6s',
    shutdownForceTime: '8s',
  });

interface Kept {
  options: StartWorkerOptions;
  connection: NativeConnection;
  bundle: { code: string };
  deps: ExecutionDeps;
  eager: EagerRoom;
  logger: Logger;
}

/** A worker that fails for good (its namespace was deleted, its server replaced) is made anew; one that can't be is left to the supervisor. */
function keepRunning(first: Worker, kept: Kept): { stop: () => Promise<void>; facts: () => LeaseFacts } {
  let current = first;
  let isStopping = false;
  const forever = (async () => {
    for (;;) {
      try {
        await current.run();
        return;
      } catch (error) {
        if (isStopping) return;
        kept.logger.error({ error: error instanceof Error ? error.message : String(error) }, 'The worker stopped; starting it anew');
      }
      current = await remake(kept, () => isStopping);
      if (isStopping) return;
    }
  })();
  forever.catch(() => process.exit(71));
  return {
    facts: () => {
      const { numInFlightLocalActivities, numInFlightNonLocalActivities, numCachedWorkflows } = current.getStatus();
      return { stretches: numInFlightLocalActivities, effects: numInFlightNonLocalActivities, cachedRuns: numCachedWorkflows };
    },
    stop: async () => {
      isStopping = true;
      if (current.getState() === 'RUNNING') current.shutdown();
      await forever;
    },
  };
}

async function remake(kept: Kept, isStopping: () => boolean): Promise<Worker> {
  const { options, connection, bundle, deps, eager } = kept;
  for (let attempt = 1; ; attempt++) {
    await pause(Math.min(5_000, 500 * attempt));
    try {
      return await createWorker({ options, connection, bundle, activities: createActivities(deps, eager) });
    } catch (error) {
      if (attempt === 60 || isStopping()) throw error;
    }
  }
}
