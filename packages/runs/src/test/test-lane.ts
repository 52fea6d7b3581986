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
  /** Freezes the process whole at the point: what it had armed to be written soon is asked of the database when it goes on, or never. Resolves when it has come there. */
  freezeAt: (point: CrashPoint) => Promise<void>;
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
      arrived();
      return frozen;
    },
  };
  const lane = createExpressLane(deps, { process, sweepMs: 3_600_000, ...options });
  deps.express = lane;
  const stopAt = (at: CrashPoint): Promise<void> =>
    new Promise<void>((arrived) => {
      const frozen = new Promise<void>((resolve) => {
        goOn = () => {
          standstill = null;
          resolve();
        };
      });
      stop = { at, arrived, frozen };
    });
  return {
    process,
    lane,
    deps,
    stopAt,
    freezeAt: (at) => {
      const arrives = stopAt(at);
      const frozen = stop?.frozen ?? null;
      return arrives.then(() => void (standstill = frozen));
    },
    goOn: () => goOn(),
    die: async () => {
      await beatLease(world.pool, { process: 'proc_other', kind: 'server', facts: {}, isFirst: true });
      await world.pool.query(`update leases set seen_at = now() - interval '6 s' where process = $1`, [process]);
      await world.pool.query(`update runs set updated_at = now() - interval '6 s' where owner = $1`, [process]);
    },
  };
}

function stillable(pool: Pool, standstill: () => Promise<void> | null): Pool {
  return new Proxy(pool, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      const still = name === 'query' || name === 'connect' ? standstill() : null;
      return (...args: unknown[]): unknown =>
        still ? still.then(() => Reflect.apply(value, target, args)) : Reflect.apply(value, target, args);
    },
  });
}
