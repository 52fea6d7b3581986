import type { PendingOverride } from '@holdfast/db';
import { HoldfastError, type Problem, say, toProblem, type Words } from '@holdfast/errors';
import { jumpStepId, originOf, type JournalEntry, type Plan, type RunState, type StepState } from '@holdfast/graph';
import { portsOf } from '@holdfast/node-kit';
import { isHeldCall } from './put-off.ts';

export type Applied =
  | {
      entries: JournalEntry[];
      /** Steps that go on no more. */
      dropped: string[];
      /** Steps whose calls wait no more. */
      released?: string[];
    }
  | { refused: Problem };

/** What a step left to be done later, and nobody has settled yet. */
interface OpenKept {
  stepId: string;
  what: string;
}

/** What an operator's act on a run comes to, in journal entries. Pure: the owner of the run writes them. */
export function applyOverride(given: {
  runId: string;
  plan: Plan;
  state: RunState;
  override: PendingOverride;
  at: string;
  kept: readonly OpenKept[];
}): Applied {
  const { state, override } = given;
  if (state.status === 'ended') return refuse('The run has ended.');
  const { failedAt } = override.args;
  if (failedAt !== undefined && !openSteps(state).some((step) => step.status === 'failed' && step.failure?.at === failedAt))
    return refuse('Somebody acted on this run in the meantime, so it was left alone.');
  switch (override.action) {
    case 'pause':
      return state.status === 'paused' ? refuse('The run is paused already.') : entries({ kind: 'paused', at: given.at, by: by(override) });
    case 'resume':
      return resume(given);
    case 'retry':
      return retry(given);
    case 'skip':
      return skip(given);
    case 'edit':
      return edit(given);
    case 'jump':
      return jump(given);
    case 'discard':
      return discardCall(given);
    case 'skip-wait':
      return skipWait(given);
    case 'end':
      return { entries: [{ kind: 'run-ended', at: given.at, outcome: 'stopped', by: by(override) }], dropped: [...state.open] };
    default:
      return refuse(say`“${override.action}” is not something that can be done to a run.`);
  }
}

type Given = Parameters<typeof applyOverride>[0];

const by = (override: PendingOverride) => ({
  kind: 'person' as const,
  name: override.byName,
  ...(override.args.note === undefined ? {} : { note: override.args.note }),
});
const entries = (...made: JournalEntry[]): Applied => ({ entries: made, dropped: [] });
const refuse = (detail: Words, hint?: Words): Applied => ({
  refused: toProblem(new HoldfastError('override.impossible', { detail, ...(hint === undefined ? {} : { hint }) })),
});
const openSteps = (state: RunState): StepState[] => state.open.flatMap((id) => state.steps.get(id) ?? []);

/** A paused run goes on; one that needs attention tries its failed steps again. */
function resume({ state, override, at }: Given): Applied {
  if (state.status === 'paused') return entries({ kind: 'resumed', at, by: by(override) });
  if (state.status !== 'attention' && !openSteps(state).some((step) => step.status === 'failed'))
    return refuse('The run is neither paused nor stopped: it goes on by itself.');
  const failed = openSteps(state).filter((step) => step.status === 'failed');
  return entries(
    ...(state.status === 'attention' ? [{ kind: 'resumed' as const, at, by: by(override) }] : []),
    ...failed.map((step) => ({ kind: 'retried' as const, at, step: step.step, by: by(override) })),
  );
}

function retry({ state, override, at, plan }: Given): Applied {
  const { node } = override.args;
  const found = openSteps(state).filter(
    (step) => (step.status === 'failed' || step.status === 'retrying') && (node === undefined || step.node === node),
  );
  if (found.length === 0)
    return refuse(
      node === undefined ? 'No step of this run has failed.' : say`${nameOf(plan, node)} has not failed, so there is nothing to try again.`,
    );
  const { data = {} } = override.args;
  return entries(
    ...(Object.keys(data).length === 0 ? [] : [{ kind: 'edited' as const, at, data, by: by(override) }]),
    ...found.map((step) => ({ kind: 'retried' as const, at, step: step.step, by: by(override) })),
  );
}

