import { beatLease, newId, type Pool } from '@holdfast/db';
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
  let standstill: Promise<void> | null = null;
  const deps: ExecutionDeps = {
    ...world.deps,
    pool: stillable(world.pool, () => standstill),
    forcedLane: null,
    crashPoint: (point) => {
      if (point !== stop?.at) return undefined;
      const { arrived, frozen } = stop;
      stop = null;
      standstill = frozen;
      arrived();
      return frozen;
    },
  };
  const lane = createExpressLane(deps, { process, sweepMs: 3_600_000, ...options });
  deps.express = lane;
  return {
    process,
    lane,
    deps,
    stopAt: (at) =>
      new Promise<void>((arrived) => {
        const frozen = new Promise<void>((resolve) => {
          goOn = () => {
            standstill = null;
            resolve();
          };
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

/** A process that stands still asks nothing of the database, whatever timers it had armed; what it wanted to ask comes when it goes on. */
function stillable(pool: Pool, standstill: () => Promise<void> | null): Pool {
  return new Proxy(pool, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      const still = name === 'query' || name === 'connect' ? standstill() : null;
      return still ? async (...args: unknown[]) => (await still, Reflect.apply(value, target, args)) : value.bind(target);
    },
  });
}
