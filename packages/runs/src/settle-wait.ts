import {
  endHandoffRow,
  handoffOfStep,
  lockConversation,
  pendingInbox,
  quietConversation,
  setConversationHolder,
  settleInbox,
  type InboxRow,
  type PoolClient,
} from '@holdfast/db';
import { originOf, type JournalEntry, type StepState } from '@holdfast/graph';
import { inboundMessage, type InboundMessage, type OutgoingMessage } from '@holdfast/node-kit';
import { sendWords, waitNode } from './open-wait.ts';
import { burstMs } from './route-message.ts';
import { now } from './run-attempt.ts';
import type { RunSession } from './run-session.ts';
import { waitEndsAt } from './session-end.ts';

/** Looks whether an open wait can end: an answer, a person's act, its time. Nothing happens when it can't. */
export async function settleWait(session: RunSession, step: StepState, signal: AbortSignal): Promise<void> {
  if (step.wait?.waitFor === 'reply') {
    for (let isSaid = true; isSaid;) isSaid = await settleReply(session, step, signal);
  } else if (step.wait?.waitFor === 'handoff') await settleHandoff(session, step);
  const after = session.journal.state.steps.get(step.step);
  if (after?.status !== 'waiting' || !isDue(after)) return;
  if (after.wait?.waitFor === 'handoff') return expireHandoff(session, after);
  session.journal.add(timedOut(after));
}

/** The database's and this machine's clocks may differ by a little; a deadline of this process' own making is compared with its own clock. */
const isDue = (step: StepState): boolean => typeof step.wait?.deadlineAt === 'string' && Date.parse(step.wait.deadlineAt) <= Date.now();

const timedOut = (step: StepState): JournalEntry => ({
  kind: 'step-ended',
  at: now(),
  ...originOf(step),
  port: step.wait?.timeoutPort ?? 'timeout',
  output: null,
  how: step.wait?.waitFor === 'timer' ? 'ran' : 'timeout',
});

type Answer = { rows: InboxRow[]; say: OutgoingMessage; tries: number };

/** Takes what the customer wrote as the answer, under the conversation's lock. True: something was said in return, so look again. */
async function settleReply(session: RunSession, given: StepState, signal: AbortSignal): Promise<boolean> {
  const conversationId = session.run.conversationId;
  const step = session.journal.state.steps.get(given.step);
  if (!conversationId || step?.status !== 'waiting' || !isNewestAsk(session, step)) return false;
  const answer = await session.journal.transaction<Answer | null>(async (client) => {
    const rows = oneOrAll(session, await readyRows(client, conversationId));
    if (rows.length === 0) return { entries: [], value: null };
    const { definition, config } = waitNode(session, step);
    const tries = (step.wait?.tries ?? 0) + 1;
    const resolved = definition.resolve({ config, scope: session.scope(), event: { kind: 'reply', messages: rows.map(messageOf) }, tries });
    if (resolved && 'say' in resolved) return { entries: [], value: { rows, say: resolved.say, tries } };
    await consume(client, session, rows);
    return {
      entries: [resolved ? { kind: 'step-ended', at: now(), ...originOf(step), ...resolved, how: 'ran' } : continued(session, step, tries)],
      value: null,
    };
  });
  if (!answer) return false;
  // Said first, noted after: a crash in between finds the same rows, makes the same words, and the ledger sends them once.
  if (!(await sendWords(session, step, { message: answer.say, part: `say:${answer.tries}`, signal }))) return false;
  await session.journal.transaction(async (client) => {
    await lockConversation(client, conversationId);
    await consume(client, session, answer.rows);
    return { entries: [continued(session, step, answer.tries)], value: null };
  });
  return true;
}

