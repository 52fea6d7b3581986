import { createHash } from 'node:crypto';
import { dispatchCall, findCallEffect, takeBackCall, type CallEffect, type CallSettlement } from '@holdfast/db';
import { asHoldfastError, codes, HoldfastError, toProblem, type ErrorCode } from '@holdfast/errors';
import { isJsonObject, type EgressRequest, type EgressResponse, type JsonValue } from '@holdfast/node-kit';
import { superseded } from './errors.ts';
import type { RunSession } from './run-session.ts';

/** From the decision to the first byte: whoever took longer may have been replaced meanwhile. */
const maxDispatchMs = 2_000;

export interface LedgerCall {
  stepId: string;
  attempt: number;
  request: EgressRequest;
  /** One attempt at the provider; throws upstream.ambiguous when its fate is not known. */
  perform: () => Promise<EgressResponse>;
}

/**
 * EFFECT: a call that must not happen twice. Written down as dispatching before its first byte; what an earlier try of the
 * same attempt came to is answered instead of calling again. Throws upstream.ambiguous when nobody knows what it came to.
 */
export async function callOnce(session: RunSession, call: LedgerCall): Promise<EgressResponse> {
  const key = `${call.stepId}:${call.request.part ?? ''}`;
  const payloadHash = hashOf(call.request);
  for (let tries = 1; ; tries++) {
    const decidedAt = performance.now();
    const isMine = await session.journal.commit(async (append) => {
      const result = await dispatchCall(session.deps.pool, append, {
        key,
        stepId: call.stepId,
        part: call.request.part ?? '',
        attempt: call.attempt,
        payloadHash,
      });
      return result.isHeld ? { isHeld: true, value: result.isMine } : { isHeld: false };
    });
    if (!isMine) return recall(await findCallEffect(session.deps.pool, key), payloadHash);
    await session.deps.crashPoint?.('call-dispatched');
    if (session.deps.isAlive && !session.deps.isAlive()) throw superseded(session.run.id);
    if (performance.now() - decidedAt <= maxDispatchMs) return performAndSettle(session, key, call);
    // Nothing was sent, and the guard says whether that is still ours to say.
    const isOurs = await takeBackCall(session.deps.pool, session.journal.hold, { key, attempt: call.attempt });
    if (!isOurs) throw superseded(session.run.id);
    if (tries === 5)
      throw new HoldfastError('database.unavailable', {
        detail: 'The database answered too slowly for a call that must not happen twice. Nothing was sent.',
      });
  }
}

/**
 * What became of it is written with the end of the step: together they are known, or neither, and then whoever comes back finds the call
 * ambiguous. An error of the database at that write can't pass for one of the call, which would then be made again.
 */
async function performAndSettle({ journal, deps }: RunSession, key: string, call: LedgerCall): Promise<EgressResponse> {
  const settle = (state: CallSettlement['state'], { result = null, problem = null }: Partial<CallSettlement>): void => {
    journal.settle({ key, attempt: call.attempt, state, result, problem });
    journal.flushSoon();
  };
  let response: EgressResponse;
  try {
    response = await call.perform();
  } catch (thrown) {
    const error = asHoldfastError(thrown, 'upstream.ambiguous');
    await deps.crashPoint?.('call-answered');
    settle(error.code === 'upstream.ambiguous' ? 'unknown' : 'rejected', {
      problem: { ...toProblem(error), ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }) },
    });
    throw error;
  }
  await deps.crashPoint?.('call-answered');
  const { status, headers, body, bytes, durationMs } = response;
  settle('accepted', { result: { status, headers, body, durationMs, ...(bytes ? writtenBytes(bytes) : {}) } });
  return response;
}

/** A file is kept by the step itself; here it only bridges the moment until then, and a large one is not worth that. */
const maxBridgedBytes = 5_000_000;
const writtenBytes = (bytes: Uint8Array) =>
  bytes.length > maxBridgedBytes ? { isLost: true } : { base64: Buffer.from(bytes).toString('base64') };

/** What the ledger knows of this attempt, as if the provider had just said it. */
function recall(effect: CallEffect | null, payloadHash: string): EgressResponse {
  if (effect && effect.payloadHash !== payloadHash && effect.state !== 'dispatching')
    throw new HoldfastError('resource.conflict', {
      detail: 'This step has already made another call under the same name. Nothing was sent.',
      hint: 'Give the second call of a step a part of its own.',
    });
  if (effect?.state === 'accepted') {
    // as: written by performAndSettle above.
    const { base64, isLost, ...response } = effect.result as unknown as EgressResponse & { base64?: string; isLost?: true };
    if (isLost)
      throw new HoldfastError('upstream.ambiguous', {
        detail: 'The call was carried out, but the file that it answered was lost when its process stopped.',
        hint: 'Get the file there. Then skip the step with it, or retry the call.',
      });
    return base64 === undefined ? response : { ...response, bytes: Buffer.from(base64, 'base64') };
  }
  if (effect?.state === 'rejected') throw recalledError(effect.problem);
  throw new HoldfastError('upstream.ambiguous', {
    detail: 'The call was under way when its process stopped. It may have been carried out.',
    hint: 'Look there whether it happened. Then retry the step, or skip it with the result.',
  });
}

function recalledError(problem: JsonValue): HoldfastError {
  const facts = isJsonObject(problem) ? problem : {};
  const { code, detail } = facts;
  return new HoldfastError(typeof code === 'string' && isCode(code) ? code : 'upstream.broken', {
    detail: typeof detail === 'string' ? detail : '',
    ...(typeof facts['hint'] === 'string' ? { hint: facts['hint'] } : {}),
    ...(typeof facts['retryAfterMs'] === 'number' ? { retryAfterMs: facts['retryAfterMs'] } : {}),
  });
}

const isCode = (text: string): text is ErrorCode => Object.hasOwn(codes, text);

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const hashOf = ({ method, url, query, body }: EgressRequest): string =>
  createHash('sha256')
    .update(JSON.stringify([method, url, query ?? {}, typeof body === 'object' ? digestOf(body) : (body ?? '')]))
    .digest('hex');
