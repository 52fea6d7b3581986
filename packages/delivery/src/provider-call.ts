import {
  changeMessageTemplate,
  findMessageTemplate,
  holdSlots,
  insertAlertOnce,
  loadFile,
  moveConversation,
  newId,
  setUnreachable,
  stopChannel,
  type PieceSettlement,
  type Pool,
  type SendTarget,
} from '@holdfast/db';
import { recipientOf, type ChannelAccount, type ChannelAdapter, type Piece, type ProviderResult } from '@holdfast/channels';
import { asHoldfastError, HoldfastError, say, toProblem } from '@holdfast/errors';
import { limitsOf, type JsonObject, type MessageTemplate } from '@holdfast/node-kit';
import type { DeliveryDeps } from './deps.ts';
import { learnFromCode } from './learn-from-code.ts';
import type { Room } from './room.ts';
import { accountPace, chatPace } from './throttler.ts';

/** What one call to the provider came to, in the ledger's words. */
export type CallResult =
  | { state: 'accepted'; providerMessageId: string; thread?: JsonObject }
  | { state: 'rejected'; error: HoldfastError }
  | { state: 'unknown'; error: HoldfastError }
  /** Certainly not sent, and another try may help. */
  | { state: 'planned'; error: HoldfastError };

interface Call {
  target: SendTarget;
  adapter: ChannelAdapter;
  piece: Piece;
  /** The ledger's key: what some providers hand back, or can be asked for. */
  key: string;
  /** `bot` when left out. */
  author?: 'human';
  signal?: AbortSignal;
}

/** Writes the bytes, once. Never throws: what is not understood may have been sent, so it is unknown. */
export async function callProvider(deps: DeliveryDeps, call: Call & { room: Room }): Promise<CallResult> {
  const { target, adapter, piece, key, author, signal, room } = call;
  const startedAt = new Date();
  try {
    const account = openAccountOf(deps, target);
    const send = () =>
      adapter.send({
        account,
        address: target.address,
        piece,
        key,
        thread: target.thread,
        ...(author ? { author } : {}),
        loadFile: (fileId) => loadFile(deps.pool, { workspaceId: target.workspaceId, id: fileId }),
        loadTemplate: (name, language) =>
          findMessageTemplate(deps.pool, { workspaceId: target.workspaceId, channelId: target.channelId, name, language }),
        ...(signal ? { signal } : {}),
      });
    const result = await room.send(send, signal);
    if (result.movedTo !== undefined) await rewriteAddress(deps, target, result.movedTo);
    return taken(result);
  } catch (error) {
    const judged = judge(asHoldfastError(error, 'upstream.ambiguous'));
    return judged.state === 'unknown' ? ((await askProvider(deps, call, startedAt)) ?? judged) : judged;
  }
}

const taken = ({ providerMessageId, thread }: ProviderResult): Extract<CallResult, { state: 'accepted' }> => ({
  state: 'accepted',
  providerMessageId,
  ...(thread === undefined ? {} : { thread }),
});

/** Whether a send whose answer was lost arrived, where the provider can be asked. Null: nobody knows. Never throws. */
export async function askProvider(
  deps: DeliveryDeps,
  { target, adapter, piece, key }: Call,
  sentAt: Date,
): Promise<Extract<CallResult, { state: 'accepted' }> | null> {
  try {
    const account = openAccountOf(deps, target);
    const found = await adapter.reconcile?.({ account, address: target.address, key, piece, sentAt: sentAt.toISOString() });
    return found ? taken(found) : null;
  } catch (error) {
    deps.log.warn({ key, err: error }, 'A provider could not say whether a message arrived.');
    return null;
  }
}

function judge(error: HoldfastError): CallResult {
  switch (error.code) {
    case 'upstream.unreachable':
    case 'upstream.limited':
    case 'upstream.broken':
    // The number's quality: it goes out when a person has looked and lets automation go on.
    case 'send.quality':
    case 'send.deferred':
    // Before anything was sent: a person’s word, or its breaker’s.
    case 'upstream.paused':
    case 'upstream.down':
    // Its provider does not know us any more: it goes out when a person has put that right.
    case 'channel.token':
      return { state: 'planned', error };
    case 'upstream.refused':
    case 'egress.blocked':
    case 'credential.missing':
      return { state: 'rejected', error };
    default:
      // A channel's or a rule's no is certain; what nobody foresaw may have been sent.
      return /^(?:channel|send)\./.test(error.code) && error.code !== 'send.unknown'
        ? { state: 'rejected', error }
        : { state: 'unknown', error };
  }
}

/** Throws credential.missing when the token can't be opened; nothing was sent then. */
export function openAccountOf(deps: DeliveryDeps, target: SendTarget): ChannelAccount {
  const { secret, keyId } = target;
  return {
    id: target.channelId,
    workspaceId: target.workspaceId,
    kind: target.kind,
    name: target.name,
    config: target.config,
    secret: secret && keyId ? deps.openSecret({ secret, keyId }) : null,
  };
}

/** The send went out; a row that can't be rewritten now is rewritten at the next send. */
async function rewriteAddress(deps: DeliveryDeps, target: SendTarget, to: string): Promise<void> {
  await moveConversation(deps.pool, {
    workspaceId: target.workspaceId,
    channelId: target.channelId,
    channelKind: target.kind,
    from: target.address,
    to,
  }).catch((error: unknown) =>
    deps.log.warn({ conversation: target.conversationId, err: error }, 'A chat has a new address that could not be saved.'),
  );
}

