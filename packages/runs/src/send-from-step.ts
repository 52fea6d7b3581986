import { notifyLive, releaseCall } from '@holdfast/db';
import type { StepState } from '@holdfast/graph';
import { toPlainText } from '@holdfast/messages';
import type { OutgoingMessage, SendOutcome } from '@holdfast/node-kit';
import { Later } from './errors.ts';
import { holdSend, isHeld } from './hold-send.ts';
import { modelFacts } from './model-facts.ts';
import { isPutOff } from './put-off.ts';
import type { RunSession } from './run-session.ts';

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
  if (outcome.state === 'later' && conversationId !== null && isHeld(outcome.code))
    throw new Later({
      ...outcome,
      ...(await holdSend(deps.pool, { runId: run.id, stepId: step.step, conversationId, turn: run.startedAt, ...outcome })),
    });
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
