import { insertHandoff, lockConversation, newId, notifyLive, setConversationHolder } from '@holdfast/db';
import { codes, type ErrorCode, HoldfastError, say } from '@holdfast/errors';
import { originOf, type Entry, type StepState } from '@holdfast/graph';
import { type JsonObject, type OutgoingMessage, type SendOutcome, type WaitDefinition, type WaitPlan } from '@holdfast/node-kit';
import { announceHandoff } from './announce.ts';
import { Later } from './errors.ts';
import { giveUp, now, putOff } from './run-attempt.ts';
import type { RunSession } from './run-session.ts';
import { sendForStep } from './send-from-step.ts';
import { waitEndsAt } from './session-end.ts';

export type Waiting = Exclude<WaitPlan, { leave: unknown }>;

export interface WaitNode {
  definition: WaitDefinition;
  config: JsonObject;
}

/** A wait node with its config rendered. Throws template.invalid. */
export function waitNode(session: RunSession, step: StepState): WaitNode {
  const { definition, fill } = session.journal.plan.node(step.node);
  if (definition.kind !== 'wait') throw new HoldfastError('internal', { detail: say`"${step.node}" does not wait.` });
  return { definition, config: fill(session.scope()) };
}

/** WAIT: says what is to be said, then opens the wait; or leaves at once when there is nothing to wait for. */
export async function openWait(session: RunSession, step: StepState, signal: AbortSignal): Promise<void> {
  try {
    const { definition, config } = waitNode(session, step);
    const plan = definition.plan({ config, scope: session.scope(), visit: step.visit, now: now(), random: Math.random() });
    if ('leave' in plan) {
      session.journal.add({ kind: 'step-ended', at: now(), ...originOf(step), ...plan.leave, how: 'ran' });
      return;
    }
    requireConversation(session, plan);
    if (plan.say && !(await sendWords(session, step, { message: plan.say, part: 'say', signal }))) return;
    await session.deps.crashPoint?.('wait-opening');
    if (plan.waitFor === 'handoff') await openHandoff(session, step, plan);
    else session.journal.add(waitOpened(session, step, plan));
    await session.deps.crashPoint?.('wait-opened');
  } catch (thrown) {
    if (thrown instanceof HoldfastError && thrown.meaning.retry === 'never' && thrown.code !== 'run.superseded')
      giveUp(session, step, { attempt: step.attempts, error: thrown });
    else throw thrown;
  }
}

function requireConversation({ run }: RunSession, plan: Waiting): void {
  if (run.conversationId !== null || (plan.waitFor !== 'reply' && plan.waitFor !== 'handoff')) return;
  throw new HoldfastError('step.config', {
    detail: 'This run was not started by a conversation, so nobody can answer here.',
    hint: 'Start the flow from a channel, or take this step out of the way that webhooks and schedules use.',
  });
}

/** Sends what a wait says, once. False: it was put off, or the customer can't be reached. */
export async function sendWords(
  session: RunSession,
  step: StepState,
  given: { message: OutgoingMessage; part: string; signal: AbortSignal },
): Promise<boolean> {
  const attempt = Math.max(1, step.attempts);
  if (step.status !== 'waiting' && step.status !== 'running')
    session.journal.add({ kind: 'step-started', at: now(), ...originOf(step), attempt });
  try {
    const outcome = await sendForStep(session, step, given);
    if (outcome.state !== 'refused' || isHandoff(session, step)) return true;
    refuse(session, step, attempt, outcome);
    return false;
  } catch (thrown) {
    const later = thrown instanceof Later ? thrown : untilBack(step, thrown);
    if (!later) throw thrown;
    // A person is called without the words that announce them when these can't go out for an unknown time.
    if (isHandoff(session, step) && later.code !== 'upstream.limited' && later.code !== 'send.held') return true;
    if (step.status !== 'waiting') putOff(session, step, attempt, later);
    return false;
  }
}

const isHandoff = (session: RunSession, step: StepState): boolean =>
  session.journal.plan.node(step.node).definition.type === 'human-handoff';

const longestPauseMs = 300_000;

/** A wait has no retry policy: while the channel is away, what it says is put off, each time for twice as long. Null: another kind of failure. */
function untilBack({ failure }: StepState, thrown: unknown): Later | null {
  if (!(thrown instanceof HoldfastError) || thrown.meaning.retry !== 'later' || thrown.code === 'database.unavailable') return null;
  const beforeMs = failure?.retryAt === undefined ? 1_000 : Math.max(1_000, Date.parse(failure.retryAt) - Date.parse(failure.at));
  const pauseMs = Math.max(thrown.retryAfterMs ?? 0, Math.min(longestPauseMs, 2 * beforeMs));
  return new Later({ notBefore: new Date(Date.now() + pauseMs), code: thrown.code, reason: thrown.detail });
}

const outOfReach: ReadonlySet<string> = new Set(['channel.blocked', 'channel.unreachable', 'send.opted-out', 'send.suppressed']);

/** Whoever can't be reached will not answer, which is no more than silence; anything else somebody must look at. */
function refuse(session: RunSession, step: StepState, attempt: number, outcome: Extract<SendOutcome, { state: 'refused' }>): void {
  const isOutOfReach = outOfReach.has(outcome.code);
  const { definition, config } = waitNode(session, step);
  const plan = definition.plan({ config, scope: session.scope(), visit: step.visit, now: now(), random: 0 });
  if (isOutOfReach && 'timeoutPort' in plan)
    session.journal.add({
      kind: 'step-ended',
      at: now(),
      ...originOf(step),
      port: plan.timeoutPort,
      output: null,
      how: 'gave-up',
      facts: { code: outcome.code, reason: outcome.reason },
    });
  else {
    const error = new HoldfastError(isErrorCode(outcome.code) ? outcome.code : 'channel.content', {
      detail: say`The question could not be sent: ${outcome.reason}`,
    });
    giveUp(session, step, { attempt, error });
  }
}

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(codes, code);

const waitOpened = ({ journal }: RunSession, step: StepState, plan: Waiting, handoff?: string): Entry<'wait-opened'> => ({
  kind: 'wait-opened',
  at: now(),
  ...originOf(step),
  waitFor: plan.waitFor,
  timeoutPort: plan.timeoutPort,
  deadlineAt: waitEndsAt({ ...plan, openedAt: new Date() }, journal.plan.file.settings, new Date()),
  ...(handoff === undefined ? {} : { handoff }),
});

async function openHandoff(session: RunSession, step: StepState, plan: Waiting): Promise<void> {
  const { run, deps } = session;
  const conversationId = run.conversationId ?? '';
  const reason = plan.reason ?? 'The customer needs a person';
  const id = await session.journal.transaction(async (client) => {
    await lockConversation(client, conversationId);
    const opened = await insertHandoff(client, {
      id: newId('handoff'),
      workspaceId: run.workspaceId,
      conversationId,
      runId: run.id,
      stepId: step.step,
      nodeId: step.node,
      reason,
      details: plan.details ?? {},
    });
    if (opened.isNew) {
      await setConversationHolder(client, conversationId, { heldBy: 'person', userId: null });
      await announceHandoff(client, { workspaceId: run.workspaceId, handoffId: opened.id, reason, contactName: run.contact?.name ?? '' });
    }
    return { entries: [waitOpened(session, step, plan, opened.id)], value: opened.id };
  });
  notifyLive(deps.pool, run.workspaceId, { kind: 'handoff', handoff: id, status: 'open' });
}
