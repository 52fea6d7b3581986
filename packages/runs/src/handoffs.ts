import {
  activeHandoffOf,
  claimHandoffRow,
  endHandoffRow,
  findHandoff,
  insertAudit,
  insertHandoff,
  insertHumanReply,
  insertOverride,
  listPhoneHolds,
  lockConversation,
  lockHandoff,
  newId,
  notifyLive,
  openRunsOfConversation,
  setConversationHolder,
  transaction,
  wakeConversation,
  wasPausedByTaking,
  type HandoffRow,
  type PoolClient,
} from '@holdfast/db';
import { payloadHash } from '@holdfast/delivery';
import { HoldfastError, say } from '@holdfast/errors';
import { limitsOf, type Attachment, type JsonObject, type JsonValue } from '@holdfast/node-kit';
import type { RunsDeps } from './deps.ts';
import { wellFormedText } from './well-formed.ts';

export interface Person {
  id: string;
  name: string;
}
export interface ByPerson {
  workspaceId: string;
  by: Person;
}

const missing = (what: string): HoldfastError => new HoldfastError('resource.missing', { detail: say`There is no such ${what} here.` });

/** Somebody takes a conversation that the bot has not handed over: what the bot was doing pauses until it is given back. */
export async function takeConversation(deps: RunsDeps, args: ByPerson & { conversationId: string }): Promise<{ handoffId: string }> {
  const taken = await transaction(deps.pool, async (client) => {
    const conversation = await lockConversation(client, args.conversationId);
    if (conversation?.workspaceId !== args.workspaceId) throw missing('conversation');
    const [run] = await openRunsOfConversation(client, args.conversationId);
    const active = await activeHandoffOf(client, args.conversationId);
    if (active?.status === 'claimed' && active.claimedBy !== args.by.id)
      throw new HoldfastError('resource.conflict', { detail: 'A colleague has this conversation already.' });
    const handoff = active ?? {
      ...(await insertHandoff(client, {
        id: newId('handoff'),
        workspaceId: args.workspaceId,
        conversationId: args.conversationId,
        runId: run?.id ?? null,
        stepId: null,
        nodeId: null,
        reason: say`${args.by.name} took the conversation over`.text,
        details: {},
      })),
    };
    await claimHandoffRow(client, handoff.id, args.by.id);
    await setConversationHolder(client, args.conversationId, { heldBy: 'person', userId: args.by.id });
    await audit(client, args, { action: 'conversation.taken', subject: args.conversationId });
    // A handoff step waits for its person anyway; everything else must stand still.
    const toPause = !active && run && (run.status === 'running' || run.status === 'waiting') ? run.id : null;
    if (toPause) await insertOverride(client, overrideBy(args, toPause, 'pause'));
    return { handoffId: handoff.id, toPause };
  });
  if (taken.toPause) deps.bell.doorbell(taken.toPause);
  notifyLive(deps.pool, args.workspaceId, { kind: 'handoff', handoff: taken.handoffId, status: 'claimed' });
  return { handoffId: taken.handoffId };
}

const overrideBy = ({ workspaceId, by }: ByPerson, runId: string, action: 'pause' | 'resume' | 'end') => ({
  id: newId('override'),
  workspaceId,
  runId,
  action,
  args: { handoff: true },
  byUserId: by.id,
  byName: by.name,
});

const audit = (client: PoolClient, { workspaceId, by }: ByPerson, act: { action: string; subject: string; detail?: JsonObject }) =>
  insertAudit(client, { workspaceId, actorId: by.id, actorName: by.name, ...act });

/** Takes an open handoff, or with `takeOver` one that a colleague holds. Throws resource.conflict when a colleague was first or it is over. */
export async function claimHandoff(deps: RunsDeps, args: ByPerson & { handoffId: string; takeOver?: boolean }): Promise<void> {
  await withHandoff(deps, args, async (client, handoff) => {
    if (handoff.status === 'claimed' && handoff.claimedBy === args.by.id) return;
    requireActive(handoff);
    if (!args.takeOver) requireFree(handoff, args.by);
    await claimHandoffRow(client, handoff.id, args.by.id);
    await setConversationHolder(client, handoff.conversationId, { heldBy: 'person', userId: args.by.id });
    const from = handoff.claimedByName ?? handoff.claimedBy;
    await audit(client, args, { action: 'handoff.claimed', subject: handoff.id, ...(from === null ? {} : { detail: { from } }) });
  });
  notifyLive(deps.pool, args.workspaceId, { kind: 'handoff', handoff: args.handoffId, status: 'claimed' });
}

function requireActive(handoff: HandoffRow): void {
  if (handoff.status === 'open' || handoff.status === 'claimed') return;
  throw new HoldfastError('resource.conflict', {
    detail: handoff.status === 'returned' ? 'This handoff was given back to the bot already.' : 'This handoff is closed already.',
  });
}

/** Two people who answer one customer contradict each other. */
function requireFree({ status, claimedBy, claimedByName }: HandoffRow, by: Person): void {
  if (status !== 'claimed' || claimedBy === by.id) return;
  throw new HoldfastError('resource.conflict', {
    detail: say`${claimedByName ?? 'A colleague'} has this conversation. Nothing was changed and nothing was sent.`,
    hint: 'Take it over first if you want to answer instead.',
  });
}

