import {
  actedMeanwhile,
  countInboxFailure,
  insertHandoff,
  lockConversation,
  newId,
  notifyLive,
  openRunsOfConversation,
  pendingInbox,
  postponeClaim,
  quietConversation,
  setActiveRun,
  setConversationHolder,
  settleInbox,
  transaction,
  type ClaimedConversation,
  type InboxRow,
  type LiveTrigger,
  type PoolClient,
} from '@holdfast/db';
import type { JsonObject } from '@holdfast/node-kit';
import { announceHandoff } from './announce.ts';
import { beginRuns, type Begin } from './begin-run.ts';
import { decideClaim } from './claim-decision.ts';
import { isDatabaseTrouble } from './database-trouble.ts';
import type { RunsDeps } from './deps.ts';
import { problemJson } from './errors.ts';
import { liveTriggers } from './live-triggers.ts';
import { burstMs, channelInput, chooseTrigger, hasEdge, isMediaOnly } from './route-message.ts';
import { messageOf } from './settle-wait.ts';

/** A message that can't be claimed this often is parked with its problem, and the next ones go on. */
const maxClaimTries = 5;

export type Claimed =
  | { act: 'nothing' | 'stay-pending' | 'inbox-only' | 'set-aside' }
  | { act: 'doorbell' | 'started'; runId: string }
  | { act: 'handoff'; handoffId: string };

/** With what the live view needs. */
type Told = Claimed & { workspaceId?: string; flowId?: string };

/**
 * CLAIM: takes all pending messages of a conversation, in order, under its lock, and does with them what its state asks for.
 * Rings what is due after the commit. A failure is counted at the messages and comes again; the fifth parks them.
 */
export async function claimConversation(deps: RunsDeps, conversationId: string): Promise<Claimed> {
  let claimed: Told;
  try {
    claimed = await beginRuns(deps, (begin) => transaction(deps.pool, (client) => claimLocked({ deps, client, begin }, conversationId)));
  } catch (error) {
    await noteFailure(deps, conversationId, error);
    throw error;
  }
  await deps.crashPoint?.('claimed');
  if (claimed.act === 'started' && claimed.workspaceId && claimed.flowId)
    notifyLive(deps.pool, claimed.workspaceId, { kind: 'run', run: claimed.runId, flow: claimed.flowId, status: 'running' });
  if (claimed.act === 'doorbell') deps.bell.doorbell(claimed.runId);
  if (claimed.act === 'handoff' && claimed.workspaceId)
    notifyLive(deps.pool, claimed.workspaceId, { kind: 'handoff', handoff: claimed.handoffId, status: 'open' });
  const { workspaceId: _, flowId: __, ...answer } = claimed;
  return answer;
}

async function noteFailure(deps: RunsDeps, conversationId: string, error: unknown): Promise<void> {
  const parked = isDatabaseTrouble(error)
    ? 0
    : await countInboxFailure(deps.pool, conversationId, problemJson(error), maxClaimTries).catch(() => 0);
  await postponeClaim(deps.pool, conversationId, 2_000).catch(() => undefined);
  deps.log.error({ conversation: conversationId, parked, problem: problemJson(error) }, 'Messages could not be claimed');
}

interface Claiming {
  deps: RunsDeps;
  client: PoolClient;
  begin: Begin;
}

async function claimLocked(claiming: Claiming, conversationId: string): Promise<Told> {
  const { client } = claiming;
  const conversation = await lockConversation(client, conversationId);
  if (!conversation?.isReady) return { act: 'nothing' };
  const rows = await pendingInbox(client, conversationId);
  if (rows.length === 0) {
    await quietConversation(client, conversationId, false);
    return { act: 'nothing' };
  }
  const decision = decideClaim(conversation.heldBy, await openRunsOfConversation(client, conversationId));
  if (decision.act === 'stay-pending' || decision.act === 'doorbell') {
    await quietConversation(client, conversationId, true);
    return decision;
  }
  await quietConversation(client, conversationId, false);
  if (decision.act === 'inbox-only') return setAside(client, rows, 'inbox-only');
  if (decision.act === 'open-handoff') {
    const reason =
      decision.run.status === 'paused' ? 'The customer wrote while the run is paused' : 'The customer wrote while the run needs attention';
    return openHandoff(client, conversation, rows, { reason, runId: decision.run.id });
  }
  const unanswered = await withoutAnswered(client, rows);
  return unanswered.length === 0 ? { act: 'set-aside' } : startRun(claiming, conversation, unanswered);
}

