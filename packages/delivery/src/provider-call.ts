import {
  holdSlots,
  insertAlert,
  breakChannel,
  loadFile,
  moveConversation,
  newId,
  notifyLive,
  setUnreachable,
  transaction,
  type PieceSettlement,
  type SendTarget,
} from '@holdfast/db';
import type { ChannelAccount, ChannelAdapter, Piece } from '@holdfast/channels';
import { asHoldfastError, HoldfastError, toProblem } from '@holdfast/errors';
import type { JsonObject } from '@holdfast/node-kit';
import type { DeliveryDeps } from './deps.ts';
import { chatKey } from './pace.ts';

/** What one call to the provider came to, in the ledger's words. */
export type CallResult =
  | { state: 'accepted'; providerMessageId: string }
  | { state: 'rejected'; error: HoldfastError }
  | { state: 'unknown'; error: HoldfastError }
  /** Certainly not sent, and another try may help. */
  | { state: 'planned'; error: HoldfastError };

interface Call {
  target: SendTarget;
  adapter: ChannelAdapter;
  piece: Piece;
  signal?: AbortSignal;
}

/** Writes the bytes, once. Never throws: what is not understood may have been sent, so it is unknown. */
export async function callProvider(deps: DeliveryDeps, { target, adapter, piece, signal }: Call): Promise<CallResult> {
  try {
    const result = await adapter.send({
      account: accountOf(deps, target),
      address: target.address,
      piece,
      loadFile: (fileId) => loadFile(deps.pool, { workspaceId: target.workspaceId, id: fileId }),
      ...(signal ? { signal } : {}),
    });
    if (result.movedTo !== undefined) await rewriteAddress(deps, target, result.movedTo);
    return { state: 'accepted', providerMessageId: result.providerMessageId };
  } catch (error) {
    return judge(asHoldfastError(error, 'upstream.ambiguous'));
  }
}

function judge(error: HoldfastError): CallResult {
  switch (error.code) {
    case 'upstream.unreachable':
    case 'upstream.limited':
    case 'upstream.broken':
      return { state: 'planned', error };
    case 'channel.blocked':
    case 'channel.unreachable':
    case 'channel.token':
    case 'channel.content':
    case 'egress.blocked':
    case 'credential.missing':
      return { state: 'rejected', error };
    default:
      return { state: 'unknown', error };
  }
}

/** Throws credential.missing when the token can't be opened; nothing was sent then. */
function accountOf(deps: DeliveryDeps, target: SendTarget): ChannelAccount {
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
  dispatchedBy: string | null;
}

export const settlementOf = (
  result: CallResult,
  { workspaceId, key, notBeforeMs = null, dispatchedBy }: SettlementFacts,
): PieceSettlement => ({
  workspaceId,
  key,
  state: result.state,
  dispatchedBy,
  notBeforeMs: result.state === 'planned' ? notBeforeMs : null,
  providerMessageId: result.state === 'accepted' && result.providerMessageId !== '' ? result.providerMessageId : null,
  problem: result.state === 'accepted' ? null : problemOf(result.state === 'unknown' ? unknownError(result.error) : result.error),
});

export const neverWritten = (): CallResult => ({
  state: 'planned',
  error: new HoldfastError('upstream.unreachable', { detail: 'The message was not sent in time, so nothing was sent.' }),
});

export const unknownError = (cause: HoldfastError): HoldfastError =>
  new HoldfastError('send.unknown', {
    detail: `${cause.detail} Holdfast never repeats such a message by itself.`,
    hint: 'Look in the chat, or ask the customer. Then choose "It arrived" or "Send again".',
  });

/** What a refusal teaches beyond this message: the chat, the pace, the channel. After the settlement, and outside its transaction. */
export async function learnFrom(deps: DeliveryDeps, target: SendTarget, result: CallResult): Promise<void> {
  const { pool } = deps;
  const { workspaceId, conversationId } = target;
  if (result.state === 'accepted') {
    if (target.unreachable !== null) await setUnreachable(pool, { workspaceId, conversationId, unreachable: null });
    return;
  }
  const { error } = result;
  if (error.code === 'upstream.limited') await holdSlots(pool, chatKey(target), error.retryAfterMs ?? 1_000);
  if (error.code === 'channel.blocked' || error.code === 'channel.unreachable')
    await setUnreachable(pool, {
      workspaceId,
      conversationId,
      unreachable: { code: error.code, reason: error.detail, at: new Date().toISOString() },
    });
  if (error.code === 'channel.token') await breakWithAlert(deps, target, error);
}

async function breakWithAlert({ pool }: DeliveryDeps, target: SendTarget, error: HoldfastError): Promise<void> {
  const { workspaceId, channelId: id, name } = target;
  await transaction(pool, async (client) => {
    if (!(await breakChannel(client, { workspaceId, id, problem: problemOf(error) }))) return;
    await insertAlert(client, {
      id: newId('alert'),
      workspaceId,
      event: 'channel.broken',
      subject: id,
      title: `The channel "${name}" stopped working`,
      detail: error.detail,
      link: `/channels/${id}`,
    });
  });
  notifyLive(pool, workspaceId, { kind: 'channel', channel: id });
}