/** Gives the conversation back to the bot, which goes on at the same step. */
export const returnHandoff = (deps: RunsDeps, args: ByPerson & { handoffId: string; note?: string }): Promise<void> =>
  endHandoff(deps, args, 'returned');

/** Ends the handoff and its run: by the step's own exit where that is drawn. */
export const closeHandoff = (deps: RunsDeps, args: ByPerson & { handoffId: string; note?: string }): Promise<void> =>
  endHandoff(deps, args, 'closed');

/** Nobody presses "give back" on a phone: once staff have been silent there for the channel's `phoneHoldHours`, the bot speaks again. */
export async function returnPhoneHolds(deps: RunsDeps): Promise<void> {
  for (const { handoffId, workspaceId, channelKind, config, silentMs } of await listPhoneHolds(deps.pool)) {
    const hours = limitsOf(channelKind, config)?.phoneHoldHours ?? null;
    if (hours === null || silentMs < hours * 3_600_000) continue;
    const by = { id: 'system', name: 'Holdfast' };
    await endHandoff(deps, { workspaceId, by, handoffId, note: say`Nobody on the phone has written for ${hours} hours`.text }, 'returned', [
      'open',
    ]);
  }
}

async function endHandoff(
  deps: RunsDeps,
  args: ByPerson & { handoffId: string; note?: string },
  status: 'returned' | 'closed',
  /** Left alone in any other state; all that are not over yet when left out, and else resource.conflict. */
  only?: HandoffRow['status'][],
): Promise<void> {
  const ended = await withHandoff(deps, args, async (client, handoff) => {
    if (only && !only.includes(handoff.status)) return null;
    requireActive(handoff);
    await endHandoffRow(client, handoff.id, { status, by: args.by.id, note: args.note === undefined ? null : wellFormedText(args.note) });
    await setConversationHolder(client, handoff.conversationId, { heldBy: 'bot', userId: null });
    await audit(client, args, {
      action: `handoff.${status}`,
      subject: handoff.id,
      detail: args.note === undefined ? {} : { note: wellFormedText(args.note) },
    });
    await overrideAfter(client, args, handoff, status);
    const isPending = await wakeConversation(client, handoff.conversationId);
    return { ...handoff, isPending };
  });
  if (!ended) return;
  if (ended.runId) deps.bell.doorbell(ended.runId);
  if (ended.isPending) deps.bell.conversation(ended.conversationId, 0);
  notifyLive(deps.pool, args.workspaceId, { kind: 'handoff', handoff: args.handoffId, status });
}

/** A step that waits reads the handoff itself. A run that was paused by taking the conversation goes on or ends with it. */
async function overrideAfter(client: PoolClient, args: ByPerson, handoff: HandoffRow, status: 'returned' | 'closed'): Promise<void> {
  if (handoff.stepId !== null || handoff.runId === null) return;
  if (status === 'closed') await insertOverride(client, overrideBy(args, handoff.runId, 'end'));
  else if (await wasPausedByTaking(client, handoff.runId)) await insertOverride(client, overrideBy(args, handoff.runId, 'resume'));
}

async function withHandoff<T>(
  deps: RunsDeps,
  args: ByPerson & { handoffId: string },
  work: (client: PoolClient, handoff: HandoffRow) => Promise<T>,
): Promise<T> {
  return transaction(deps.pool, async (client) => {
    const found = await findHandoff(client, args.workspaceId, args.handoffId);
    if (!found) throw missing('handoff');
    // The conversation's lock comes first everywhere.
    await lockConversation(client, found.conversationId);
    const handoff = await lockHandoff(client, args.workspaceId, args.handoffId);
    if (!handoff) throw missing('handoff');
    return work(client, handoff);
  });
}

/**
 * A person's answer: stored with its place in the queue at once, sent by the dispatcher with Temporal and every model down.
 * Taking an open handoff is implied; one that a colleague holds must be taken over first (resource.conflict).
 */
export async function queueHumanReply(
  deps: RunsDeps,
  args: ByPerson & { handoffId: string; text: string; attachments: Attachment[] },
): Promise<{ messageId: string }> {
  const messageId = newId('message');
  const text = wellFormedText(args.text);
  const conversationId = await withHandoff(deps, args, async (client, handoff) => {
    requireActive(handoff);
    requireFree(handoff, args.by);
    if (handoff.status === 'open') {
      await claimHandoffRow(client, handoff.id, args.by.id);
      await setConversationHolder(client, handoff.conversationId, { heldBy: 'person', userId: args.by.id });
    }
    const attachments = JSON.parse(JSON.stringify(args.attachments)) as JsonValue; // attachments are JSON
    await insertHumanReply(client, {
      messageId,
      workspaceId: args.workspaceId,
      conversationId: handoff.conversationId,
      userId: args.by.id,
      text,
      content: args.attachments.length === 0 ? {} : { attachments },
      payloadHash: payloadHash(handoff.conversationId, { text, buttons: [], attachments: args.attachments }),
    });
    return handoff.conversationId;
  });
  deps.bell.humanSend();
  notifyLive(deps.pool, args.workspaceId, { kind: 'message', conversation: conversationId });
  return { messageId };
}
