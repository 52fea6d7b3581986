import {
  insertHandoff,
  lockConversation,
  newId,
  notifyLive,
  releaseCall,
  setConversationHolder,
  transaction,
  type NewKeptCall,
  type Together,
} from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import type { StepState } from '@holdfast/graph';
import { toPlainText } from '@holdfast/messages';
import type {
  DatabaseRequest,
  EffectContext,
  EgressRequest,
  EgressResponse,
  JsonObject,
  LinkRequest,
  OutgoingMessage,
  SendOutcome,
} from '@holdfast/node-kit';
import { ungated, type Admission } from '@holdfast/providers';
import { callOnce } from './call-ledger.ts';
import type { ExecutionDeps } from './deps.ts';
import { isDatabaseTrouble } from './database-trouble.ts';
import { Later } from './errors.ts';
import { announceHandoff } from './announce.ts';
import { isPutOff } from './put-off.ts';
import { modelFacts } from './model-facts.ts';
import { faultOf, pretendCall, pretendModel, type Fault } from './pretend-fault.ts';
import { filesOfStep } from './run-files.ts';
import type { RunSession } from './run-session.ts';
import { startTalk } from './start-talk.ts';
import { holdSend } from './hold-send.ts';
import { keptCall } from './keep-call.ts';
import { answerOf, databaseCall, performed } from './database-call.ts';

export interface StepAttempt {
  step: StepState;
  attempt: number;
  isLastAttempt: boolean;
  signal: AbortSignal;
  /** Gathers what the runner notes. */
  facts: JsonObject;
  /** The parts of calls that must not happen twice and went out; what became of them is not known (yet). */
  open: Set<string>;
  /** Calls to be delivered later, written with the end of the step. */
  kept: NewKeptCall[];
}

const idempotentMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/** Where nobody else writes. */
export const alone: Together = async (_key, item, work) => {
  const [result] = await work([item]);
  return result as Awaited<ReturnType<typeof work>>[number]; // a result for each item, as the type of work says
};

/** All that a runner can reach, bound to one attempt of one step; revoked by the attempt's signal. */
export function effectContext(session: RunSession, attempt: StepAttempt): EffectContext {
  const { step, signal } = attempt;
  const { deps, run } = session;
  const stillMine = () => {
    if (signal.aborted) throw new HoldfastError('step.timeout', { detail: 'The step went on after its time was over.' });
  };
  return {
    signal,
    idempotencyKey: step.step,
    attempt: attempt.attempt,
    isLastAttempt: attempt.isLastAttempt,
    scope: session.scope(),
    step: { id: step.step, node: step.node, nodeName: session.journal.plan.node(step.node).name },
    leads: (port) => session.journal.plan.edgesFrom(step.node, port).length > 0,
    now: () => new Date(),
    egress: {
      request: async (request) => {
        stillMine();
        return (request.isIdempotent ?? idempotentMethods.has(request.method.toUpperCase()))
          ? requestFreely(session, attempt, { ...request, isIdempotent: true })
          : requestOnce(session, attempt, { ...request, isIdempotent: false });
      },
    },
    keepCall: async (call) => {
      stillMine();
      // What is pretended leaves the house at no time.
      if (pretending(session, attempt)) return call.onlyBehind ? null : { id: 'pretended' };
      const kept = await keptCall(session, step, call);
      if (kept) attempt.kept.push(kept);
      return kept && { id: kept.id };
    },
    database: {
      query: async (ask) => {
        stillMine();
        const call = databaseCall(ask);
        return answerOf(await (call.isIdempotent ? requestFreely : requestOnce)(session, attempt, call));
      },
    },
    presign: async ({ credential, ...link }) => {
      stillMine();
      return presignWith(deps, run.workspaceId, credential, link);
    },
    deliver: {
      send: async (message, part = '') => {
        stillMine();
        return sendForStep(session, step, { message, part, signal });
      },
      start: async (start) => {
        stillMine();
        const opened = await startTalk(session, step, start);
        if (opened.state === 'refused') return { ...opened, messageId: '', conversation: null, contact: null };
        const { conversationId: conversation, contactId: contact } = opened;
        return {
          ...(await sendForStep(session, step, { message: start.message, part: '', signal, to: conversation })),
          conversation,
          contact,
        };
      },
    },
    llm: {
      complete: async (request) => {
        stillMine();
        flushBeside(session);
        const pretended = pretending(session, attempt);
        if (pretended) return pretendModel(pretended, request, signal);
        return deps.llm.complete(request, { workspaceId: run.workspaceId, runId: run.id, stepId: step.step, signal });
      },
    },
    files: filesOfStep(session, step.step, stillMine),
    store: {
      findCommonAnswer: (question, language) => deps.store.findCommonAnswer(run.workspaceId, question, language),
      openHandoff: (reason, details) => openHandoffBeside(session, step, reason, details),
    },
    // What is pretended must never be pretended to others, whose work goes along in the same call.
    together: (key, item, work) =>
      (faultOf(session, step.node) === null ? (deps.together ?? alone) : alone)(`${run.workspaceId}/${key}`, item, work),
    note: (facts) => void Object.assign(attempt.facts, facts),
  };
}

