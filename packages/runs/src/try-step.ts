import { randomUUID } from 'node:crypto';
import { asHoldfastError, HoldfastError, type Problem, say, toProblem } from '@holdfast/errors';
import { compile, renderConfig, type FlowFile, type PlannedNode } from '@holdfast/graph';
import {
  isJsonObject,
  parseDuration,
  type DatabaseRequest,
  type EffectContext,
  type EffectDefinition,
  type EgressRequest,
  type EgressResponse,
  type JsonObject,
  type JsonValue,
  type Outcome,
  type Scope,
} from '@holdfast/node-kit';
import { ungated } from '@holdfast/providers';
import { answerOf, databaseCall, performed } from './database-call.ts';
import type { ExecutionDeps } from './deps.ts';
import { alone } from './together-from-step.ts';
import { awayBy, keptOutcome, whatOf } from './keep-step.ts';
import { presignWith } from './presign-with.ts';
import { filesOfTrial } from './run-files.ts';

export interface TryOutcome {
  port: string | null;
  output: JsonValue;
  facts: JsonObject;
  durationMs: number;
  problem: Problem | null;
  wouldSend: { text: string }[];
}

export type TryDeps = Pick<
  ExecutionDeps,
  'pool' | 'catalog' | 'runners' | 'egress' | 'databases' | 'llm' | 'openCredential' | 'store' | 'providers' | 'together' | 'fileLimits'
>;

/** Runs one step on chosen data, once: calls are made, messages are gathered instead of sent, nothing is journalled. */
export async function tryStep(
  deps: TryDeps,
  args: { workspaceId: string; file: FlowFile; node: string; scope: JsonObject },
): Promise<TryOutcome> {
  const startedAt = performance.now();
  const wouldSend: { text: string }[] = [];
  const facts: JsonObject = {};
  const ended = (outcome: { port: string | null; output: JsonValue }, problem: Problem | null): TryOutcome => ({
    ...outcome,
    facts,
    durationMs: Math.round(performance.now() - startedAt),
    problem,
    wouldSend,
  });
  try {
    const node = compile(args.file, 'draft', deps.catalog).node(args.node);
    return ended(await runNode(deps, { ...args, node, scope: scopeFrom(args.scope), wouldSend, facts }), null);
  } catch (error) {
    return ended({ port: null, output: null }, toProblem(asHoldfastError(error, 'step.crashed')));
  }
}

interface Trial {
  workspaceId: string;
  node: PlannedNode;
  scope: Scope;
  wouldSend: { text: string }[];
  facts: JsonObject;
}

async function runNode(deps: TryDeps, trial: Trial): Promise<{ port: string | null; output: JsonValue }> {
  const { node, scope } = trial;
  const { definition } = node;
  const config = renderConfig(definition, node.config, scope);
  switch (definition.kind) {
    case 'trigger':
      return { port: null, output: scope.trigger };
    case 'pure':
      return definition.evaluate({ config, scope });
    case 'effect':
      return runEffectNode(deps, trial, definition, config);
    case 'wait': {
      const plan = definition.plan({ config, scope, visit: 1, now: new Date().toISOString(), random: 0.5 });
      if ('leave' in plan) return plan.leave;
      if (plan.say) trial.wouldSend.push({ text: plan.say.text });
      trial.facts['waitsFor'] = plan.waitFor;
      if (plan.timeout !== null) trial.facts['waitsAtMost'] = plan.timeout;
      return { port: null, output: null };
    }
  }
}

async function runEffectNode(deps: TryDeps, trial: Trial, definition: EffectDefinition, config: JsonObject): Promise<Outcome> {
  const runner = deps.runners[definition.type];
  if (!runner) throw new HoldfastError('internal', { detail: say`No runner is installed for "${definition.type}".` });
  const timeout = typeof definition.timeout === 'function' ? definition.timeout(config) : definition.timeout;
  const signal = AbortSignal.timeout(Math.min(60_000, parseDuration(timeout) + 500));
  try {
    return await runner.run({ config, context: trialContext(deps, trial, signal) });
  } catch (thrown) {
    const isKept = definition.keeps?.(config) && awayBy(thrown, { isLastAttempt: true, open: new Set() });
    if (!isKept) throw thrown;
    trial.facts['wouldKeep'] = whatOf({ definition, config });
    return keptOutcome('try');
  }
}

