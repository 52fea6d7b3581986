import type { OverrideBody, RunDetail, RunStep } from '@holdfast/contracts';

export type OverrideAction = OverrideBody['action'];

type RunView = Pick<RunDetail, 'status' | 'steps'>;

/** The step an operator's act is about: the one that failed, waits, is retried or runs; the selected one when it is such. */
export function openStep(run: RunView, selected: string | null): RunStep | null {
  const open = run.steps.filter((step) => step.status !== 'done' && step.status !== 'skipped');
  return open.find((step) => step.node === selected) ?? open.find((step) => step.status === 'failed') ?? open.at(-1) ?? null;
}

/** What can be done to a run now. The server has the last word; this only keeps impossible buttons away. */
export function possibleActions(run: RunView): OverrideAction[] {
  if (run.status === 'ended') return [];
  const open = openStep(run, null);
  const actions: OverrideAction[] = [run.status === 'paused' ? 'resume' : 'pause'];
  if (open && (open.status === 'failed' || open.status === 'retrying')) actions.push('retry');
  if (open) actions.push('skip');
  actions.push('edit', 'jump', 'end');
  return run.status === 'attention' ? actions.filter((action) => action !== 'pause') : actions;
}