/** An address that the credential's owner vouches for. */
export async function presignWith(
  { egress, openCredential }: Pick<ExecutionDeps, 'egress' | 'openCredential'>,
  workspaceId: string,
  credential: string,
  link: LinkRequest,
): Promise<string> {
  if (!egress.presign) throw new HoldfastError('internal', { detail: 'Nothing here signs addresses.' });
  return egress.presign({ ...link, resolvedCredential: await openCredential(workspaceId, credential) });
}

type DecidedRequest = EgressRequest & { isIdempotent: boolean; database?: DatabaseRequest };
type Answered = Extract<Admission, { state: 'answered' }>;

/** What staff chose in the simulator for this step's calls, told with the step. */
function pretending(session: Pick<RunSession, 'run'>, { step, facts }: Pick<StepAttempt, 'step' | 'facts'>): Fault | null {
  const fault = faultOf(session, step.node);
  if (fault !== null) facts['pretended'] = fault;
  return fault;
}

/**
 * A repeatable call may go out before "started" is on disk; the journal catches up beside it. In the express lane it does so only when the call
 * takes long: a run that its process takes along goes on in Temporal's, where every beginning is counted.
 */
async function requestFreely(session: RunSession, attempt: StepAttempt, request: DecidedRequest): Promise<EgressResponse> {
  if (session.express && !session.journal.isSettling) session.journal.flushSoon();
  else flushBeside(session);
  const admitted = await admit(session, attempt, request);
  return admitted.state === 'answered' ? admitted.response : admitted.send();
}

/** Whether there is room is asked before the ledger: what was put off was never dispatched. */
async function requestOnce(session: RunSession, attempt: StepAttempt, request: DecidedRequest): Promise<EgressResponse> {
  const once = (perform: () => Promise<EgressResponse>) =>
    callOnce(session, { stepId: attempt.step.step, attempt: attempt.attempt, request, perform });
  const admitted = await admit(session, attempt, request).catch(async (error: unknown): Promise<Answered> => {
    if (!request.hasFallback || !(error instanceof HoldfastError) || error.code === 'database.unavailable') throw error;
    // Something else may be called in its place. So the ledger is asked whether an earlier try of it went out, and told that this one did not.
    return { state: 'answered', response: await once(() => Promise.reject(error)) };
  });
  if (admitted.state === 'answered') return admitted.response;
  let isSent = false;
  const perform = async () => {
    const part = request.part ?? '';
    isSent = true;
    attempt.open.add(part);
    try {
      const response = await admitted.send();
      attempt.open.delete(part);
      return response;
    } catch (error) {
      if (error instanceof HoldfastError && error.code !== 'upstream.ambiguous') attempt.open.delete(part);
      throw error;
    }
  };
  try {
    return await once(perform);
  } finally {
    if (!isSent) await admitted.giveUp();
  }
}

/** A failure here comes up again at the next boundary, where it is dealt with. */
function flushBeside(session: RunSession): void {
  session.journal.flush().catch(() => undefined);
}

