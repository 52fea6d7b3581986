import {
  dispatchPiece,
  forgetSend,
  insertSend,
  loadSendTarget,
  lockSendTarget,
  loadStepPieces,
  newId,
  notifyLive,
  touchConversation,
  transaction,
  type PieceSettlement,
  type PoolClient,
  type SendPieceRow,
  type SendTarget,
} from '@holdfast/db';
import type { ChannelAdapter, Piece } from '@holdfast/channels';
import { type ErrorCode, HoldfastError } from '@holdfast/errors';
import type { MessageTemplate, OutgoingMessage } from '@holdfast/node-kit';
import { applyEarlyStatuses } from './apply-statuses.ts';
import { checkSend } from './check-send.ts';
import { contextOf, isBulk, outgoingFor, type Outgoing } from './outgoing.ts';
import { comeAgainInMs } from './patience.ts';
import { contentOf, payloadHash, pieceKey, textHash, wordsOf } from './payload.ts';
import { askProvider, callProvider, learnFrom, neverWritten, settlementOf, unknownError, type CallResult } from './provider-call.ts';
import { inRoom, roomAt, type Room } from './room.ts';
import { isNewPerson, type Refusal, type SendContext } from './rules/rule.ts';
import { settle } from './settle.ts';
import { answerOf, putOff, refused, resultOf } from './step-answers.ts';
import type { StepSend, StepSendResult } from './step-send.ts';
import { readyBefore, sleepUntil } from './throttler.ts';
import { keepSlot, maxDispatchMs, turnOfBot } from './turn.ts';
import { saveStepKnowledge, type OwnDeps } from './unsaved.ts';

/** Nobody says when a provider that is paused, down or no longer knows us goes on; then a send looks again. */
const stoppedMs = 20_000;
const stopping: ReadonlySet<ErrorCode> = new Set(['upstream.paused', 'upstream.down', 'channel.token']);
/** A provider that keeps asking us to wait is a failure in the end. */
const maxLimitedAttempts = 8;

interface Ready {
  send: StepSend;
  target: SendTarget;
  adapter: ChannelAdapter;
  outgoing: Outgoing;
  pieces: Piece[];
  hash: string;
  /** Of the words, for noticing that many people get the same. */
  words: string | null;
  keys: string[];
}

/** One send of a step: see `Delivery.sendForStep`. */
export async function sendStep(deps: OwnDeps, send: StepSend): Promise<StepSendResult> {
  const conversationId = send.run.conversationId;
  if (conversationId === null) {
    throw new HoldfastError('step.config', {
      detail: 'This run has no conversation, so there is nobody to write to.',
      hint: 'Start the flow from a channel, or send through the service you mean with "Call an API".',
    });
  }
  const key = `${send.step.id}:${send.part}`;
  await saveStepKnowledge(deps, key, send.guard);
  const words = textHash(send.message);
  const asked = { workspaceId: send.run.workspaceId, conversationId, textHash: words, template: send.message.template ?? null };
  const [target, rows] = await Promise.all([
    loadSendTarget(deps.pool, asked),
    loadStepPieces(deps.pool, { workspaceId: send.run.workspaceId, stepId: send.step.id, part: send.part }),
  ]);
  const adapter = target && deps.adapters(target.kind);
  if (!target || !adapter) throw new HoldfastError('resource.missing', { detail: 'The conversation or its channel no longer exists.' });
  const hash = payloadHash(conversationId, send.message);
  const mayHaveLeft = rows.some(({ state }) => state === 'accepted' || state === 'unknown' || state === 'dispatching');
  if (rows.some((row) => row.payloadHash !== hash)) {
    if (mayHaveLeft)
      throw new HoldfastError('resource.conflict', {
        detail: 'This step has sent another text already; the same step never sends two.',
        hint: 'Jump to the step instead of repeating it.',
      });
    await forget(deps, send, rows);
    rows.length = 0;
  }
  const outgoing = await outgoingFor(deps.pool, target, send.message);
  const pieces = renderOrRefuse(adapter, outgoing.message);
  if ('code' in pieces) return refused(rows, pieces);
  const keys = pieces.map((_piece, index) => pieceKey(key, index));
  return sendPieces(deps, { send, target, adapter, outgoing, pieces, hash, words, keys }, rows);
}

async function sendPieces(deps: OwnDeps, ready: Ready, rows: SendPieceRow[]): Promise<StepSendResult> {
  let messageId = rows[0]?.messageId ?? null;
  let isUnknown = false;
  for (const piece of ready.pieces.keys()) {
    const row = rows.find((one) => one.piece === piece);
    const known = row ? await settledBefore(deps, ready, row) : null;
    if (known === 'unknown') isUnknown = true;
    if (known !== null) continue;
    const outcome = await sendOnePiece(deps, ready, piece, messageId);
    if ('later' in outcome) return outcome.later;
    messageId = outcome.messageId;
    if (outcome.result.state === 'rejected')
      return { state: 'refused', messageId, code: outcome.result.error.code, reason: outcome.result.error.detail };
    if (outcome.result.state === 'unknown') isUnknown = true;
  }
  return { state: isUnknown ? 'unknown' : 'accepted', messageId: messageId ?? '' };
}

