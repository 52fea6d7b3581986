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

/**
 * Beats every second by the database's clock, under an id that is fresh at each boot. A process that finds its own beat more than
 * 3 s late was stopped and continued: it must do nothing more and end. A database that does not answer is no such reason.
 */
export function startLease(options: {
  pool: Pool;
  kind: 'app' | 'server' | 'worker';
  log: Log;
  process?: string;
  facts?: () => JsonObject;
  onLate?: () => void;
  /** How late a beat may be; tests are less patient. */
  maxLateMs?: number;
}): Lease {
  const process = options.process ?? newId('process');
  const maxLateMs = options.maxLateMs ?? frozenMs;
  let lastTick = performance.now();
  let isFrozen = false;
  const isAlive = (): boolean => {
    if (!isFrozen && performance.now() - lastTick > beatMs + maxLateMs) {
      isFrozen = true;
      options.log.error(
        { process, lateMs: Math.round(performance.now() - lastTick) },
        'This process stood still; another may have taken its work, so it ends',
      );
      (options.onLate ?? exitHard)();
    }
    return !isFrozen;
  };
  const beat = () => {
    if (!isAlive()) return;
    lastTick = performance.now();
    beatLease(options.pool, { process, kind: options.kind, facts: options.facts?.() ?? {} }).catch(() => undefined);
  };
  beat();
  const timer = setInterval(beat, beatMs);
  return {
    process,
    isAlive,
    stop: async () => {
      clearInterval(timer);
      await endLease(options.pool, process).catch(() => undefined);
    },
  };
}

/** Without farewell: sockets die with the process, so nothing half-done goes out. */
function exitHard(): void {
  process.exit(70);
}
