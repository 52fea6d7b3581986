import { dispatchKept, failsAlone, noteKept, putBackKept, type KeptCall, type KeptRequest } from '@holdfast/db';
import { withoutSecrets, type ResolvedCredential } from '@holdfast/egress';
import { asHoldfastError, HoldfastError, say } from '@holdfast/errors';
import type { EgressRequest, EgressResponse } from '@holdfast/node-kit';
import type { Admission } from './admission.ts';
import type { Delivering } from './deliver-kept.ts';
import { deliverStep } from './deliver-step.ts';
import {
  delivered,
  failed,
  maxDispatchMs,
  next,
  problemOf,
  rest,
  stop,
  tellWhenOld,
  type AfterOne,
  type Dispatched,
  type Kept,
} from './settle-kept.ts';

/** The first one of a line, settled. */
export const deliverOne = (options: Delivering, { request, ...call }: KeptCall): Promise<AfterOne> =>
  'step' in request ? deliverStep(options, call, request.step) : deliverCall(options, { ...call, request });

/** One that is a call. */
type Call = Kept & { request: KeptRequest };

/** Asked for room, written down as dispatching before its first byte, and settled. */
async function deliverCall(options: Delivering, call: Call): Promise<AfterOne> {
  const { pool } = options;
  let credential: ResolvedCredential | undefined;
  let admitted: Admission;
  try {
    credential = call.request.credential ? await options.openCredential(call.workspaceId, call.request.credential) : undefined;
    admitted = await options.gate.admit({
      workspaceId: call.workspaceId,
      request: requestOf(call),
      credential,
      kept: { since: call.keptAt },
    });
  } catch (thrown) {
    // Nothing was sent: a credential that needs a person, or a queue that is full.
    if (!(thrown instanceof HoldfastError)) throw thrown;
    await noteKept(pool, { id: call.id, problem: problemOf(thrown) });
    await tellWhenOld(options, call, thrown);
    return rest(60_000);
  }
  if (admitted.state === 'later') {
    const { code, reason, notBefore } = admitted;
    await noteKept(pool, { id: call.id, problem: problemOf(new HoldfastError(code, { detail: reason })) });
    return rest(notBefore.getTime() - Date.now());
  }
  if (admitted.state === 'answered') return next;
  options.calling.add(call.id);
  try {
    return await dispatch(options, { call, admitted, credential });
  } finally {
    options.calling.delete(call.id);
  }
}

interface Going {
  call: Call;
  admitted: Extract<Admission, { state: 'go' }>;
  credential: ResolvedCredential | undefined;
}

const requestOf = ({ request, body, isRepeatable }: Call): EgressRequest => ({
  ...request,
  ...(body === null ? {} : { body }),
  isIdempotent: isRepeatable,
});

async function dispatch(options: Delivering, going: Going): Promise<AfterOne> {
  const { pool, process: owner } = options;
  const { id } = going.call;
  const decidedAt = performance.now();
  let attempt: number | null = null;
  let isSent = false;
  try {
    attempt = await dispatchKept(pool, { id, owner });
    // Discarded meanwhile, or this process delivers here no more.
    if (attempt === null) return rest(250);
    await options.crashPoint?.('kept-dispatched');
    const isLate = performance.now() - decidedAt > maxDispatchMs;
    if (isLate || !options.isAlive()) {
      await putBackKept(pool, { id, owner, attempt, problem: null });
      return rest(250);
    }
    isSent = true;
  } finally {
    if (!isSent) await going.admitted.giveUp();
  }
  const dispatched = { id, owner, attempt };
  let response: EgressResponse;
  try {
    response = await going.admitted.send({ isIdempotent: going.call.isRepeatable });
  } catch (thrown) {
    return failed(options, going.call, {
      ...dispatched,
      error: asHoldfastError(thrown, 'upstream.ambiguous'),
      isAlone: alone(options, going.call),
    });
  }
  await options.crashPoint?.('kept-answered');
  return answered(options, going, { ...dispatched, response });
}

async function answered(
  options: Delivering,
  { call, credential }: Going,
  { response, ...dispatched }: Dispatched & { response: EgressResponse },
): Promise<AfterOne> {
  const { status } = response;
  if (status < 400) return delivered(options, { ...dispatched, status });
  const who = hostOf(call);
  if (status === 408 || status === 425)
    return failed(options, call, {
      ...dispatched,
      error: new HoldfastError(call.isRepeatable ? 'upstream.broken' : 'upstream.ambiguous', {
        detail: say`${who} answered ${status}: it did not finish with the call${call.isRepeatable ? ' and asks for it again' : ', which may have been carried out all the same'}.`,
      }),
      isAlone: alone(options, call),
    });
  const error = new HoldfastError(status === 401 ? 'upstream.unauthorized' : 'upstream.refused', {
    detail: say`${who} answered ${status}${excerpt(response, credential)}`,
    hint: 'Put right what it refuses and have it sent again, or discard it.',
  });
  return stop(options, call, { ...dispatched, error, status });
}

const alone =
  ({ pool }: Delivering, { id }: Call) =>
  () =>
    failsAlone(pool, id);

const hostOf = ({ what }: Call): string => URL.parse(what.slice(what.indexOf(' ') + 1))?.host ?? what;

/** Some services repeat what they were sent. */
function excerpt({ body }: EgressResponse, credential: ResolvedCredential | undefined): string {
  if (body === null || body === '') return '.';
  const text = withoutSecrets(typeof body === 'string' ? body : JSON.stringify(body), credential).replaceAll(/[\p{Cc}\s]+/gu, ' ');
  return `: ${text.slice(0, 200).toWellFormed()}`;
}
