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
import type {
  Catalog,
  ContactView,
  EffectContext,
  JsonObject,
  OutgoingMessage,
  Outcome,
  Runner,
  Scope,
  WaitEvent,
  WaitPlan,
} from '@holdfast/node-kit';
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
  /** Starts the run by the trigger's port, or answers the question it asks. Resolves with what the bot said. */
  say: (text: string) => Promise<string[]>;
  start: (port: string, trigger: JsonObject) => Promise<string[]>;
  /** Wakes what waits: a person's act, or the end of its time. */
  wake: (event: WaitEvent) => Promise<string[]>;
  /** Names of the steps in the order they ended, with the exit they took. */
  readonly way: string[];
  readonly attempts: Readonly<Record<string, number>>;
  readonly state: RunState;
  readonly waitsFor: string | null;
  readonly result: unknown;
}

const at = '2026-11-23T10:00:00.000Z';
type Open = Exclude<WaitPlan, { leave: unknown }>;

/** Plays a flow with its real nodes; retries happen at once. */
export function talkTo(file: FlowFile, options: TalkOptions): Talk {
  return createTalk(compile(file, 'version_test', options.catalog), options);
}

function createTalk(plan: Plan, options: TalkOptions): Talk {
  let state = fold(plan, []);
  const way: string[] = [];
  const attempts: Record<string, number> = {};
  let said: OutgoingMessage[] = [];
  const write = (entry: JournalEntry): void => {
    state = applyEntry(plan, state, entry);
    if (entry.kind === 'step-ended') way.push(`${entry.node}.${entry.port}`);
  };
  const scope = (): Scope =>
    buildScope(state, {
      run: { id: 'run_test', flow: plan.file.name },
      contact: options.contact ?? null,
      conversation: null,
      variables: options.variables ?? {},
    });
  const end = (step: StepState, outcome: Outcome, how: 'ran' | 'timeout' | 'gave-up' = 'ran') =>
    write({ kind: 'step-ended', at, ...originOf(step), ...outcome, how });
  const open = new Map<string, Open>();

  async function runEffect(step: StepState, runner: Runner): Promise<void> {
    const { definition, config } = plan.node(step.node);
    if (definition.kind !== 'effect') return;
    const rendered = renderConfig(definition, config, scope());
    const policy = typeof definition.retry === 'function' ? definition.retry(rendered) : definition.retry;
    for (let attempt = 1; ; attempt += 1) {
      attempts[step.node] = attempt;
      write({ kind: 'step-started', at, ...originOf(step), attempt });
      const { context } = effectContext({
        ...options.world,
        scope: scope(),
        attempt,
        isLastAttempt: attempt >= policy.maxAttempts,
        deliver: { send: async (message) => (said.push(message), { state: 'accepted', messageId: `msg_${said.length}` }) },
      });
      try {
        return end(step, await runner.run({ config: rendered, context }));
      } catch (thrown) {
        const error = asHoldfastError(thrown, 'step.crashed');
        if (error.meaning.retry === 'later' && attempt < policy.maxAttempts) continue;
        const exit = whenExhausted(plan, step);
        if (typeof exit === 'object') return end(step, { ...exit, output: null }, 'gave-up');
        return write({
          kind: 'step-failed',
          at,
          ...originOf(step),
          attempt,
          isFinal: true,
          problem: { code: error.code, title: error.meaning.title, detail: error.detail },
        });
      }
    }
  }

  function openWait(step: StepState): void {
    const { definition, config } = plan.node(step.node);
    if (definition.kind !== 'wait') return;
    const given = definition.plan({
      config: renderConfig(definition, config, scope()),
      scope: scope(),
      visit: step.visit,
      now: at,
      random: 0,
    });
    if ('leave' in given) return end(step, given.leave);
    if (given.say) said.push(given.say);
    open.set(step.step, given);
    write({ kind: 'wait-opened', at, ...originOf(step), waitFor: given.waitFor, deadlineAt: null, timeoutPort: given.timeoutPort });
  }

  async function runStep(step: StepState): Promise<void> {
    const { definition, config } = plan.node(step.node);
    if (definition.kind === 'wait') return openWait(step);
    if (definition.kind === 'pure')
      return end(step, definition.evaluate({ config: renderConfig(definition, config, scope()), scope: scope() }));
    const runner = options.runners[definition.type];
    if (!runner) throw new Error(`No runner for ${definition.type}`);
    return runEffect(step, runner);
  }

  async function goOn(): Promise<string[]> {
    said = [];
    for (let [step] = advance(plan, state).ready; step; [step] = advance(plan, state).ready) await runStep(step);
    return said.map((message) => message.text);
  }

  async function wake(event: WaitEvent): Promise<string[]> {
    const [step] = advance(plan, state).waiting;
    const given = step && open.get(step.step);
    if (!step || !given) throw new Error('Nothing waits in this run.');
    const { definition, config } = plan.node(step.node);
    if (definition.kind !== 'wait') throw new Error(`"${step.node}" does not wait.`);
    const tries = (step.wait?.tries ?? 0) + 1;
    const left =
      event.kind === 'timeout'
        ? { port: given.timeoutPort, output: null }
        : definition.resolve({ config: renderConfig(definition, config, scope()), scope: scope(), event, tries });
    if (left && 'port' in left) {
      end(step, left, event.kind === 'timeout' ? 'timeout' : 'ran');
      return goOn();
    }
    write({ kind: 'wait-continued', at, step: step.step, node: step.node, tries });
    return left ? [left.say.text] : [];
  }

  function start(port: string, trigger: JsonObject): Promise<string[]> {
    const first = plan.file.nodes.find((node) => plan.node(node.id).definition.kind === 'trigger');
    if (!first) throw new Error('This flow has no trigger.');
    write({ kind: 'run-started', at, node: first.id, step: rootStepId('run_test'), port, input: trigger });
    return goOn();
  }

  return {
    start,
    wake,
    say: (text) => {
      const message = { id: 'm1', text, attachments: [], receivedAt: at };
      return state.steps.size === 0
        ? start('message', { text, message, messages: [message], attachments: [] })
        : wake({ kind: 'reply', messages: [message] });
    },
    way,
    attempts,
    get state() {
      return state;
    },
    get waitsFor() {
      return advance(plan, state).waiting[0]?.node ?? null;
    },
    get result() {
      return [...state.steps.values()].filter((step) => plan.node(step.node).type === 'end').at(-1)?.output ?? null;
    },
  };
}
