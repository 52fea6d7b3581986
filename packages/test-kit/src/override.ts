import { advance, jumpStepId, originOf, type JournalEntry, type Plan, type RunState, type StepState } from '@holdfast/graph';

const at = '2026-11-23T03:00:00.000Z';
const by = { kind: 'person', name: 'Ana' } as const;

/** Something that a person may do to a run in this state; a paused run is mostly resumed. */
export function override(plan: Plan, state: RunState, luck: number): JournalEntry {
  const { ready, unfinished, waiting, failed } = advance(plan, state);
  const pick = <T>(list: readonly T[]): T | undefined => list[(luck >>> 4) % Math.max(list.length, 1)];
  const open = pick([...ready, ...unfinished, ...waiting, ...failed]);
  const broken = pick(failed);
  const target = pick(plan.file.nodes.filter((node) => node.type !== 'begin'));
  const choice = luck % 6;
  if (state.status === 'paused' && choice < 4) return { kind: 'resumed', at, by };
  if (choice === 0 && target) return jump(state, target.id);
  if (choice === 1 && open) return skip(plan, open, luck);
  if (choice === 2 && broken) return { kind: 'retried', at, step: broken.step, by };
  if (choice === 3) return { kind: 'paused', at, by };
  return { kind: 'edited', at, data: { [target?.id ?? 'n1']: luck % 100 }, by };
}

const jump = (state: RunState, node: string): JournalEntry => ({
  kind: 'jumped',
  at,
  node,
  lineage: state.lineage + 1,
  step: jumpStepId('run_1', state.lineage + 1),
  by,
});

function skip(plan: Plan, step: StepState, luck: number): JournalEntry {
  const ports = plan.edgesOf(step.node).map((edge) => edge.from.port);
  return {
    kind: 'step-ended',
    at,
    ...originOf(step),
    port: ports[luck % Math.max(ports.length, 1)] ?? 'end',
    output: 'by hand',
    how: 'skipped',
    by,
  };
}