/** What an earlier attempt came to; null when certainly nothing of this piece has left. */
async function settledBefore(deps: OwnDeps, ready: Ready, row: SendPieceRow): Promise<'accepted' | 'unknown' | null> {
  if (row.state === 'accepted') return 'accepted';
  // Somebody had it sent again: from then on it is the dispatcher's.
  if (row.state === 'unknown' || row.author === 'human') return 'unknown';
  if (row.state !== 'dispatching') return null;
  // Its process died, or lost the run, after it may have written bytes. Few providers can be asked whether they came.
  const { send, target, adapter } = ready;
  const error = new HoldfastError('upstream.ambiguous', {
    detail: 'The process that sent this message stopped before the provider’s answer was saved.',
  });
  const call = { target, adapter, piece: ready.pieces[row.piece] ?? emptyPiece, key: row.key };
  const result = (await askProvider(deps, call, row.dispatchedAt ?? new Date())) ?? { state: 'unknown', error: unknownError(error) };
  await settle(deps, settlementOf(result, { workspaceId: send.run.workspaceId, key: row.key, dispatchedBy: null }), send.guard);
  return result.state;
}

type PieceOutcome = { later: StepSendResult } | { messageId: string; result: Exclude<CallResult, { state: 'planned' }> };

async function sendOnePiece(deps: OwnDeps, ready: Ready, piece: number, messageId: string | null): Promise<PieceOutcome> {
  const { target } = ready;
  const context = contextOf(target, ready.outgoing, messageId === null);
  const forbidden = checkSend(context);
  if (forbidden) return { later: await answerOf(deps, target, forbidden, messageId) };
  const room = await roomAt(deps, target);
  if (room.state === 'later') return { later: putOff(room) };
  return inRoom(room, (used) => sendInRoom(deps, ready, { piece, messageId, context, room: used }));
}

/** Its turn, the ledger, the bytes, the ledger. */
async function sendInRoom(
  deps: OwnDeps,
  ready: Ready,
  { piece, messageId, context, room }: { piece: number; messageId: string | null; context: SendContext; room: Room },
): Promise<PieceOutcome> {
  const { send, target, adapter } = ready;
  const turn = await turnOfBot(deps.pool, context, { textHash: ready.words, maxWaitMs: deps.maxWaitMs, signal: send.signal });
  if ('verdict' in turn) return { later: await answerOf(deps, target, turn.verdict, messageId) };
  if (turn.slot) await sleepUntil(readyBefore(turn.slot.at), send.signal);
  const startedAt = performance.now();
  const row = { workspaceId: target.workspaceId, key: ready.keys[piece] ?? '', dispatchedBy: deps.process };
  const dispatched = await dispatch(deps, ready, piece, messageId).catch((error: unknown) => {
    // A commit whose answer was lost may stand; that no byte was written is known here alone.
    if (!(error instanceof HoldfastError)) remember(deps, settlementOf(neverWritten(true), row));
    throw error;
  });
  if ('verdict' in dispatched) return { later: dispatched.verdict };
  await deps.crashPoint?.('dispatched');
  const isOnTime = await keepSlot(deps, turn.slot, startedAt);
  const isLate = performance.now() - startedAt > (deps.maxDispatchMs ?? maxDispatchMs) || send.signal?.aborted === true;
  // Late: under GUARD the row goes back to planned, so nobody can have taken it for ambiguous; we know that nothing left.
  const result =
    isLate || !isOnTime
      ? neverWritten(isOnTime)
      : await callProvider(deps, {
          target: dispatched.target,
          adapter,
          piece: ready.pieces[piece] ?? emptyPiece,
          key: row.key,
          room,
          ...(send.signal ? { signal: send.signal } : {}),
        });
  await deps.crashPoint?.('answered');
  const comesAgainMs = result.state === 'planned' ? comeAgainInMs(result.error, dispatched.attempt) : null;
  const settlement = settlementOf(result, { ...row, comesAgainMs });
  await settle(deps, settlement, send.guard).catch((error: unknown) => {
    if (!(error instanceof HoldfastError)) remember(deps, settlement);
    throw error;
  });
  await deps.crashPoint?.('settled');
  await afterwards(deps, { ...dispatched, template: ready.outgoing.message.template ?? null }, result);
  if (result.state !== 'planned') return { messageId: dispatched.messageId, result };
  return notSent(deps, target, { error: result.error, attempt: dispatched.attempt, comesAgainMs });
}

/** It was certainly not sent: it goes later, or has failed. */
async function notSent(
  deps: OwnDeps,
  target: SendTarget,
  { error, attempt, comesAgainMs }: { error: HoldfastError; attempt: number; comesAgainMs: number | null },
): Promise<PieceOutcome> {
  const { code, words } = error;
  if (comesAgainMs !== null) return { later: putOff({ inMs: comesAgainMs, code: 'send.deferred', reason: words.detail }) };
  if (stopping.has(code)) return { later: putOff({ inMs: stoppedMs, code, reason: words.detail }) };
  if (code === 'upstream.limited' && attempt < maxLimitedAttempts)
    return { later: putOff({ inMs: error.retryAfterMs ?? 1_000, code, reason: words.detail }) };
  return orWithTheOthers(deps, target, error);
}