/** Messages that were edited while a run that had read them was to be ended: where it answered first, they are not answered again. */
async function withoutAnswered(client: PoolClient, rows: InboxRow[]): Promise<InboxRow[]> {
  const insteadOf = ({ payload }: InboxRow): string => (typeof payload['insteadOf'] === 'string' ? payload['insteadOf'] : '');
  const recalled = rows.map(insteadOf).filter((run) => run !== '');
  if (recalled.length === 0) return rows;
  const acted = new Set(await actedMeanwhile(client, recalled));
  const answered = rows.filter((row) => acted.has(insteadOf(row)));
  if (answered.length > 0) await setAside(client, answered, 'set-aside');
  return rows.filter((row) => !acted.has(insteadOf(row)));
}

async function setAside(client: PoolClient, rows: InboxRow[], act: 'inbox-only' | 'set-aside'): Promise<Claimed> {
  await settleInbox(
    client,
    rows.map((row) => row.id),
    { state: 'set-aside', runId: null },
  );
  return { act };
}

/** The first message; of pictures that were sent together all of them, because to their sender they are one. */
function firstOf(pending: readonly InboxRow[]): InboxRow[] {
  const album = pending[0]?.payload['album'];
  return pending.filter((row, index) => index === 0 || (typeof album === 'string' && row.payload['album'] === album));
}

async function startRun({ deps, client, begin }: Claiming, conversation: ClaimedConversation, pending: InboxRow[]): Promise<Told> {
  const triggers = await liveTriggers(client, deps.catalog, conversation.workspaceId);
  const triggerFor = (some: InboxRow[]): LiveTrigger | null => {
    const flow = some.map((row) => row.payload['flow']).findLast((each) => typeof each === 'string');
    const { channelId, channelKind, isGroup } = conversation;
    return chooseTrigger(
      deps.catalog,
      triggers,
      { channelId, channelKind, isGroup, messages: some.map(messageOf) },
      typeof flow === 'string' ? flow : null,
    );
  };
  // Without a burst window every message has a run of its own; the next begins when this one makes room.
  const first = triggerFor(pending.slice(0, 1));
  const isOneByOne = first !== null && burstMs(first.file) === 0;
  const rows = isOneByOne ? firstOf(pending) : pending;
  const messages = rows.map(messageOf);
  const trigger = isOneByOne ? first : triggerFor(rows);
  if (rows.length < pending.length) await quietConversation(client, conversation.id, true);
  // Nobody asks for it: it stays to be read in the conversation, and no person is called for every stray message.
  if (!trigger) return setAside(client, rows, 'set-aside');
  const port = portFor(trigger, messages);
  if (port === null)
    return openHandoff(client, conversation, pending, { reason: 'The customer sent something that the flow does not read', runId: null });
  const channel = { id: conversation.channelId, kind: conversation.channelKind, name: conversation.channelName };
  const runId = await begin(client, {
    workspaceId: conversation.workspaceId,
    flowId: trigger.flowId,
    versionId: trigger.versionId,
    triggerNodeId: trigger.nodeId,
    source: 'channel',
    conversationId: conversation.id,
    contactId: conversation.contactId,
    input: channelInput(messages, channel),
    port,
    file: trigger.file,
  });
  await settleInbox(
    client,
    rows.map((row) => row.id),
    { state: 'consumed', runId },
  );
  await setActiveRun(client, conversation.id, runId);
  return { act: 'started', runId, workspaceId: conversation.workspaceId, flowId: trigger.flowId };
}

/** Media without words leave by `media`; where nobody drew that, a person must look: null. */
function portFor(trigger: LiveTrigger, messages: Parameters<typeof isMediaOnly>[0]): 'message' | 'media' | null {
  if (!isMediaOnly(messages)) return 'message';
  return hasEdge(trigger.file, trigger.nodeId, 'media') ? 'media' : null;
}

async function openHandoff(
  client: PoolClient,
  conversation: ClaimedConversation,
  rows: InboxRow[],
  given: { reason: string; runId: string | null },
): Promise<Claimed & { workspaceId: string }> {
  await settleInbox(
    client,
    rows.map((row) => row.id),
    { state: 'set-aside', runId: given.runId },
  );
  const messages = rows.map(messageOf);
  const details: JsonObject = {
    question: messages.map((message) => message.text).join('\n'),
    attachments: channelInput(messages, { id: '', kind: '', name: '' })['attachments'] ?? [],
  };
  const opened = await insertHandoff(client, {
    id: newId('handoff'),
    workspaceId: conversation.workspaceId,
    conversationId: conversation.id,
    runId: given.runId,
    stepId: null,
    nodeId: null,
    reason: given.reason,
    details,
  });
  await setConversationHolder(client, conversation.id, { heldBy: 'person', userId: null });
  if (opened.isNew)
    await announceHandoff(client, { workspaceId: conversation.workspaceId, handoffId: opened.id, reason: given.reason, contactName: '' });
  return { act: 'handoff', handoffId: opened.id, workspaceId: conversation.workspaceId };
}
