import {
  addHumanPieces,
  dispatchPiece,
  loadSendTarget,
  notifyLive,
  postponeSend,
  settlePiece,
  touchConversation,
  transaction,
  type PieceSettlement,
  type QueuedSend,
  type SendTarget,
} from '@holdfast/db';
import type { ChannelAdapter, Piece } from '@holdfast/channels';
import { asHoldfastError, HoldfastError } from '@holdfast/errors';
import { limitsOf } from '@holdfast/node-kit';
import { comeAgainInMs } from './patience.ts';
import type { OwnDeps } from './unsaved.ts';
import { messageOf } from './payload.ts';
import { callProvider, learnFrom, neverWritten, problemOf, settlementOf, type CallResult } from './provider-call.ts';
import { checkSend } from './check-send.ts';
import { contextOf } from './outgoing.ts';
import { inRoom, roomAt, type Room } from './room.ts';
import { refusalOfChannel } from './rules/channel-status.ts';
import { pauseOfProvider } from './rules/provider-pause.ts';
import type { Verdict } from './rules/rule.ts';
import { settle } from './settle.ts';
import { dayKey, readyBefore, sleepUntil, waitForTurn, type Slot, type Turns } from './throttler.ts';
import { keepSlot } from './turn.ts';

const firstBackoffMs = 1_000;
const maxBackoffMs = 60_000;
const givesUpAfterMs = 24 * 3_600_000;
const looksAgainMs = 10_000;
const anyNumber = 2_000_000_000;

/** One piece of a person's message. Answers whether the queue moved on: false when it was put off. */
export async function sendHuman(deps: OwnDeps, queued: QueuedSend): Promise<boolean> {
  const ours = queued.isAutomatic ? messageOf(queued.text, queued.content) : null;
  const target = await loadSendTarget(deps.pool, { ...queued, template: ours?.template ?? null });
  const adapter = target && deps.adapters(target.kind);
  if (!target || !adapter)
    return reject(deps, queued, new HoldfastError('resource.missing', { detail: 'The conversation or its channel no longer exists.' }));
  const stopped = pauseOfProvider(target) ?? refusalOfChannel(target);
  if (stopped)
    return postpone(
      deps,
      queued,
      looksAgainMs,
      new HoldfastError(stopped.code, { detail: stopped.reason, hint: 'It goes out by itself when the channel works again.' }),
    );
  const verdict = ours && checkSend(contextOf(target, { message: ours, purpose: queued.purpose }, true));
  if (verdict) return putAside(deps, queued, verdict);
  const pieces = renderAgain(adapter, queued);
  if (pieces instanceof HoldfastError) return reject(deps, queued, pieces);
  const piece = pieces[queued.piece];
  if (!piece) return reject(deps, queued, new HoldfastError('channel.content', { detail: 'The message has no such part any more.' }));
  // What a person has just written is tried all the same: it shows whether the provider is back. Then it waits for that like everything else.
  const room = await roomAt(deps, target, { isAnyway: !queued.isAutomatic && queued.attempt === 0 });
  if (room.state === 'later')
    return postpone(deps, queued, Math.min(room.inMs, looksAgainMs), new HoldfastError(room.code, { detail: room.reason }));
  return inRoom(room, (used) => sendInTurn(deps, { queued, target, adapter, pieces, piece, room: used }));
}

interface Ready {
  queued: QueuedSend;
  target: SendTarget;
  adapter: ChannelAdapter;
  pieces: readonly Piece[];
  piece: Piece;
  room: Room;
}

async function sendInTurn(deps: OwnDeps, ready: Ready): Promise<boolean> {
  const { queued, target, pieces } = ready;
  const { workspaceId, key } = queued;
  const slot = await slotOfPerson(deps, target);
  if (slot && 'inMs' in slot) return postpone(deps, queued, slot.inMs, null);
  if (slot) await sleepUntil(readyBefore(slot.at));
  const startedAt = performance.now();
  const attempt = await transaction(deps.pool, async (client) => {
    const taken = await dispatchPiece(client, { workspaceId, key, process: deps.process, epoch: null });
    if (taken !== null && queued.piece === 0 && pieces.length > 1) await addHumanPieces(client, { workspaceId, key, count: pieces.length });
    return taken;
  }).catch((error: unknown) => {
    // A commit whose answer was lost may stand; that no byte was written is known here alone.
    remember(deps, queued, settlementOf(neverWritten(true), { workspaceId, key, dispatchedBy: deps.process }));
    throw error;
  });
  if (attempt === null) return true; // another process was first
  await deps.crashPoint?.('dispatched');
  const isOnTime = await keepSlot(deps, slot, startedAt);
  return carryThrough(deps, ready, { attempt, isOnTime });
}

