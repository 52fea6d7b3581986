import {
  advance,
  applyEntry,
  fold,
  originOf,
  rootStepId,
  whenExhausted,
  type JournalEntry,
  type Plan,
  type RunState,
  type StepState,
} from '@holdfast/graph';
import { portsOf } from '@holdfast/node-kit';
import { chance } from './chance.ts';
import { override } from './override.ts';

export interface Play {
  /** Decides outcomes; the same for the same step whenever it comes up. */
  seed: number;
  /** Decides which of several things happens next, and nothing else. */
  order: number;
  /** A person interferes at most this often, in any way that they can; none by default. */
  overrides?: number;
  /** The run's id, of which all others are made; `run_1` when left out. */
  run?: string;
  /** Goes on from what a journal holds, instead of starting. */
  from?: readonly JournalEntry[];
}

const at = '2026-11-23T03:00:00.000Z';

/**
 * Executes a flow of `testCatalog` as `stretch` would, with outcomes made of the seed: steps leave by any of their ports,
 * effects fail and are tried again, waits are answered or expire. Answers the whole journal; ends when nothing can happen.
 */
export function playFlow(
  plan: Plan,
  { seed, order, overrides = 0, run = 'run_1', from }: Play,
): { entries: JournalEntry[]; state: RunState } {
  const trigger = plan.file.nodes.find((node) => node.type === 'begin');
  if (!trigger) throw new Error('This flow has no step of type "begin"');
  const entries: JournalEntry[] = [
    ...(from ?? [{ kind: 'run-started', at, node: trigger.id, step: rootStepId(run), port: 'out', input: { seed } }]),
  ];
  let state = fold(plan, entries);
  let left = overrides;
  for (;;) {
    const luck = chance(order, String(entries.length));
    const step = choose(plan, state, luck);
    const isInterferedWith = left > 0 && (luck % 5 === 0 || !step);
    if (!isInterferedWith && !step) return { entries, state };
    const entry =
      isInterferedWith || !step
        ? override(plan, state, chance(order, `override ${left}`))
        : happen(plan, step, chance(seed, `${wayTo(state, step)} ${step.attempts}`));
    if (isInterferedWith) left -= 1;
    entries.push(entry);
    state = applyEntry(plan, state, entry);
  }
}

/** How a step was come to, whatever the run is called. */
function wayTo(state: RunState, { parent, edge, node }: StepState): string {
  const before = parent === null ? undefined : state.steps.get(parent);
  return `${before ? wayTo(state, before) : ''}/${edge ?? 'joined'}:${node}`;
}

function choose(plan: Plan, state: RunState, luck: number): StepState | undefined {
  const next = advance(plan, state);
  const open = [...next.ready, ...next.unfinished, ...next.waiting];
  return next.isOverBound || next.isDone || state.status === 'paused' ? undefined : open[luck % Math.max(open.length, 1)];
}

function happen(plan: Plan, step: StepState, luck: number): JournalEntry {
  const { definition } = plan.node(step.node);
  const origin = originOf(step);
  if (step.status === 'ready' && definition.kind === 'effect') return { kind: 'step-started', at, ...origin, attempt: step.attempts + 1 };
  if (step.status === 'retrying') return { kind: 'step-started', at, ...origin, attempt: step.attempts + 1 };
  if (step.status === 'ready' && definition.kind === 'wait')
    return { kind: 'wait-opened', at, ...origin, waitFor: 'reply', deadlineAt: null, timeoutPort: 'expired' };
  if (step.status === 'running' && luck % 3 === 0) return stumble(plan, step);
  const ports = Object.keys(portsOf(definition, plan.node(step.node).config));
  return { kind: 'step-ended', at, ...origin, port: ports[luck % Math.max(ports.length, 1)] ?? 'end', output: luck % 7, how: 'ran' };
}

function stumble(plan: Plan, step: StepState): JournalEntry {
  const origin = originOf(step);
  const isFinal = step.attempts >= 2;
  const way = isFinal ? whenExhausted(plan, step, { isAmbiguous: false }) : 'pause';
  if (typeof way === 'object') return { kind: 'step-ended', at, ...origin, port: way.port, output: null, how: 'gave-up' };
  return {
    kind: 'step-failed',
    at,
    ...origin,
    attempt: step.attempts,
    problem: { code: 'upstream.broken', title: 'Broken', detail: 'It broke.' },
    isFinal,
  };
}
