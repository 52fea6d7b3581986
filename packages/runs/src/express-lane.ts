import { claimQueuedRuns, letGoRun, takeOverForgottenRuns, type LoadedRun } from '@holdfast/db';
import type { ExecutionDeps } from './deps.ts';
import { repeat } from './repeat.ts';
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
  /** Runs that are being written or executed here. */
  const places = new Set<string>();
  const stop = new AbortController();
  let isClosing = false;
  /** Others came first and wait in the database: who comes now joins them there. */
  let isBacklogged = false;
  let claiming = 0;
  let isRung = false;
  let looking: Promise<void> | null = null;

  let emptied = (): void => undefined;

  const room = () => (isClosing || deps.forcedLane ? 0 : maxConcurrent - places.size - claiming);
  const express = { isClosing: () => isClosing, signal: stop.signal };

  const execute = async (run: LoadedRun): Promise<void> => {
    const hold = { runId: run.id, epoch: run.epoch, owner: process };
    try {
      await stretch(deps, { ...hold, inFlight: [] }, { ...express, run });
    } catch (error) {
      deps.log.warn({ run: run.id, error: String(error) }, 'A stretch failed and its run is handed over');
      // Where even this fails, the sweep finds that nobody executes the run.
      if (await letGoRun(deps.pool, hold, isClosing ? 'shutdown' : 'retry').catch(() => false)) deps.bell.run(run.id);
    }
  };
  const leave = (runId: string): void => {
    places.delete(runId);
    if (isBacklogged) ring();
    if (places.size === 0) emptied();
  };
  const begin = (run: LoadedRun): void => {
    places.add(run.id);
    void execute(run).finally(() => leave(run.id));
  };

  /** Half of the room at a time, so that fresh runs find some meanwhile; until nobody is left or there is none. */
  const claim = async (): Promise<void> => {
    do {
      claiming = Math.ceil(room() / 2);
      const runs = claiming > 0 ? await claimQueuedRuns(deps.pool, process, claiming) : [];
      isBacklogged = runs.length === claiming;
      claiming = 0;
      if (runs.length > 0) await deps.crashPoint?.('express-claimed');
      for (const run of runs) begin(run);
    } while (isBacklogged && room() > 0);
  };
  const look = async (): Promise<void> => {
    try {
      while (isRung && !isClosing) {
        isRung = false;
        await claim();
      }
    } catch (error) {
      deps.log.warn({ error: String(error) }, 'The queue could not be looked at and will be again');
    } finally {
      claiming = 0;
      looking = null;
    }
  };
  const ring = (): void => {
    isRung = true;
    looking ??= look();
  };
  const sweep = repeat(sweepMs, async () => {
    if (room() > 0) ring();
    for (const id of await takeOverForgottenRuns(deps.pool, { owner: process, executing: [...places] })) deps.bell.run(id);
  });

  return {
    process,
    enter: (runId) => {
      if (isBacklogged || room() <= 0) {
        isBacklogged = true;
        return false;
      }
      places.add(runId);
      return true;
    },
    leave,
    begin,
    ring,
    drain: async () => {
      isClosing = true;
      await sweep.stop();
      await looking;
      const timer = setTimeout(() => stop.abort(), graceMs);
      if (places.size > 0) await new Promise<void>((resolve) => (emptied = resolve));
      clearTimeout(timer);
    },
    facts: () => ({ executing: places.size, isBacklogged }),
  };
}
