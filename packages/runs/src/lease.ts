import { beatLease, endLease, newId, type Pool } from '@holdfast/db';
import type { JsonObject } from '@holdfast/node-kit';
import type { Log } from './deps.ts';

/** What a process tells of itself with each beat; /metrics reads it. */
export type LeaseFacts = JsonObject;

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
  facts?: () => LeaseFacts;
  /** Ends the process at once when left out. */
  onLate?: () => void;
  /** How late a beat may be; tests are less patient. */
  maxLateMs?: number;
}

/**
 * One per operating system process. Beats every second, under an id that is fresh at each boot. A process that stood still for more than 3 s, by
 * its own clock or the database's, or whose lease is gone, may have been replaced: it does nothing more and ends, and its sockets with it. A
 * database that does not answer is no such reason: what others take over meanwhile GUARD refuses.
 */
export function startLease(options: LeaseOptions): Lease {
  const process = options.process ?? newId('process');
  const maxLateMs = options.maxLateMs ?? frozenMs;
  let lastTick = performance.now();
  /** When the last beat that arrived was sent; null before the first. */
  let lastBeat: number | null = null;
  let isLost = false;
  let beating: Promise<void> | null = null;
  const lose = (why: object): void => {
    if (isLost) return;
    isLost = true;
    options.log.error({ process, ...why }, 'This process stood still; another may have taken its work, so it ends');
    (options.onLate ?? exitHard)();
  };
  // Start-up alone holds a process up for seconds on a busy machine; who has executed nothing yet has nothing that could be taken.
  let isReliedOn = false;
  const judge = (): void => {
    const lateMs = performance.now() - lastTick - beatMs;
    if (lateMs > maxLateMs && isReliedOn) lose({ lateMs: Math.round(lateMs) });
  };
  const isAlive = (): boolean => {
    judge();
    if (!isReliedOn) lastTick = performance.now();
    isReliedOn = true;
    return !isLost;
  };
  const beat = async (): Promise<void> => {
    const sentAt = performance.now();
    const { ageMs } = await beatLease(options.pool, {
      process,
      kind: options.kind,
      facts: options.facts?.() ?? {},
      isFirst: lastBeat === null,
    });
    if (lastBeat !== null && ageMs === null) lose({ lease: 'gone' });
    // More time has passed there than here: the whole machine was stopped, and its clock with it.
    else if (lastBeat !== null && ageMs !== null && ageMs - (performance.now() - lastBeat) > maxLateMs) lose({ ageMs: Math.round(ageMs) });
    lastBeat = sentAt;
  };
  const tick = (): void => {
    judge();
    if (isLost) return;
    lastTick = performance.now();
    beating ??= beat()
      .catch(() => undefined)
      .finally(() => {
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
