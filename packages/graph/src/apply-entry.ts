import { HoldfastError, say } from '@holdfast/errors';
import { isJsonObject, type JsonValue } from '@holdfast/node-kit';
import { GrowingMap } from './growing-map.ts';
import type { Entry, JournalEntry } from './journal.ts';
import { comeUp, routeOn } from './route.ts';
import type { Plan, RunState, StepState } from './run-state.ts';

/** A run that has not started: what every fold begins with. */
export const unstarted: RunState = {
  status: 'running',
  lineage: 0,
  startedAt: '',
  trigger: {},
  steps: GrowingMap.empty(),
  open: [],
  gatherings: [],
  latest: GrowingMap.empty(),
  outputs: GrowingMap.empty(),
  executed: 0,
};

/**
 * The state after one more entry; the one before stays as it was. Costs a little more than the open steps, not the length
 * of the run. Throws `internal` for an entry that makes no sense here, so that it is never appended.
 */
export function applyEntry(plan: Plan, state: RunState, entry: JournalEntry): RunState {
  // Says where a run goes on, not what it did: whoever takes one over knows nothing of its journal.
  if (entry.kind === 'handed-over') return state;
  if (state.ended) throw senseless(entry, 'the run has ended');
  if ((state.steps.size === 0) !== (entry.kind === 'run-started'))
    throw senseless(entry, state.steps.size === 0 ? 'the run has not started' : 'the run has started already');
  switch (entry.kind) {
    case 'run-started':
      return start(plan, state, entry);
    case 'step-started':
      return begin(state, entry);
    case 'step-failed':
      return fail(state, entry);
    case 'step-ended':
      return end(plan, state, entry);
    case 'wait-opened':
      return openWait(state, entry);
    case 'wait-continued':
      return continueWait(state, entry);
    case 'retried':
      return retry(plan, state, entry);
    case 'edited':
      return edit(plan, state, entry);
    case 'jumped':
      return jump(plan, state, entry);
    case 'paused':
      return { ...state, status: 'paused' };
    // A person looked and lets the run go on: the bound counts anew.
    case 'resumed':
      return { ...state, status: 'running', executed: 0 };
    case 'attention':
      return { ...state, status: state.status === 'paused' ? 'paused' : 'attention' };
    case 'run-ended':
      return { ...state, status: 'ended', ended: entry };
  }
}

function start(plan: Plan, state: RunState, entry: Entry<'run-started'>): RunState {
  const trigger = { step: entry.step, node: entry.node, parent: null, edge: null, lineage: 0, branch: { forks: [], passed: [] } };
  const started = comeUp({ ...state, startedAt: entry.at, trigger: entry.input }, trigger);
  return leave(plan, started, { step: stepOf(started, entry), port: entry.port, output: entry.input });
}

function begin(state: RunState, entry: Entry<'step-started'>): RunState {
  const step = openStep(state, entry, ['ready', 'running', 'retrying']);
  return put(state, { ...step, status: 'running', attempts: Math.max(step.attempts, entry.attempt) });
}

function fail(state: RunState, entry: Entry<'step-failed'>): RunState {
  const step = stepOf(state, entry);
  // What was under way when a person sent the run elsewhere may still report; it changes nothing.
  if (step.status === 'abandoned') return state;
  openStep(state, entry);
  const status = entry.isFinal ? 'failed' : 'retrying';
  return put(state, { ...step, status, attempts: Math.max(step.attempts, entry.attempt), failure: entry });
}

function end(plan: Plan, state: RunState, entry: Entry<'step-ended'>): RunState {
  const step = stepOf(state, entry);
  if (step.status === 'abandoned' && step.port === undefined) return put(state, { ...step, port: entry.port, output: entry.output });
  openStep(state, entry);
  const settled = step.status === 'failed' ? calm(state, step.step) : state;
  return leave(plan, { ...settled, executed: settled.executed + 1 }, { step, port: entry.port, output: entry.output });
}

/** Ends an open step and makes what comes after it. */
function leave(plan: Plan, state: RunState, exit: { step: StepState; port: string; output: JsonValue }): RunState {
  const { failure: _, wait: __, ...step } = exit.step;
  const ended: StepState = { ...step, status: 'ended', port: exit.port, output: exit.output };
  const after = {
    ...state,
    steps: state.steps.with(step.step, ended),
    open: state.open.filter((each) => each !== step.step),
    outputs: state.outputs.with(step.node, exit.output),
  };
  return routeOn(plan, after, ended);
}