/** Where its provider is left alone by now it waits with the others, and no attempt is counted. */
async function orWithTheOthers(deps: OwnDeps, target: SendTarget, error: HoldfastError): Promise<PieceOutcome> {
  const next = await roomAt(deps, target);
  if (next.state === 'later') return { later: putOff(next) };
  await next.giveUp();
  throw error;
}

const remember = (deps: OwnDeps, settlement: PieceSettlement): void =>
  void deps.unsaved.set(settlement.key, { settlement, conversationId: null });

const emptyPiece: Piece = { text: '', buttons: [], attachment: null };

type Dispatched = { verdict: StepSendResult } | { target: SendTarget; messageId: string; attempt: number };

/** tx1: look once more whether it may go, GUARD, planned → dispatching. */
async function dispatch(deps: OwnDeps, ready: Ready, piece: number, messageId: string | null): Promise<Dispatched> {
  const { send, keys } = ready;
  const { workspaceId } = send.run;
  return transaction(deps.pool, async (client): Promise<Dispatched> => {
    const { conversationId } = ready.target;
    const asked = { workspaceId, conversationId, template: ready.outgoing.message.template ?? null };
    const target = (await lockSendTarget(client, asked)) ?? ready.target;
    await send.guard(client);
    const stopped = checkSend(contextOf(target, ready.outgoing, messageId === null));
    if (stopped) return { verdict: resultOf(stopped, messageId) };
    if (messageId === null) return { target, attempt: 1, messageId: await plan(client, deps, ready, target) };
    const attempt = await dispatchPiece(client, { workspaceId, key: keys[piece] ?? '', process: deps.process, epoch: send.epoch });
    if (attempt === null) throw takenMeanwhile();
    return { target, messageId, attempt };
  });
}

async function plan(client: PoolClient, deps: OwnDeps, { send, keys, hash, words, outgoing }: Ready, target: SendTarget): Promise<string> {
  const messageId = newId('message');
  const { facts = {}, run, step } = send;
  const count = await insertSend(client, {
    messageId,
    workspaceId: run.workspaceId,
    conversationId: target.conversationId,
    channelId: target.channelId,
    runId: run.id,
    stepId: step.id,
    nodeId: step.node,
    part: send.part,
    epoch: send.epoch,
    process: deps.process,
    payloadHash: hash,
    text: wordsOf(outgoing.message),
    content: contentOf(outgoing.message),
    keys,
    purpose: outgoing.purpose,
    textHash: isBulk(target) ? words : null,
    model: facts.model ?? null,
    inputTokens: facts.inputTokens ?? null,
    outputTokens: facts.outputTokens ?? null,
    costMicroUsd: facts.costMicroUsd ?? null,
  });
  if (count !== keys.length) throw takenMeanwhile();
  return messageId;
}

// Only two attempts of one owner at the same moment meet here; the one that comes again finds what the other did.
const takenMeanwhile = (): HoldfastError =>
  new HoldfastError('upstream.unreachable', { detail: 'Another attempt at this message is under way.' });

async function forget(deps: OwnDeps, send: StepSend, rows: SendPieceRow[]): Promise<void> {
  await transaction(deps.pool, async (client) => {
    await send.guard(client);
    for (const messageId of new Set(rows.map((row) => row.messageId)))
      await forgetSend(client, { workspaceId: send.run.workspaceId, messageId });
  });
}

function renderOrRefuse(adapter: ChannelAdapter, message: OutgoingMessage): Piece[] | Refusal {
  try {
    return adapter.render(message);
  } catch (error) {
    if (error instanceof HoldfastError) return { code: error.code, reason: error.words.detail };
    throw error;
  }
}

/** Statuses may be faster than the answer to the send itself. */
async function catchUp({ pool }: OwnDeps, { workspaceId, channelId }: SendTarget, result: CallResult): Promise<void> {
  if (result.state !== 'accepted' || result.providerMessageId === '') return;
  await applyEarlyStatuses(pool, { workspaceId, channelId, providerMessageId: result.providerMessageId });
}

/** Nothing here may fail the send, which has happened. */
async function afterwards(
  deps: OwnDeps,
  { target, attempt, template }: { target: SendTarget; attempt: number; template: MessageTemplate | null },
  result: CallResult,
): Promise<void> {
  if (result.state === 'accepted') deps.typing.delete(target.conversationId);
  const thread = result.state === 'accepted' ? (result.thread ?? null) : null;
  try {
    await Promise.all([
      learnFrom(deps, target, { result, attempt, template }),
      touchConversation(deps.pool, { ...target, isInitiated: isNewPerson(target), thread }),
      catchUp(deps, target, result),
    ]);
  } catch (error) {
    deps.log.warn({ conversation: target.conversationId, err: error }, 'What a send taught could not be saved.');
  }
  notifyLive(deps.pool, target.workspaceId, { kind: 'message', conversation: target.conversationId });
}
