import type { HandOverCause, RunStanding } from '@holdfast/db';
import type { RunState } from '@holdfast/graph';
import { isPutOff } from './put-off.ts';

/** What stopped a stretch before all was done that could be. */
export type CutShort = Extract<HandOverCause, 'override' | 'shutdown' | 'budget'> | null;

/** Why the express lane can't go on with a run; of several reasons the one that presses most. Pure. */
export function handOverCause(state: RunState, standing: RunStanding, cutShort: CutShort): HandOverCause {
  if (cutShort === 'override' || cutShort === 'shutdown') return cutShort;
  if (standing.status === 'attention' || standing.status === 'paused') return 'attention';
  const open = state.open.flatMap((id) => state.steps.get(id) ?? []);
  if (open.some((step) => step.status === 'retrying' && !isPutOff(step))) return 'retry';
  if (open.some((step) => step.status === 'ready' || step.status === 'running')) return cutShort ?? 'slow';
  return open.some(isPutOff) ? 'later' : 'wait';
}
