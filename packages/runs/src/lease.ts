import { beatLease, endLease, newId, type Pool } from '@holdfast/db';
import type { JsonObject } from '@holdfast/node-kit';
import type { Log } from './deps.ts';

export interface Lease {
  process: string;
  /** False once this process stood still so long that others may have taken its work. */
  isAlive: () => boolean;
  stop: () => Promise<void>;
}

/** A beat that comes this late means that the process was frozen, not merely busy. */
const frozenMs = 3_000;
const beatMs = 1_000;

interface LeaseOptions {
  /** Best a pool of its own: a beat must not queue for a connection behind the work. */
  pool: Pool;
  kind: 'app' | 'server' | 'worker';
  log: Log;
  process?: string;
  facts?: () => JsonObject;
  /** Ends the process at once when left out. */
  onLate?: () => void;
  /** How late a beat may be; tests are less patient. */
  maxLateMs?: number;
}

/**
 * One per operating system process. Beats every second, under an id that is fresh at each boot. A process whose beat is more than 3 s late by
 * its own clock or the database's, or whose lease is gone, may have been replaced: it does nothing more and ends, and its sockets with it. A
 * database that does not answer is no such reason: nobody can take over there either.
 */
export function startLease(options: LeaseOptions): Lease {
  const process = options.process ?? newId('process');
  const maxAgeMs = beatMs + (options.maxLateMs ?? frozenMs);
  let lastTick = performance.now();
  let isLost = false;
  let isFirst = true;
  let beating: Promise<void> | null = null;
  const lose = (why: object): void => {
    if (isLost) return;
    isLost = true;
    options.log.error({ process, ...why }, 'This process stood still; another may have taken its work, so it ends');
    (options.onLate ?? exitHard)();
  };
  const isAlive = (): boolean => {
    const ageMs = performance.now() - lastTick;
    if (ageMs > maxAgeMs) lose({ lateMs: Math.round(ageMs - beatMs) });
    return !isLost;
  };
  const beat = async (): Promise<void> => {
    try {
      const isHeld = await beatLease(options.pool, { process, kind: options.kind, facts: options.facts?.() ?? {}, isFirst, maxAgeMs });
      isFirst = false;
      if (!isHeld) lose({ by: 'the database’s clock' });
    } catch {
      // The next one comes in a second.
    }
  };
  const tick = (): void => {
    if (!isAlive()) return;
    lastTick = performance.now();
    beating ??= beat().finally(() => {
      beating = null;
    });
  };
  tick();
  const timer = setInterval(tick, beatMs);
  return {
    process,
    isAlive,
    stop: async () => {
      clearInterval(timer);
      await beating;
      await endLease(options.pool, process).catch(() => undefined);
    },
  };
}

/** Without farewell: sockets die with the process, so nothing half-done goes out. */
function exitHard(): void {
  process.exit(70);
}
