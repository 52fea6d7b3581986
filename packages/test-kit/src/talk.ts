import { asHoldfastError } from '@holdfast/errors';
import {
  advance,
  applyEntry,
  buildScope,
  compile,
  fold,
  originOf,
  renderConfig,
  rootStepId,
  whenExhausted,
  type FlowFile,
  type JournalEntry,
  type Plan,
  type RunState,
  type StepState,
} from '@holdfast/graph';
import type { Catalog, ContactView, EffectContext, JsonObject, Outcome, Runner, Scope, WaitEvent, WaitPlan } from '@holdfast/node-kit';
import { effectContext } from './effects.ts';

export interface TalkOptions {
  catalog: Catalog;
  runners: Readonly<Record<string, Runner>>;
  /** What effects reach; sending is taken care of. */
  world?: Partial<EffectContext>;
  variables?: JsonObject;
  contact?: ContactView;
}

/** One run of a flow in memory, as a customer or a caller meets it: no database, no clock, no waiting. */
export interface Talk {
  /** Starts the run with a message, or answers the question it asks. Resolves with what the bot said. */
  say: (text: string) => Promise<string[]>;
  start: (port: string, trigger: JsonObject) => Promise<string[]>;
  /** Wakes what waits: a person's act, or the end of its time. */
  wake: (event: WaitEvent) => Promise<string[]>;
  /** The steps in the order they ended, each with the exit it took: `lookup.ok`. */
  readonly way: readonly string[];
  readonly attempts: Readonly<Record<string, number>>;
  /** The step that waits, if one does. */
  readonly waitsFor: string | null;
}

type Open = Exclude<WaitPlan, { leave: unknown }>;

interface Run {
  plan: Plan;
  options: TalkOptions;
  state: RunState;
  way: string[];
  attempts: Record<string, number>;
  said: string[];
  open: Map<string, Open>;
}

const at = '2026-11-23T10:00:00.000Z';

/** Plays a flow with its real nodes; retries happen at once. */
export function talkTo(file: FlowFile, options: TalkOptions): Talk {
  const plan = compile(file, 'version_test', options.catalog);
  const run: Run = { plan, options, state: fold(plan, []), way: [], attempts: {}, said: [], open: new Map() };
  return {
    start: async (port, trigger) => start(run, port, trigger),
    wake: async (event) => wake(run, event),
    say: async (text) => {
      const message = { id: 'm1', text, attachments: [], receivedAt: at };
      const isNew = run.state.steps.size === 0;
      return isNew
        ? start(run, 'message', { text, message, messages: [message], attachments: [] })
        : wake(run, { kind: 'reply', messages: [message] });
    },
    way: run.way,
    attempts: run.attempts,
    get waitsFor() {
      return advance(plan, run.state).waiting[0]?.node ?? null;
    },
  };
}

function write(run: Run, entry: JournalEntry): void {
  run.state = applyEntry(run.plan, run.state, entry);
  if (entry.kind === 'step-ended') run.way.push(`${entry.node}.${entry.port}`);
}

const end = (run: Run, step: StepState, outcome: Outcome, how: 'ran' | 'timeout' | 'gave-up' = 'ran'): void =>
  write(run, { kind: 'step-ended', at, ...originOf(step), ...outcome, how });

const scopeOf = ({ state, options, plan }: Run): Scope =>
  buildScope(state, {
    run: { id: 'run_test', flow: plan.file.name },
    contact: options.contact ?? null,
    conversation: null,
    variables: options.variables ?? {},
  });

/** A step's definition with its settings filled in. */
function open(run: Run, step: StepState) {
  const { definition, config } = run.plan.node(step.node);
  return { definition, config: renderConfig(definition, config, scopeOf(run)) };
}

async function start(run: Run, port: string, trigger: JsonObject): Promise<string[]> {
  const first = run.plan.file.nodes.find((node) => run.plan.node(node.id).definition.kind === 'trigger');
  if (!first) throw new Error('This flow has no trigger.');
  write(run, { kind: 'run-started', at, node: first.id, step: rootStepId('run_test'), port, input: trigger });
  return goOn(run);
}