export const problemOf = (error: HoldfastError): JsonObject => ({ ...toProblem(error) });

interface SettlementFacts {
  workspaceId: string;
  key: string;
  /** Planned again: how long to wait. */
  notBeforeMs?: number | null;
  /** The other side asked us to come again then: told to people. */
  comesAgainMs?: number | null;
  dispatchedBy: string | null;
}

export const settlementOf = (
  result: CallResult,
  { workspaceId, key, notBeforeMs = null, comesAgainMs = null, dispatchedBy }: SettlementFacts,
): PieceSettlement => ({
  workspaceId,
  key,
  state: result.state,
  dispatchedBy,
  notBeforeMs: result.state === 'planned' ? notBeforeMs : null,
  providerMessageId: result.state === 'accepted' && result.providerMessageId !== '' ? result.providerMessageId : null,
  problem:
    result.state === 'accepted'
      ? null
      : {
          ...problemOf(result.state === 'unknown' ? unknownError(result.error) : result.error),
          ...(comesAgainMs === null ? {} : { notBefore: new Date(Date.now() + comesAgainMs).toISOString() }),
        },
});

/** `isOnTime` false: its slot passed, which is no failure of the way there. */
export const neverWritten = (isOnTime: boolean): CallResult => ({
  state: 'planned',
  error: isOnTime
    ? new HoldfastError('upstream.unreachable', { detail: 'The message was not sent in time, so nothing was sent.' })
    : new HoldfastError('upstream.limited', { detail: 'The message missed its turn, so nothing was sent.', retryAfterMs: 1_000 }),
});

export const unknownError = (cause: HoldfastError): HoldfastError =>
  new HoldfastError('send.unknown', {
    detail: say`${cause.words.detail} Holdfast never repeats such a message by itself.`,
    hint: 'Look in the chat, or ask the customer. Then choose "It arrived" or "Send again".',
  });

/** What a refusal teaches beyond this message: the chat, the pace, the channel. After the settlement, and outside its transaction. */
export async function learnFrom(
  deps: DeliveryDeps,
  target: SendTarget,
  { result, attempt, template = null }: { result: CallResult; attempt: number; template?: MessageTemplate | null },
): Promise<void> {
  const { pool } = deps;
  const { workspaceId, conversationId } = target;
  if (result.state === 'accepted') {
    if (target.unreachable !== null) await setUnreachable(pool, { workspaceId, conversationId, unreachable: null });
    return;
  }
  const { error } = result;
  if (error.code === 'upstream.limited') return slowDown(pool, target, { ...paceOf(error), attempt });
  if (error.code === 'send.template' && template) return await learnOfTemplate(pool, target, { template, error });
  if (error.code === 'channel.token')
    return stopChannel(pool, { workspaceId, id: target.channelId, sealed: target.secret, problem: { ...toProblem(error) } });
  await learnFromCode(pool, {
    ...target,
    address: recipientOf(target.address),
    channelKind: target.kind,
    code: error.code,
    detail: error.detail,
  });
}

const extraOf = ({ extra }: HoldfastError, name: string): unknown =>
  typeof extra === 'object' && extra !== null && name in extra ? Reflect.get(extra, name) : null;
const paceOf = (error: HoldfastError): Slower => ({ retryAfterMs: error.retryAfterMs, scope: extraOf(error, 'scope') });

/** The provider no longer takes a template: nothing is sent by it until it says otherwise, and people are told. */
async function learnOfTemplate(
  pool: Pool,
  { workspaceId, channelId, name: channel }: SendTarget,
  { template: { name, language }, error }: { template: MessageTemplate; error: HoldfastError },
): Promise<void> {
  const status = extraOf(error, 'templateIs');
  if (typeof status !== 'string') return;
  const change = { workspaceId, channelId, name, language, status, quality: null, category: null, reason: null };
  if (!(await changeMessageTemplate(pool, change))) return;
  await insertAlertOnce(pool, {
    id: newId('alert'),
    workspaceId,
    event: 'channel.warning',
    subject: channelId,
    title: `"${channel}" no longer takes the template "${name}"`,
    detail: error.detail,
    link: `/channels/${channelId}`,
  });
}

interface Slower {
  retryAfterMs?: number | undefined;
  /** `account` or `recipient`; the recipient where the provider says nothing. */
  scope?: unknown;
}
/** Longer than this a provider's pair limit never holds. */
const longestHoldMs = 10 * 60_000;

/** The provider asks us to wait: the whole account, or the one recipient while others flow. A recipient that is refused again waits four times as long (Meta's rule). */
export async function slowDown(
  pool: Pool,
  target: SendTarget,
  { retryAfterMs, scope, attempt }: Slower & { attempt: number },
): Promise<void> {
  const limits = limitsOf(target.kind, target.config);
  if (!limits) return;
  const asked = retryAfterMs ?? 1_000;
  const forMs = scope === 'recipient' ? Math.min(longestHoldMs, asked * 4 ** Math.max(0, attempt - 1)) : asked;
  await holdSlots(pool, scope === 'account' ? accountPace(target, limits) : chatPace(target, limits), forMs);
}
