import { beatLease, newId } from '@holdfast/db';
import { createExpressLane, type ExpressLane } from '../express-lane.ts';
import type { CrashPoint, ExecutionDeps } from '../deps.ts';
import type { TestWorld } from './test-world.ts';

/** A process with an express lane in a test world; its lease does not beat, so it lives until told otherwise. For tests only. */
export interface TestLane {
  process: string;
  lane: ExpressLane;
  /** What runs are begun and claimed with in this process. */
  deps: ExecutionDeps;
  /** Stops the process at the point, exactly once: it never comes back from there. Resolves when it has come there. */
  stopAt: (point: CrashPoint) => Promise<void>;
  /** Lets a process that stands still go on. */
  goOn: () => void;
  /** The process beat its last 6 s ago, its runs were claimed before that, and another process lives. */
  die: () => Promise<void>;
}

export async function testLane(
  world: TestWorld,
  options: { maxConcurrent?: number; graceMs?: number; sweepMs?: number } = {},
): Promise<TestLane> {
  const process = newId('process');
  await beatLease(world.pool, { process, kind: 'app', facts: {}, isFirst: true });
  let stop: { at: CrashPoint; arrived: () => void; frozen: Promise<void> } | null = null;
  let goOn = (): void => undefined;
  const deps: ExecutionDeps = {
    ...world.deps,
    forcedLane: null,
    crashPoint: (point) => {
      if (point !== stop?.at) return undefined;
      const { arrived, frozen } = stop;
      stop = null;
      arrived();
      return frozen;
    },
  };
  const lane = createExpressLane(deps, { process, sweepMs: 60_000, ...options });
  deps.express = lane;
  return {
    process,
    lane,
    deps,
    stopAt: (at) =>
      new Promise<void>((arrived) => {
        const frozen = new Promise<void>((resolve) => {
          goOn = resolve;
        });
        stop = { at, arrived, frozen };
      }),
    goOn: () => goOn(),
    die: async () => {
      await beatLease(world.pool, { process: 'proc_other', kind: 'server', facts: {}, isFirst: true });
      await world.pool.query(`update leases set seen_at = now() - interval '6 s' where process = $1`, [process]);
      await world.pool.query(`update runs set updated_at = now() - interval '6 s' where owner = $1`, [process]);
    },
  };
}
