import type { Advance, Plan, RunState, StepRef, StepState, StepStatus } from './run-state.ts';

/**
 * What is to be done next. While a run is paused nothing is ready or to be tried again; waits and failures are still told.
 * A run that needs attention goes on with its other branches.
 */
export function advance(plan: Plan, state: RunState): Advance {
  const open = state.open.flatMap((id) => state.steps.get(id) ?? []);
  const having = (...statuses: StepStatus[]): StepState[] => open.filter((step) => statuses.includes(step.status));
  const isMoving = state.status === 'running' || state.status === 'attention';
  const ready = having('ready');
  const isOverBound = ready.length > 0 && state.executed >= plan.file.settings.maxSteps;
  const hasEnded = state.status === 'ended';
  return {
    ready: isMoving && !isOverBound ? ready : [],
    unfinished: isMoving ? having('running', 'retrying') : [],
    waiting: hasEnded ? [] : having('waiting'),
    failed: hasEnded ? [] : having('failed'),
    isDone: hasEnded || (state.steps.size > 0 && open.length === 0),
    isOverBound,
  };
}

/** What every entry about a step says about its origin. */
export const originOf = ({ step, node, parent, edge, lineage }: StepRef): StepRef => ({ step, node, parent, edge, lineage });

/** What becomes of an effect whose retries ran out. `isAmbiguous`: it may have been carried out, which only a person can find out, whatever is drawn. */
export function whenExhausted(plan: Plan, step: StepRef, { isAmbiguous }: { isAmbiguous: boolean }): { port: 'failed' } | 'pause' | 'end' {
  if (isAmbiguous) return 'pause';
  return plan.edgesFrom(step.node, 'failed').length > 0 ? { port: 'failed' } : plan.file.settings.onExhausted;
}
