import { ApplicationFailure } from '@temporalio/common';
import type { StretchEffect, StretchResult } from '../types.ts';

/** What a run may look like to its workflow: the answers of its stretches in turn, and of the activity of a step. */
export interface Shape {
  /** The last one is given for ever. */
  stretches: StretchResult[];
  /** One per attempt of the step's activity; `hang` runs until it is cancelled. */
  attempts?: ('fails' | 'ends' | 'hang')[];
  /** Rung this often, each time when the stretch before was answered. */
  doorbells?: number;
}

const ended: StretchResult = { status: 'ended', effects: [], wakeInMs: null };
const open = (more: Partial<StretchResult> = {}): StretchResult => ({ status: 'open', effects: [], wakeInMs: null, ...more });
const effect = (more: Partial<StretchEffect> = {}): StretchEffect => ({
  stepId: 'step_1',
  startInMs: 0,
  maximumAttempts: 3,
  initialIntervalMs: 100,
  backoff: 2,
  maximumIntervalMs: 1_000,
  timeoutMs: 5_000,
  ...more,
});

/** Every way that the workflow's code can take at least once; their histories are replayed against every change of it. */
export const shapes: Record<string, Shape> = {
  straight: { stretches: [ended] },
  superseded: { stretches: [{ status: 'superseded', effects: [], wakeInMs: null }] },
  timer: { stretches: [open({ wakeInMs: 200 }), ended] },
  doorbell: { stretches: [open(), open({ wakeInMs: 60_000 }), ended], doorbells: 2 },
  retry: { stretches: [open({ effects: [effect({ startInMs: 150 })] }), ended], attempts: ['fails', 'fails', 'ends'] },
  exhausted: { stretches: [open({ effects: [effect({ maximumAttempts: 2 })] }), ended], attempts: ['fails'] },
  'two-at-once': {
    stretches: [
      open({ effects: [effect(), effect({ stepId: 'step_2', startInMs: 100 })] }),
      open({ effects: [effect({ stepId: 'step_2' })] }),
      ended,
    ],
    attempts: ['ends'],
  },
  'override-of-a-waiting-retry': {
    stretches: [open({ effects: [effect({ startInMs: 60_000 })] }), open({ wakeInMs: 100 }), ended],
    doorbells: 1,
  },
  'override-of-a-running-step': {
    stretches: [open({ effects: [effect()] }), open({ wakeInMs: 500 }), ended],
    attempts: ['hang'],
    doorbells: 1,
  },
  'end-with-a-step-in-flight': { stretches: [open({ effects: [effect({ startInMs: 60_000 })] }), ended], doorbells: 1 },
  'continue-as-new': { stretches: [...Array.from({ length: 201 }, () => open({ wakeInMs: 1 })), ended] },
};

export const failedAttempt = (): ApplicationFailure =>
  ApplicationFailure.create({ type: 'upstream.broken', message: 'The service answered with an error', nextRetryDelay: 100 });
