import { findRunResult, listStoppedRuns, type Pool } from '@holdfast/db';
import type { Bell, RunEnd } from './deps.ts';

export type RunResult = ({ state: 'ended' } & RunEnd) | { state: 'attention' } | { state: 'running' };

/** Somebody waits for a run's end: webhooks that answer with its result. One per server process, told by the ringer. */
export interface ResultWaiters {
  /**
   * As soon as the run has ended or needs attention; `running` when the time or the caller's patience is over. To be called in the same tick in
   * which the run is known to be written: an end that was told before is only found by looking, within a second.
   */
  awaitResult: (runId: string, timeoutMs: number, signal?: AbortSignal) => Promise<RunResult>;
  /** For `onEnded` of the ringer. */
  ended: Bell['ended'];
  /** Some ended elsewhere: looks which of those that are waited for. */
  look: () => Promise<void>;
}

/** A bell may be lost, so whoever waits looks for himself this often. */
const lookEveryMs = 1_000;

type Wake = (end?: RunEnd) => void;

export function createResultWaiters(pool: Pool): ResultWaiters {
  const waiting = new Map<string, Set<Wake>>();
  const look = async (runId: string): Promise<RunResult> => {
    const run = await findRunResult(pool, runId);
    if (run?.status === 'ended') return { state: 'ended', outcome: run.outcome ?? 'done', result: run.result };
    return { state: run?.status === 'attention' ? 'attention' : 'running' };
  };
  return {
    ended: (runId, end) => waiting.get(runId)?.forEach((wake) => wake(end)),
    look: async () => {
      const ids = [...waiting.keys()];
      for (const id of ids.length === 0 ? [] : await listStoppedRuns(pool, ids)) waiting.get(id)?.forEach((wake) => wake());
    },
    awaitResult: async (runId, timeoutMs, signal) => {
      const deadline = performance.now() + timeoutMs;
      const arm = () => armed(waiting, runId, Math.min(lookEveryMs, Math.max(1, deadline - performance.now())), signal);
      let bell = arm();
      for (;;) {
        const end = await bell.rung.finally(bell.disarm);
        if (end) return { state: 'ended', ...end };
        // Armed before looking, so that an end in between is not slept through.
        bell = arm();
        const found = await look(runId).catch((error: unknown) => {
          bell.disarm();
          throw error;
        });
        if (found.state === 'running' && performance.now() < deadline && !signal?.aborted) continue;
        bell.disarm();
        return found;
      }
    },
  };
}

function armed(
  waiting: Map<string, Set<Wake>>,
  runId: string,
  ms: number,
  signal: AbortSignal | undefined,
): { rung: Promise<RunEnd | undefined>; disarm: () => void } {
  let wake: Wake = () => {};
  const rung = new Promise<RunEnd | undefined>((resolve) => {
    wake = resolve;
  });
  const giveUp = () => wake();
  const timer = setTimeout(giveUp, ms);
  signal?.addEventListener('abort', giveUp, { once: true });
  const bells = waiting.get(runId) ?? new Set();
  bells.add(wake);
  waiting.set(runId, bells);
  return {
    rung,
    disarm: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
      bells.delete(wake);
      if (bells.size === 0) waiting.delete(runId);
    },
  };
}
