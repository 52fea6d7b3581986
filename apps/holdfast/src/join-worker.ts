import { watchTemporal, type TemporalAccess } from '@holdfast/server';
import type { RunningWorker, StartWorkerOptions } from '@holdfast/worker';

type Eager = RunningWorker['temporal']['eager'];

export interface JoinedWorker {
  /** What the server may use from the first moment on; until the worker is there it finds Temporal down. */
  temporal: TemporalAccess;
  eager: Eager;
  /** Resolves when the worker polls for work. */
  joined: Promise<void>;
  stop(): Promise<void>;
}

/**
 * The worker beside a server in one process, sharing its connection, so that a run can start eagerly on it. The server
 * does not wait for it: people's messages and replies need no Temporal.
 */
export function joinWorker(
  start: (options: StartWorkerOptions) => Promise<RunningWorker>,
  options: StartWorkerOptions & { temporalNamespace: string },
): JoinedWorker {
  let worker: RunningWorker | null = null;
  let access: TemporalAccess | null = null;
  let isStopping = false;
  const join = async (): Promise<void> => {
    worker = await start(options);
    access = watchTemporal(worker.temporal.connection, options.temporalNamespace);
    if (isStopping) await leave();
  };
  const leave = async (): Promise<void> => {
    await access?.close();
    await worker?.stop();
  };
  return {
    temporal: { client: () => access?.client() ?? null, isUp: async () => (await access?.isUp()) ?? false, close: async () => undefined },
    eager: {
      enter: async (runId) => (await worker?.temporal.eager.enter(runId)) ?? false,
      leave: (runId) => worker?.temporal.eager.leave(runId),
    },
    joined: join(),
    stop: async () => {
      isStopping = true;
      await leave();
    },
  };
}
