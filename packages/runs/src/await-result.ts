import { findRunResult, listStoppedRuns, type Pool } from '@holdfast/db';
import type { JsonValue } from '@holdfast/node-kit';

export type RunResult = { state: 'ended'; outcome: string; result: JsonValue } | { state: 'attention' } | { state: 'running' };

/** Somebody waits for a run's end: webhooks that answer with its result. One per server process, told by the ringer. */
export interface ResultWaiters {
  /** As soon as the run has ended or needs attention; `running` when the time or the caller's patience is over. */
  awaitResult: (runId: string, timeoutMs: number, signal?: AbortSignal) => Promise<RunResult>;
  /** For `onEnded` of the ringer. */
  ended: (runId: string) => void;
  /** Some ended elsewhere: looks which of those that are waited for. */
  look: () => Promise<void>;
}

/** A bell may be lost, so whoever waits looks for himself this often. */
const lookEveryMs = 1_000;

export function createResultWaiters(pool: Pool): ResultWaiters {
  const waiting = new Map<string, Set<() => void>>();
  const look = async (runId: string): Promise<RunResult> => {
    const run = await findRunResult(pool, runId);
    if (run?.status === 'ended') return { state: 'ended', outcome: run.outcome ?? 'done', result: run.result };
    return { state: run?.status === 'attention' ? 'attention' : 'running' };
  };
  return {
    ended: (runId) => waiting.get(runId)?.forEach((wake) => wake()),
    look: async () => {
      const ids = [...waiting.keys()];
      for (const id of ids.length === 0 ? [] : await listStoppedRuns(pool, ids)) waiting.get(id)?.forEach((wake) => wake());
    },
    awaitResult: async (runId, timeoutMs, signal) => {
      const deadline = performance.now() + timeoutMs;
      for (;;) {
        // Armed before looking, so that an end in between is not slept through.
        const bell = armed(waiting, runId, Math.min(lookEveryMs, Math.max(1, deadline - performance.now())), signal);
        try {
          const found = await look(runId);
          if (found.state !== 'running' || performance.now() >= deadline || signal?.aborted) return found;
          await bell.rung;
        } finally {
          bell.disarm();
        }
      }
    },
  };
}

function armed(
  waiting: Map<string, Set<() => void>>,
  runId: string,
  ms: number,
  signal: AbortSignal | undefined,
): { rung: Promise<void>; disarm: () => void } {
  let wake = () => {};
  const rung = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const timer = setTimeout(wake, ms);
  signal?.addEventListener('abort', wake, { once: true });
  const bells = waiting.get(runId) ?? new Set();
  bells.add(wake);
  waiting.set(runId, bells);
  return {
    rung,
    disarm: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      bells.delete(wake);
      if (bells.size === 0) waiting.delete(runId);
    },
  };
}
