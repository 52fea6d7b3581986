import { insertHandoff, lockConversation, newId, notifyLive, setConversationHolder, transaction } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import type { StepState } from '@holdfast/graph';
import type { EffectContext, JsonObject } from '@holdfast/node-kit';
import { announceHandoff } from './announce.ts';
import { flushBeside, pretending, requestFreely, requestOnce } from './call-from-step.ts';
import { answerOf, databaseCall } from './database-call.ts';
import { keptCall } from './keep-call.ts';
import { presignWith } from './presign-with.ts';
import { counted } from './progress.ts';
import { pretendModel } from './pretend-fault.ts';
import { filesOfStep } from './run-files.ts';
import type { RunSession } from './run-session.ts';
import { sendForStep } from './send-from-step.ts';
import { startTalk } from './start-talk.ts';
import type { StepAttempt } from './step-attempt.ts';
import { togetherFromStep } from './together-from-step.ts';

export const idempotentMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/** All that a runner can reach, bound to one attempt of one step; revoked by the attempt's signal. */
export function effectContext(session: RunSession, attempt: StepAttempt): EffectContext {
  const { step, signal, idle = (wait) => wait() } = attempt;
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
        const isIdempotent = request.isIdempotent ?? idempotentMethods.has(request.method.toUpperCase());
        return counted(attempt.progress, () =>
          (isIdempotent ? requestFreely : requestOnce)(session, attempt, { ...request, isIdempotent }),
        );
      },
    },
    keepCall: async (call) => {
      stillMine();
      // What is pretended leaves the house at no time.
      if (pretending(session, attempt)) return call.onlyBehind ? null : { id: 'pretended' };
      const kept = await keptCall(session, attempt, call);
      if (kept) attempt.kept.push(kept);
      return kept && { id: kept.id };
    },
    database: {
      query: async (ask) => {
        stillMine();
        const call = databaseCall(ask);
        return answerOf(await counted(attempt.progress, () => (call.isIdempotent ? requestFreely : requestOnce)(session, attempt, call)));
      },
    },
    presign: async ({ credential, ...link }) => {
      stillMine();
      return presignWith(deps, run.workspaceId, credential, link);
    },
    deliver: {
      send: async (message, part = '') => {
        stillMine();
        return idle(() => sendForStep(session, step, { message, part, signal }));
      },
      start: async (start) => {
        stillMine();
        const opened = await startTalk(session, step, start);
        if (opened.state === 'refused') return { ...opened, messageId: '', conversation: null, contact: null };
        const { conversationId: conversation, contactId: contact } = opened;
        return {
          ...(await idle(() => sendForStep(session, step, { message: start.message, part: '', signal, to: conversation }))),
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
    together: togetherFromStep(session, attempt),
    note: (facts) => void Object.assign(attempt.facts, facts),
  };
}

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
