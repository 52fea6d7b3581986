import type { RunDetail, RunStep } from '@holdfast/contracts';
import type { StepMark, StepMarkState } from '../document/marks-store.ts';
import { pretendedOf } from '../simulator/fault-kinds.ts';
import { isPutOff } from './timeline-sentence.ts';

type RunView = Pick<RunDetail, 'steps' | 'file' | 'timeline' | 'status'>;

/** What a step's card shows. A wait for a handoff is a person's. */
function stateOf(step: RunStep, handoffs: ReadonlySet<string>): StepMarkState {
  if (step.status === 'waiting') return handoffs.has(step.step) ? 'person' : 'waiting';
  return step.status === 'retrying' && isPutOff(step) ? 'waiting' : step.status;
}

/** Marks by node; a node that was visited several times shows its last visit. */
export function marksOfRun(run: RunView): Map<string, StepMark> {
  const handoffs = new Set(
    run.timeline.flatMap(({ entry }) => (entry.kind === 'wait-opened' && entry.waitFor === 'handoff' ? [entry.step] : [])),
  );
  const marks = new Map<string, StepMark>();
  const visits = new Map<string, number>();
  for (const { entry } of run.timeline) {
    if (entry.kind === 'run-started')
      marks.set(entry.node, { state: 'done', attempts: 1, maxAttempts: null, untilAt: null, by: null, visits: 1, pretended: null });
  }
  for (const step of run.steps) {
    visits.set(step.node, (visits.get(step.node) ?? 0) + 1);
    marks.set(step.node, {
      state: stateOf(step, handoffs),
      attempts: step.attempts,
      maxAttempts: step.maxAttempts,
      untilAt: step.retryAt ?? step.deadlineAt,
      by: step.by,
      visits: visits.get(step.node) ?? 1,
      pretended: pretendedOf(step.facts),
    });
  }
  return marks;
}

/** The connections that the run went along. */
export function edgesOfRun(run: Pick<RunView, 'steps'>): Set<string> {
  return new Set(run.steps.flatMap((step) => (step.edge === null ? [] : [step.edge])));
}

/** Connections that lead to what is being worked on right now. */
export function movingEdgesOfRun(run: Pick<RunView, 'steps' | 'status'>): Set<string> {
  if (run.status !== 'running') return new Set();
  return new Set(run.steps.flatMap((step) => (step.edge !== null && step.status === 'running' ? [step.edge] : [])));
}