async function goOn(run: Run): Promise<string[]> {
  run.said = [];
  for (let [step] = advance(run.plan, run.state).ready; step; [step] = advance(run.plan, run.state).ready) await runStep(run, step);
  return run.said;
}

async function runStep(run: Run, step: StepState): Promise<void> {
  const { definition, config } = open(run, step);
  switch (definition.kind) {
    case 'pure':
      return end(run, step, definition.evaluate({ config, scope: scopeOf(run) }));
    case 'wait':
      return openWait(run, step, definition.plan({ config, scope: scopeOf(run), visit: step.visit, now: at, random: 0 }));
    case 'effect': {
      const policy = typeof definition.retry === 'function' ? definition.retry(config) : definition.retry;
      for (let attempt = 1; await tryEffect(run, step, { config, attempt, isLast: attempt >= policy.maxAttempts }); attempt += 1);
      return undefined;
    }
    case 'trigger':
      throw new Error(`"${step.node}" starts runs and can't be inside of one.`);
  }
}

/** True when it is worth another try. */
async function tryEffect(run: Run, step: StepState, given: { config: JsonObject; attempt: number; isLast: boolean }): Promise<boolean> {
  const { config, attempt, isLast } = given;
  const runner = run.options.runners[run.plan.node(step.node).type];
  if (!runner) throw new Error(`"${step.node}" has no runner.`);
  run.attempts[step.node] = attempt;
  write(run, { kind: 'step-started', at, ...originOf(step), attempt });
  try {
    end(run, step, await runner.run({ config, context: contextOf(run, attempt, isLast) }));
    return false;
  } catch (thrown) {
    const error = asHoldfastError(thrown, 'step.crashed');
    if (error.meaning.retry === 'later' && !isLast) return true;
    giveUp(run, step, attempt, error);
    return false;
  }
}

function contextOf(run: Run, attempt: number, isLastAttempt: boolean): EffectContext {
  const { context } = effectContext({
    ...run.options.world,
    scope: scopeOf(run),
    attempt,
    isLastAttempt,
    deliver: {
      send: async ({ text }) => ({ state: 'accepted', messageId: `msg_${run.said.push(text)}` }),
      start: async ({ message: { text } }) => ({
        state: 'accepted',
        messageId: `msg_${run.said.push(text)}`,
        conversation: 'conv_1',
        contact: 'cont_1',
      }),
    },
  });
  return context;
}

function giveUp(run: Run, step: StepState, attempt: number, error: ReturnType<typeof asHoldfastError>): void {
  const exit = whenExhausted(run.plan, step, { isAmbiguous: error.meaning.retry === 'ambiguous' });
  if (typeof exit === 'object') return end(run, step, { ...exit, output: null }, 'gave-up');
  const problem = { code: error.code, title: error.meaning.title, detail: error.detail };
  return write(run, { kind: 'step-failed', at, ...originOf(step), attempt, isFinal: true, problem });
}

function openWait(run: Run, step: StepState, plan: WaitPlan): void {
  if ('leave' in plan) return end(run, step, plan.leave);
  if (plan.say) run.said.push(plan.say.text);
  run.open.set(step.step, plan);
  return write(run, { kind: 'wait-opened', at, ...originOf(step), waitFor: plan.waitFor, deadlineAt: null, timeoutPort: plan.timeoutPort });
}

async function wake(run: Run, event: WaitEvent): Promise<string[]> {
  const [step] = advance(run.plan, run.state).waiting;
  const plan = step && run.open.get(step.step);
  if (!step || !plan) throw new Error('Nothing waits in this run.');
  const { definition, config } = open(run, step);
  if (definition.kind !== 'wait') throw new Error(`"${step.node}" does not wait.`);
  if (event.kind === 'timeout') {
    end(run, step, { port: plan.timeoutPort, output: null }, 'timeout');
    return goOn(run);
  }
  const tries = (step.wait?.tries ?? 0) + 1;
  const left = definition.resolve({ config, scope: scopeOf(run), event, tries });
  if (left && 'port' in left) {
    end(run, step, left);
    return goOn(run);
  }
  write(run, { kind: 'wait-continued', at, step: step.step, node: step.node, tries });
  return left ? [left.say.text] : [];
}