/** What the check says to a message of the bot's that is tried again. */
function putAside(deps: OwnDeps, queued: QueuedSend, verdict: Verdict): Promise<boolean> {
  const error = new HoldfastError(verdict.code, { detail: verdict.reason });
  return verdict.state === 'later' ? postpone(deps, queued, verdict.inMs, error) : reject(deps, queued, error);
}

/** What people write counts for the day, and is never held back by it. */
async function slotOfPerson(deps: OwnDeps, target: SendTarget): Promise<Slot | { inMs: number } | null> {
  const limits = limitsOf(target.kind, target.config);
  if (!limits) return null;
  const dayLimits = limits.perDay === null ? [] : [{ key: dayKey(target), most: anyNumber, since: limits.day }];
  const turns: Turns = { target, limits, priority: 'people', dayLimits };
  const waited = await waitForTurn(deps.pool, turns, { maxWaitMs: deps.maxWaitMs });
  if (waited.state !== 'turn') return { inMs: waited.state === 'later' ? waited.inMs : looksAgainMs };
  return waited.slot;
}

const remember = (deps: OwnDeps, { key, conversationId }: QueuedSend, settlement: PieceSettlement): void =>
  void deps.unsaved.set(key, { settlement, conversationId });

async function carryThrough(
  deps: OwnDeps,
  { queued, target, adapter, piece, room }: Ready,
  { attempt, isOnTime }: { attempt: number; isOnTime: boolean },
): Promise<boolean> {
  const called = isOnTime
    ? await callProvider(deps, { target, adapter, piece, room, key: queued.key, ...(queued.isAutomatic ? {} : { author: 'human' }) })
    : neverWritten(false);
  const result = agedOut(called, queued.ageMs);
  await deps.crashPoint?.('answered');
  const comesAgainMs = result.state === 'planned' ? comeAgainInMs(result.error, attempt) : null;
  const backoffMs =
    result.state === 'planned'
      ? (comesAgainMs ?? result.error.retryAfterMs ?? Math.min(maxBackoffMs, firstBackoffMs * 2 ** (attempt - 1)))
      : null;
  const settlement = settlementOf(result, {
    workspaceId: queued.workspaceId,
    key: queued.key,
    notBeforeMs: backoffMs,
    comesAgainMs,
    dispatchedBy: deps.process,
  });
  await settle(deps, settlement).catch((error: unknown) => {
    remember(deps, queued, settlement);
    throw error;
  });
  notifyLive(deps.pool, queued.workspaceId, { kind: 'message', conversation: queued.conversationId });
  const thread = result.state === 'accepted' ? (result.thread ?? null) : null;
  await Promise.all([learnFrom(deps, target, { result, attempt }), touchConversation(deps.pool, { ...target, thread })]).catch(
    (error: unknown) => deps.log.warn({ err: error }, 'What a send taught could not be saved.'),
  );
  return result.state !== 'planned';
}

/** A message that could not be sent for a day would only confuse now. */
function agedOut(result: CallResult, ageMs: number): CallResult {
  return result.state === 'planned' && ageMs > givesUpAfterMs ? { state: 'rejected', error: result.error } : result;
}

function renderAgain(adapter: ChannelAdapter, { text, content }: QueuedSend): Piece[] | HoldfastError {
  try {
    return adapter.render(messageOf(text, content));
  } catch (error) {
    return asHoldfastError(error, 'channel.content');
  }
}

async function postpone(
  deps: OwnDeps,
  { workspaceId, key, conversationId }: QueuedSend,
  forMs: number,
  error: HoldfastError | null,
): Promise<boolean> {
  await postponeSend(deps.pool, { workspaceId, key, forMs, problem: error && problemOf(error) });
  if (error) notifyLive(deps.pool, workspaceId, { kind: 'message', conversation: conversationId });
  return false;
}

async function reject(deps: OwnDeps, { workspaceId, key, conversationId }: QueuedSend, error: HoldfastError): Promise<boolean> {
  await transaction(deps.pool, async (client) => {
    if ((await dispatchPiece(client, { workspaceId, key, process: deps.process, epoch: null })) === null) return;
    await settlePiece(client, settlementOf({ state: 'rejected', error }, { workspaceId, key, dispatchedBy: deps.process }));
  });
  notifyLive(deps.pool, workspaceId, { kind: 'message', conversation: conversationId });
  return true;
}
