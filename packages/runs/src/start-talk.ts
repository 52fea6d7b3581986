import { parseAddress } from '@holdfast/channels';
import {
  bindConversation,
  findChannel,
  findSamePerson,
  lockConversation,
  lockConversationAt,
  newId,
  openRunsOfConversation,
  transaction,
  upsertContact,
  upsertConversation,
  type ClaimedConversation,
  type OpenRun,
  type PoolClient,
} from '@holdfast/db';
import { HoldfastError, type ErrorCode } from '@holdfast/errors';
import type { StepState } from '@holdfast/graph';
import { parseDuration, type TalkStart } from '@holdfast/node-kit';
import { Later } from './errors.ts';
import type { RunSession } from './run-session.ts';

export type Opened = { state: 'open'; conversationId: string; contactId: string } | { state: 'refused'; code: ErrorCode; reason: string };

/**
 * The conversation with an address, found or made, for a step that writes first. A run without a conversation has this one from then on, so that its questions
 * wait for the answer there. One open automation talks in a conversation: while another run does, or a person, the step is put off (throws Later), and
 * refused once it waited for as long as it may. Throws resource.missing for an unknown channel.
 */
export async function startTalk(session: RunSession, step: StepState, start: TalkStart): Promise<Opened> {
  const { run, deps } = session;
  const channel = await findChannel(deps.pool, { workspaceId: run.workspaceId, id: start.channel });
  if (!channel)
    throw new HoldfastError('resource.missing', {
      detail: 'The channel of this step is not connected any more.',
      hint: 'Open the step and choose another channel.',
    });
  let address: string;
  try {
    address = parseAddress(channel.kind, start.address);
  } catch (error) {
    // Data of one order or contact: the flow may have another way for it.
    if (error instanceof HoldfastError && error.code === 'send.address')
      return { state: 'refused', code: error.code, reason: `${error.detail} ${error.hint ?? ''}`.trim() };
    throw error;
  }
  const person: Person = { workspaceId: run.workspaceId, channelId: channel.id, channelKind: channel.kind, address, name: start.name };
  const found = await transaction(deps.pool, async (client) => {
    const conversation = await lockTalk(client, person);
    await session.guard(client);
    const busy = isBusy(conversation, run.id, await openRunsOfConversation(client, conversation.id));
    if (busy) return { busy, conversation };
    const isOwn = run.conversationId === null || run.conversationId === conversation.id;
    return {
      busy: null,
      conversation,
      bound: isOwn
        ? await bindConversation(client, { workspaceId: run.workspaceId, runId: run.id, conversationId: conversation.id })
        : null,
    };
  });
  if (found.busy) return waitOrRefuse(step, start, found.busy);
  if (found.bound) Object.assign(run, found.bound);
  return { state: 'open', conversationId: found.conversation.id, contactId: found.conversation.contactId };
}

interface Person {
  workspaceId: string;
  channelId: string;
  channelKind: string;
  address: string;
  name: string;
}

async function lockTalk(client: PoolClient, person: Person): Promise<ClaimedConversation> {
  const known = await findSamePerson(client, { ...person, aliases: [] });
  const id = (await lockConversationAt(client, person.channelId, known.conversationAt)) ?? (await makeTalk(client, person));
  const conversation = await lockConversation(client, id);
  if (!conversation) throw new HoldfastError('resource.missing', { detail: 'The conversation no longer exists.' });
  return conversation;
}

async function makeTalk(client: PoolClient, { name, ...person }: Person): Promise<string> {
  const contactId = await upsertContact(client, {
    ...person,
    contactId: newId('contact'),
    identityId: newId('identity'),
    name: '',
    language: '',
  });
  // What the customer or staff call themselves is never overwritten by an order form.
  if (name !== '') await client.query(`update contacts set name = $2 where id = $1 and name = ''`, [contactId, name]);
  const { id } = await upsertConversation(client, { ...person, id: newId('conversation'), contactId, isGroup: false });
  return id;
}

type Busy = 'send.held' | 'conversation.busy';

/** Who talks there now: a person, a run that executes, or one that waits for an answer. A run that only waits for time, or that is stuck, holds nobody up. */
function isBusy(conversation: ClaimedConversation, runId: string, runs: readonly OpenRun[]): Busy | null {
  if (conversation.heldBy === 'person') return 'send.held';
  const others = runs.filter((run) => run.id !== runId);
  const isTalking = ({ status, waitingFor }: OpenRun) =>
    status === 'running' || (status === 'waiting' && (waitingFor === 'reply' || waitingFor === 'send' || waitingFor === 'provider'));
  return others.some(isTalking) ? 'conversation.busy' : null;
}

const firstLookMs = 2_000;
const longestPauseMs = 60_000;
const reasons: Record<Busy, string> = {
  'send.held': 'A person holds this conversation.',
  'conversation.busy': 'Another flow is talking in this conversation.',
};

/** Comes again after as long as it has waited already, within a minute. */
function waitOrRefuse({ failure }: StepState, { waitsAtMost }: TalkStart, code: Busy): Opened {
  const noted = failure?.facts?.['busySince'];
  const busySince = typeof noted === 'string' ? noted : new Date().toISOString();
  const waitedMs = Date.now() - Date.parse(busySince);
  if (waitedMs >= parseDuration(waitsAtMost))
    return { state: 'refused', code, reason: `${reasons[code]} It did not end within ${waitsAtMost}.` };
  const pauseMs = Math.min(longestPauseMs, Math.max(firstLookMs, waitedMs));
  throw new Later({ notBefore: new Date(Date.now() + pauseMs), code, reason: reasons[code], facts: { busySince } });
}