function skip({ plan, state, override, at }: Given): Applied {
  const { node = '', port = '', output = null } = override.args;
  const step = openSteps(state).findLast((each) => each.node === node);
  if (!step) return refuse(say`The run does not stand at ${nameOf(plan, node)} now.`, 'Reload the run: it may have gone on.');
  const { definition, config } = plan.node(node);
  const ports = Object.keys(portsOf(definition, config));
  if (!ports.includes(port))
    return refuse(
      say`${nameOf(plan, node)} has no exit “${port}”.`,
      ports.length > 0 ? say`Choose one of: ${ports.join(', ')}.` : 'This step has no exits: end the run, or jump.',
    );
  return { entries: [{ kind: 'step-ended', at, ...originOf(step), port, output, how: 'skipped', by: by(override) }], dropped: [step.step] };
}

function edit({ plan, override, at }: Given): Applied {
  const data = override.args.data ?? {};
  const unknown = Object.keys(data).find((node) => !plan.hasNode(node));
  if (unknown !== undefined) return refuse(say`This version of the flow has no step “${unknown}”.`);
  return Object.keys(data).length === 0
    ? refuse('There is nothing to change in this edit.')
    : entries({ kind: 'edited', at, data, by: by(override) });
}

function jump({ runId, plan, state, override, at, kept }: Given): Applied {
  const { node = '' } = override.args;
  if (!plan.hasNode(node) || plan.node(node).definition.kind === 'trigger')
    return refuse(say`The run can't be sent to ${nameOf(plan, node)}.`, 'Choose a step of this version that is not its start.');
  const twice = kept.flatMap(({ stepId, what }) => {
    const keeper = state.steps.get(stepId)?.node;
    return keeper !== undefined && (keeper === node || plan.leadsTo(node, keeper)) ? [{ keeper, what }] : [];
  })[0];
  if (twice)
    return refuse(
      say`From ${nameOf(plan, node)} on, the run would do twice what ${nameOf(plan, twice.keeper)} has kept for later: “${twice.what}”.`,
      'Let it be delivered first, or discard it: under Providers, “What waits”.',
    );
  const lineage = state.lineage + 1;
  return { entries: [{ kind: 'jumped', at, node, lineage, step: jumpStepId(runId, lineage), by: by(override) }], dropped: [...state.open] };
}

/** A call that waits for its provider is not made: its step fails for a person to look at, or leaves by `failed` where that is drawn. */
function discardCall({ plan, state, override, at }: Given): Applied {
  const step = openSteps(state).find((each) => each.step === override.args.step);
  // One that was begun again may have been made: its process took its end along.
  if (step?.status !== 'retrying' || !isHeldCall(step)) return refuse('Its call does not wait any more.');
  const { config, definition } = plan.node(step.node);
  const note = override.args.note ?? '';
  const problem = toProblem(
    new HoldfastError('upstream.discarded', {
      detail: say`${nameOf(plan, step.node)}: ${override.byName} took its waiting call out of the queue${note === '' ? '' : ` (“${note}”)`}. Nothing was sent.`,
      hint: 'Retry the step to make the call after all, or skip it.',
    }),
  );
  const isDrawn =
    'failed' in portsOf(definition, config) && plan.file.edges.some(({ from }) => from.node === step.node && from.port === 'failed');
  const released = [step.step];
  if (override.args.leave === 'failed' && isDrawn) {
    const output = { error: { ...problem } };
    const ended = { kind: 'step-ended' as const, at, ...originOf(step), port: 'failed', output, how: 'gave-up' as const, by: by(override) };
    return { entries: [ended], dropped: [], released };
  }
  const attempt = Math.max(1, step.attempts);
  return { entries: [{ kind: 'step-failed', at, ...originOf(step), attempt, problem, isFinal: true }], dropped: [], released };
}

/** The simulator's "skip the wait": timers ring now; with none, whatever waits for a time at most is taken to have waited it out. */
function skipWait({ state, override, at }: Given): Applied {
  const dated = openSteps(state).filter((step) => step.status === 'waiting' && step.wait?.deadlineAt);
  const timers = dated.filter((step) => step.wait?.waitFor === 'timer');
  const rung = timers.length > 0 ? timers : dated;
  if (rung.length === 0) return refuse('No timer of this run is running.');
  return {
    entries: rung.map((step) => ({
      kind: 'step-ended' as const,
      at,
      ...originOf(step),
      port: step.wait?.timeoutPort ?? '',
      output: null,
      how: 'skipped' as const,
      by: by(override),
    })),
    dropped: rung.map((step) => step.step),
  };
}

const nameOf = (plan: Plan, node: string): string =>
  plan.hasNode(node) && plan.node(node).name !== '' ? `“${plan.node(node).name}”` : `“${node}”`;