function openWait(state: RunState, entry: Entry<'wait-opened'>): RunState {
  const { waitFor, deadlineAt, timeoutPort, at, handoff } = entry;
  const { failure: _, ...step } = openStep(state, entry, ['ready', 'running', 'retrying']);
  const wait = { waitFor, deadlineAt, timeoutPort, openedAt: at, tries: 0, ...(handoff === undefined ? {} : { handoff }) };
  return put(state, { ...step, status: 'waiting', wait });
}

function continueWait(state: RunState, entry: Entry<'wait-continued'>): RunState {
  const step = openStep(state, entry, ['waiting']);
  const { tries, deadlineAt } = entry;
  return step.wait ? put(state, { ...step, wait: { ...step.wait, tries, ...(deadlineAt === undefined ? {} : { deadlineAt }) } }) : state;
}

/** Effects are tried again under the same id, so that what is known of their calls stands; all else is simply ready anew. */
function retry(plan: Plan, state: RunState, entry: Entry<'retried'>): RunState {
  const { failure: _, ...step } = openStep(state, entry, ['failed', 'retrying']);
  const status = plan.node(step.node).definition.kind === 'effect' ? 'retrying' : 'ready';
  return put(calm(state, step.step), { ...step, status });
}

function edit(plan: Plan, state: RunState, entry: Entry<'edited'>): RunState {
  return Object.entries(entry.data).reduce((edited, [node, output]) => {
    const latest = edited.steps.get(edited.latest.get(node) ?? '');
    const steps = latest?.status === 'ended' ? edited.steps.with(latest.step, { ...latest, output }) : edited.steps;
    const isTrigger = plan.hasNode(node) && plan.node(node).definition.kind === 'trigger';
    const trigger = isTrigger && isJsonObject(output) ? output : edited.trigger;
    return { ...edited, steps, trigger, outputs: edited.outputs.with(node, output) };
  }, state);
}

function jump(plan: Plan, state: RunState, entry: Entry<'jumped'>): RunState {
  if (entry.lineage !== state.lineage + 1) throw senseless(entry, `lineage ${entry.lineage} does not follow ${state.lineage}`);
  if (!plan.hasNode(entry.node) || plan.node(entry.node).definition.kind === 'trigger')
    throw senseless(entry, `"${entry.node}" is no step that a run can be sent to`);
  const open = state.open.flatMap((id) => state.steps.get(id) ?? []);
  const steps = open.reduce((all, step) => all.with(step.step, { ...step, status: 'abandoned' }), state.steps);
  const left = { ...state, status: calmed(state), steps, open: [], gatherings: [], lineage: entry.lineage, executed: 0 };
  return comeUp(left, {
    step: entry.step,
    node: entry.node,
    parent: null,
    edge: null,
    lineage: entry.lineage,
    branch: { forks: [], passed: [] },
  });
}

/** A failed step was dealt with; when it was the last, the run needs nobody's attention any more. */
function calm(state: RunState, dealtWith: string): RunState {
  const isLast = !state.open.some((id) => id !== dealtWith && state.steps.get(id)?.status === 'failed');
  return isLast ? { ...state, status: calmed(state) } : state;
}

const calmed = (state: RunState): RunState['status'] => (state.status === 'attention' ? 'running' : state.status);

const put = (state: RunState, step: StepState): RunState => ({ ...state, steps: state.steps.with(step.step, step) });

type StepEntry = Extract<JournalEntry, { step: string }>;

function stepOf(state: RunState, entry: StepEntry): StepState {
  const step = state.steps.get(entry.step);
  if (!step) throw senseless(entry, `no such step came up`);
  if ('node' in entry && entry.node !== step.node) throw senseless(entry, `that is a step of "${step.node}", not of "${entry.node}"`);
  return step;
}

function openStep(state: RunState, entry: StepEntry, fitting?: readonly StepState['status'][]): StepState {
  const step = stepOf(state, entry);
  if (step.status === 'ended' || step.status === 'abandoned')
    throw senseless(entry, `it has ${step.status === 'ended' ? 'ended' : 'been abandoned'} already`);
  if (fitting && !fitting.includes(step.status)) throw senseless(entry, `it is ${step.status}`);
  return step;
}

const senseless = (entry: JournalEntry, reason: string): HoldfastError =>
  new HoldfastError('internal', {
    detail: say`The journal can't take "${entry.kind}"${'step' in entry ? say` for ${entry.step}` : ''}: ${reason}.`,
  });
