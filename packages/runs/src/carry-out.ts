import { randomUUID } from 'node:crypto';
import { HoldfastError, say } from '@holdfast/errors';
import {
  parseDuration,
  type DatabaseRequest,
  type EffectContext,
  type EffectDefinition,
  type EgressRequest,
  type EgressResponse,
  type Scope,
} from '@holdfast/node-kit';
import { NotNow, ungated, type CarryOut, type StepToCarryOut } from '@holdfast/providers';
import { answerOf, databaseCall, performed } from './database-call.ts';
import type { ExecutionDeps } from './deps.ts';
import { idempotentMethods } from './effect-context.ts';
import { Later } from './errors.ts';
import { unhappyExit } from './keep-step.ts';
import { presignWith } from './presign-with.ts';
import { filesOfTrial } from './run-files.ts';
import { alone } from './together-from-step.ts';
import { withTimeout } from './with-timeout.ts';

export type CarryDeps = Pick<
  ExecutionDeps,
  'pool' | 'catalog' | 'runners' | 'egress' | 'databases' | 'openCredential' | 'providers' | 'together' | 'fileLimits'
>;

/** Carries out what steps left to be done later: by their own runners, with the keys that their calls have in their runs, and through the same gate. */
export const createCarryOut =
  (deps: CarryDeps): CarryOut =>
  async (given) => {
    const { step } = given;
    const definition = deps.catalog[step.type];
    const runner = deps.runners[step.type];
    if (definition?.kind !== 'effect' || !runner || definition.typeVersion !== step.typeVersion)
      throw new HoldfastError('step.config', {
        detail: say`“${step.nodeName}” was kept by another version of Holdfast, which understood it differently. Nothing was sent.`,
        hint: 'Do it by hand and say that it arrived, or discard it.',
      });
    try {
      const { port, output } = await withTimeout(timeoutOf(definition, given), (signal) =>
        runner.run({ config: step.config, context: contextOf(deps, given, signal) }),
      );
      const exit = unhappyExit({ definition, config: step.config }, port);
      return exit === null
        ? { state: 'done' }
        : { state: 'unhappy', said: `It came out by “${exit}”: ${JSON.stringify(output).slice(0, 300).toWellFormed()}` };
    } catch (thrown) {
      if (!(thrown instanceof Later)) throw thrown;
      const forMs = (thrown.notBefore?.getTime() ?? Date.now() + 1_000) - Date.now();
      throw new NotNow(new HoldfastError(thrown.code, { detail: thrown.reason }), forMs);
    }
  };

const timeoutOf = ({ timeout }: EffectDefinition, { step }: StepToCarryOut): number =>
  parseDuration(typeof timeout === 'function' ? timeout(step.config) : timeout);

const nobody: Scope = {
  trigger: {},
  nodes: {},
  contact: null,
  conversation: null,
  variables: {},
  run: { id: '', startedAt: '', flow: '' },
};

const refuse = (what: string) => async (): Promise<never> => {
  throw new HoldfastError('internal', { detail: say`A kept step has no ${what}.` });
};

/** What a step that only calls a system can reach. No stand-ins: its attempts never are the last. */
function contextOf(deps: CarryDeps, given: StepToCarryOut, signal: AbortSignal): EffectContext {
  const { workspaceId, step, stepId } = given;
  const call = (request: SteppedRequest) => callOut(deps, given, { request, signal });
  return {
    signal,
    idempotencyKey: stepId,
    attempt: 1,
    isLastAttempt: false,
    scope: nobody,
    step: { id: stepId, node: step.node, nodeName: step.nodeName },
    now: () => new Date(),
    egress: {
      request: (request) => call({ ...request, isIdempotent: request.isIdempotent ?? idempotentMethods.has(request.method.toUpperCase()) }),
    },
    database: { query: async (ask) => answerOf(await call(databaseCall(ask))) },
    presign: ({ credential, ...link }) => presignWith(deps, workspaceId, credential, link),
    files: filesOfTrial(deps, workspaceId),
    together: ({ key }, item, work) => (deps.together ?? alone)(`${workspaceId}/${key}`, item, work, { batch: randomUUID(), signal }),
    keepCall: refuse('place for other calls'),
    deliver: { send: refuse('channel'), start: refuse('channel') },
    llm: { complete: refuse('model') },
    store: { findCommonAnswer: refuse('library'), openHandoff: refuse('inbox') },
    note: () => undefined,
  };
}

/** `QUERY`: of a database. */
const reading: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'QUERY']);

type SteppedRequest = EgressRequest & { isIdempotent: boolean; database?: DatabaseRequest };

/** Through the gate; what must not happen twice is written down first. Throws `Later` when it can't go now. */
async function callOut(
  deps: CarryDeps,
  { workspaceId, since, goesOut, goesOn }: StepToCarryOut,
  { request, signal }: { request: SteppedRequest; signal: AbortSignal },
): Promise<EgressResponse> {
  signal.throwIfAborted();
  const credential = request.credential ? await deps.openCredential(workspaceId, request.credential) : undefined;
  const gate = deps.providers ?? ungated(deps.egress);
  const perform = performed(request, { deps, workspaceId, credential, signal });
  const asked = { ...request, hasFallback: false };
  const admitted = await gate.admit({ workspaceId, request: asked, credential, kept: { since }, signal, ...perform });
  if (admitted.state === 'later') throw new Later(admitted);
  if (admitted.state === 'answered') return admitted.response;
  const unsent = async (error: unknown): Promise<never> => {
    await admitted.giveUp();
    throw error;
  };
  if (request.isIdempotent) {
    if (!reading.has(request.method)) await goesOn().catch(unsent);
    return admitted.send();
  }
  const nothingDone = await goesOut().catch(unsent);
  try {
    return await admitted.send();
  } catch (error) {
    if (error instanceof HoldfastError && error.code !== 'upstream.ambiguous') nothingDone();
    throw error;
  }
}