function continued(session: RunSession, step: StepState, tries: number): JournalEntry {
  const { definition, config } = waitNode(session, step);
  const plan = definition.plan({ config, scope: session.scope(), visit: step.visit, now: now(), random: 0 });
  const openedAt = new Date(step.wait?.openedAt ?? now());
  // The talk goes on: what counts as quiet begins anew.
  const deadlineAt = 'leave' in plan ? undefined : waitEndsAt({ ...plan, openedAt }, session.journal.plan.file.settings, new Date());
  return {
    kind: 'wait-continued',
    at: now(),
    step: step.step,
    node: step.node,
    tries,
    ...(deadlineAt === undefined ? {} : { deadlineAt }),
  };
}

/** With two questions open at once, the customer answers the later one. */
function isNewestAsk(session: RunSession, step: StepState): boolean {
  const asks = [...session.journal.state.steps.values()].filter((each) => each.status === 'waiting' && each.wait?.waitFor === 'reply');
  return asks.every((each) => (each.wait?.openedAt ?? '') <= (step.wait?.openedAt ?? ''));
}

/** Without a burst window each message is an answer of its own. */
const oneOrAll = ({ journal }: RunSession, rows: InboxRow[]): InboxRow[] => (burstMs(journal.plan.file) === 0 ? rows.slice(0, 1) : rows);

/** Empty while the customer may still be typing, or a person speaks. */
async function readyRows(client: PoolClient, conversationId: string): Promise<InboxRow[]> {
  const conversation = await lockConversation(client, conversationId);
  if (!conversation || !conversation.isReady || conversation.heldBy === 'person') return [];
  return pendingInbox(client, conversationId);
}

async function consume(client: PoolClient, session: RunSession, rows: InboxRow[]): Promise<void> {
  await settleInbox(
    client,
    rows.map((row) => row.id),
    { state: 'consumed', runId: session.run.id },
  );
  if (session.run.conversationId) await quietConversation(client, session.run.conversationId, false);
}

export const messageOf = (row: InboxRow): InboundMessage =>
  inboundMessage.parse({ ...row.payload, id: row.messageId ?? row.id, receivedAt: row.receivedAt.toISOString() });

const handoffAskedFor = (session: RunSession, step: StepState) => ({
  runId: session.run.id,
  stepId: step.step,
  handoffId: step.wait?.handoff ?? null,
});

/** A person gave the conversation back or closed it: the step goes on with what they said. */
async function settleHandoff(session: RunSession, step: StepState): Promise<void> {
  const handoff = await handoffOfStep(session.deps.pool, handoffAskedFor(session, step));
  if (handoff?.status !== 'returned' && handoff?.status !== 'closed') return;
  const { definition, config } = waitNode(session, step);
  const by = handoff.endedByName ?? handoff.endedBy ?? '';
  const outcome = definition.resolve({
    config,
    scope: session.scope(),
    tries: 1,
    event: { kind: 'handoff', outcome: handoff.status, by, ...(handoff.note === null ? {} : { note: handoff.note }) },
  });
  if (!outcome || 'say' in outcome) return;
  const person = { kind: 'person' as const, name: by, ...(handoff.note === null ? {} : { note: handoff.note }) };
  session.journal.add({ kind: 'step-ended', at: now(), ...originOf(step), ...outcome, how: 'ran', by: person });
  const goesOn = session.journal.plan.edgesFrom(step.node, outcome.port).length > 0;
  if (handoff.status === 'closed' && !goesOn) session.journal.add({ kind: 'run-ended', at: now(), outcome: 'stopped', by: person });
}

/** Nobody came in time. Once a person has it, time does not take it away from them. */
async function expireHandoff(session: RunSession, step: StepState): Promise<void> {
  const conversationId = session.run.conversationId;
  if (!conversationId) return;
  await session.journal.transaction(async (client) => {
    await lockConversation(client, conversationId);
    const handoff = await handoffOfStep(client, handoffAskedFor(session, step));
    if (handoff?.status === 'claimed') return { entries: [], value: null };
    if (handoff?.status === 'open') {
      await endHandoffRow(client, handoff.id, { status: 'closed', by: 'system', note: 'Nobody took it in time' });
      await setConversationHolder(client, conversationId, { heldBy: 'bot', userId: null });
    }
    return { entries: [timedOut(step)], value: null };
  });
}