/** Room at the provider. Throws `Later` when there is none now. */
async function admit(
  { deps, run }: RunSession,
  { step, signal, facts }: StepAttempt,
  request: DecidedRequest,
): Promise<Exclude<Admission, { state: 'later' }>> {
  // What was kept of an earlier answer is read, not called.
  const pretended = request.cache?.use === 'stale' ? null : pretending({ run }, { step, facts });
  if (pretended) return { state: 'go', send: () => pretendCall(pretended, request, signal), giveUp: async () => undefined };
  const caller = { runId: run.id, stepId: step.step, wasHeld: isPutOff(step), turn: run.startedAt, isUnderWay: step.failure !== undefined };
  try {
    const credential = request.credential ? await deps.openCredential(run.workspaceId, request.credential) : undefined;
    const gate = deps.providers ?? ungated(deps.egress);
    const perform = performed(request, { deps, workspaceId: run.workspaceId, credential, signal });
    const admitted = await gate.admit({ workspaceId: run.workspaceId, request, credential, caller, signal, ...perform });
    if (admitted.state === 'later') throw new Later(admitted);
    return admitted;
  } catch (error) {
    // Our own database is no failure of the step's: no attempt is counted.
    if (error instanceof HoldfastError || !isDatabaseTrouble(error)) throw error;
    throw new HoldfastError('database.unavailable', { detail: 'The database did not answer. Nothing was sent.', cause: error });
  }
}

/** A person who talks in another conversation than the run's own rings for nobody here. */
const heldElsewhereMs = 60_000;

/** A send through the ledger. Throws `Later` when nothing may go out now. */
export async function sendForStep(
  session: RunSession,
  step: StepState,
  send: { message: OutgoingMessage; part: string; signal: AbortSignal; /** Another conversation than the run's own. */ to?: string },
): Promise<SendOutcome> {
  const { run, journal, deps } = session;
  const conversationId = send.to ?? run.conversationId;
  const isOwn = conversationId === run.conversationId;
  await journal.flush();
  await deps.crashPoint?.('step-started');
  const facts = await modelFacts(deps.pool, { workspaceId: run.workspaceId, state: journal.state, message: send.message });
  const outcome = await deps.delivery.sendForStep({
    run: { id: run.id, workspaceId: run.workspaceId, conversationId },
    step: { id: step.step, node: step.node },
    part: send.part,
    epoch: journal.hold.epoch,
    guard: session.guard,
    message: send.message,
    signal: send.signal,
    ...(facts ? { facts } : {}),
  });
  if (outcome.state === 'later' && outcome.code === 'upstream.paused' && conversationId !== null)
    throw new Later({ ...outcome, ...(await holdSend(deps.pool, { runId: run.id, stepId: step.step, conversationId })) });
  if (isPutOff(step)) await releaseCall(deps.pool, { runId: run.id, stepId: step.step });
  // The red switch and a person's hold end when somebody says so, not at a time.
  if (outcome.state === 'later') throw new Later(outcome.code === 'send.paused' ? { ...outcome, notBefore: null } : outcome);
  if (outcome.state === 'refused' && outcome.code === 'send.held')
    throw new Later({ notBefore: isOwn ? null : new Date(Date.now() + heldElsewhereMs), code: 'send.held', reason: outcome.reason });
  if (conversationId) notifyLive(deps.pool, run.workspaceId, { kind: 'message', conversation: conversationId });
  if (outcome.state !== 'refused' && isOwn)
    run.history = [...(run.history ?? []), { author: 'bot' as const, text: wordsOf(send.message), at: new Date().toISOString() }].slice(
      -30,
    );
  return outcome;
}

const wordsOf = ({ text, format }: OutgoingMessage): string => (format === 'rich' ? toPlainText(text, format) : text);

async function openHandoffBeside(session: RunSession, step: StepState, reason: string, details: JsonObject): Promise<{ id: string }> {
  const { run, deps } = session;
  const conversationId = run.conversationId;
  if (!conversationId)
    throw new HoldfastError('step.config', {
      detail: 'This run has no conversation that a person could take over.',
      hint: 'Start the flow from a channel, or tell your team in another way.',
    });
  const handoff = await transaction(deps.pool, async (client) => {
    await lockConversation(client, conversationId);
    await session.guard(client);
    const opened = await insertHandoff(client, {
      id: newId('handoff'),
      workspaceId: run.workspaceId,
      conversationId,
      runId: run.id,
      stepId: null,
      nodeId: step.node,
      reason,
      details,
    });
    if (opened.isNew) {
      await setConversationHolder(client, conversationId, { heldBy: 'person', userId: null });
      await announceHandoff(client, { workspaceId: run.workspaceId, handoffId: opened.id, reason, contactName: run.contact?.name ?? '' });
    }
    return opened;
  });
  notifyLive(deps.pool, run.workspaceId, { kind: 'handoff', handoff: handoff.id, status: 'open' });
  return { id: handoff.id };
}