/** The same context as in a run, but what it sends is gathered and no ledger is kept. */
function trialContext(deps: TryDeps, { workspaceId, node, scope, wouldSend, facts }: Trial, signal: AbortSignal): EffectContext {
  return {
    signal,
    idempotencyKey: `try-${crypto.randomUUID()}`,
    attempt: 1,
    isLastAttempt: true,
    scope,
    step: { id: 'try', node: node.id, nodeName: node.name },
    now: () => new Date(),
    egress: {
      request: (request) => callOnTrial(deps, { workspaceId, request, signal }),
    },
    keepCall: async ({ request, onlyBehind }) => {
      if (onlyBehind) return null;
      facts['wouldKeep'] = `${request.method} ${request.url}`;
      return { id: 'try' };
    },
    database: {
      query: async (request) => answerOf(await callOnTrial(deps, { workspaceId, request: databaseCall(request), signal })),
    },
    presign: ({ credential, ...link }) => presignWith(deps, workspaceId, credential, link),
    deliver: {
      send: async (message) => {
        wouldSend.push({ text: message.text });
        return { state: 'accepted', messageId: `try_${wouldSend.length}` };
      },
      start: async ({ message, address }) => {
        wouldSend.push({ text: message.text });
        facts['wouldWriteTo'] = address;
        return { state: 'accepted', messageId: `try_${wouldSend.length}`, conversation: null, contact: null };
      },
    },
    llm: { complete: (request) => deps.llm.complete(request, { workspaceId, signal }) },
    files: filesOfTrial(deps, workspaceId),
    store: {
      findCommonAnswer: (question, language) => deps.store.findCommonAnswer(workspaceId, question, language),
      openHandoff: async (reason) => {
        facts['wouldHandOver'] = reason;
        return { id: 'try' };
      },
    },
    // By itself: what goes wrong with it is told here alone.
    together: ({ key }, item, work) => (deps.together ?? alone)(`${workspaceId}/${key}`, item, work, { batch: randomUUID() }),
    note: (given) => void Object.assign(facts, given),
  };
}

/** One call, at once or not at all. Throws what the gate says when it can't go now. */
async function callOnTrial(
  deps: TryDeps,
  { workspaceId, request, signal }: { workspaceId: string; request: EgressRequest & { database?: DatabaseRequest }; signal: AbortSignal },
): Promise<EgressResponse> {
  const credential = request.credential ? await deps.openCredential(workspaceId, request.credential) : undefined;
  const gate = deps.providers ?? ungated(deps.egress);
  const perform = performed(request, { deps, workspaceId, credential, signal });
  const admitted = await gate.admit({ workspaceId, request, credential, signal, isTrial: true, ...perform });
  if (admitted.state === 'later') throw new HoldfastError(admitted.code, { detail: admitted.reason });
  return admitted.state === 'answered' ? admitted.response : admitted.send();
}

function scopeFrom(given: JsonObject): Scope {
  const part = (name: string): JsonObject => {
    const value = given[name];
    return isJsonObject(value) ? value : {};
  };
  const empty: Scope = {
    trigger: part('trigger'),
    nodes: part('nodes'),
    contact: null,
    conversation: null,
    variables: part('variables'),
    run: { id: 'try', startedAt: new Date().toISOString(), flow: '' },
  };
  // The editor sends these two as the data picker shows them; what lacks is filled with nothing.
  const contact = given['contact'] ? { id: '', name: '', language: '', attributes: {}, ...part('contact') } : null;
  const conversation = given['conversation'] ? { id: '', channel: '', channelKind: '', history: [], ...part('conversation') } : null;
  return { ...empty, contact, conversation } as Scope; // as: given by the editor, read by templates that cope with anything
}
