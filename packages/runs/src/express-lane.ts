import { claimQueuedRuns, letGoRun, takeOverForgottenRuns, type LoadedRun } from '@holdfast/db';
import type { ExecutionDeps } from './deps.ts';
import { createPlaces } from './places.ts';
import { repeat } from './repeat.ts';
import { createRunQueue } from './run-queue.ts';
import { stretch } from './stretch.ts';

/** What those who begin runs need of a lane: a place is taken before the run is written, so that it can be written claimed. */
export interface ExpressRoom {
  /** The owner of what is executed here: this process's lease. */
  readonly process: string;
  /** Takes a place for a run that is about to be written; false: queue it. Then `begin` it or `leave`. */
  enter: (runId: string) => boolean;
  leave: (runId: string) => void;
  /** Executes a run that was written as claimed by this process. */
  begin: (run: LoadedRun) => void;
}

export interface ExpressLane extends ExpressRoom {
  /** Runs may be queued: takes as many as there is room for. */
  ring: () => void;
  /** Takes nothing new and hands over what is under way, each at its next boundary; what takes longer than 4 s is stopped there. */
  drain: () => Promise<void>;
  facts: () => { executing: number; isBacklogged: boolean };
}

interface Options {
  process: string;
  /** Stretches at once in this process; what comes above it waits in the database. */
  maxConcurrent?: number;
  /** How often the queue is looked at when nobody rings; tests hurry. */
  sweepMs?: number;
  /** How long a stretch may go on when this process takes its leave. */
  graceMs?: number;
}

/**
 * The express lane: runs that mostly go straight through, executed by the process that wrote or claimed them. It waits for nothing, repeats
 * nothing and keeps nothing: what can't be finished at once is handed over to Temporal, and what is above its room stays in the database.
 */
export function createExpressLane(
  deps: ExecutionDeps,
  { process, maxConcurrent = 50, sweepMs = 1_000, graceMs = 4_000 }: Options,
): ExpressLane {
  const places = createPlaces(deps.forcedLane === 'temporal' ? 0 : maxConcurrent);

  const execute = async (run: LoadedRun): Promise<void> => {
    const hold = { runId: run.id, epoch: run.epoch, owner: process };
    try {
      await stretch(deps, { ...hold, inFlight: [] }, { run, isClosing: () => !places.isOpen, signal: places.take(run.id) });
    } catch (error) {
      deps.log.warn({ run: run.id, error: String(error) }, 'A stretch failed and its run is handed over');
      // Where even this fails, the sweep finds that nobody executes the run.
      const cause = places.isOpen ? 'retry' : 'shutdown';
      if (!(await letGoRun(deps.pool, hold, cause).catch(() => false))) return;
      deps.handOvers?.add(cause);
      deps.bell.run(run.id);
    }
  };
  const leave = (runId: string): void => {
    places.leave(runId);
    if (queue.isBacklogged()) queue.ring();
  };
  const begin = (run: LoadedRun): void => {
    places.take(run.id);
    void execute(run).finally(() => leave(run.id));
  };
  const queue = createRunQueue({ places, begin, log: deps.log, claim: (limit) => claimQueued(deps, process, limit) });
  const sweep = repeat(sweepMs, async () => {
    if (places.free() > 0) queue.ring();
    for (const id of await takeOverForgottenRuns(deps.pool, { owner: process, executing: places.ids() })) deps.bell.run(id);
  });

  return {
    process,
    enter: (runId) => {
      if (!queue.hasRoom()) return false;
      places.take(runId);
      return true;
    },
    leave,
    begin,
    ring: queue.ring,
    drain: async () => {
      const closed = places.close(graceMs);
      await sweep.stop();
      await queue.settled();
      await closed;
    },
    facts: () => ({ executing: places.ids().length, isBacklogged: queue.isBacklogged() }),
  };
}

async function claimQueued(deps: ExecutionDeps, owner: string, limit: number): Promise<LoadedRun[]> {
  const runs = await claimQueuedRuns(deps.pool, owner, limit);
  if (runs.length > 0) await deps.crashPoint?.('express-claimed');
  return runs;
}
