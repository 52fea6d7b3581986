import { countKeptFailure, dispatchKept, endKept, failsAlone, noteKept, putBackKept, stopKept, type KeptCall } from '@holdfast/db';
import { withoutSecrets, type ResolvedCredential } from '@holdfast/egress';
import { asHoldfastError, HoldfastError, say, toProblem } from '@holdfast/errors';
import type { EgressRequest, EgressResponse } from '@holdfast/node-kit';
import type { Admission } from './admission.ts';
import type { Delivering } from './deliver-kept.ts';
import { insist } from './insist.ts';
import { tellOfKept, tellOfWaiting } from './tell-people.ts';

/** What comes next in its line: the next one at once, or a pause. */
export interface AfterOne {
  state: 'delivered' | 'passed' | 'rest';
  restMs: number;
}

/** From the decision to the first byte: whoever took longer may have been replaced meanwhile. */
const maxDispatchMs = 2_000;
/** A line that fails is tried again after a second, then twice as long, up to this. */
const longestRestMs = 120_000;
/** Of what a person does, and resuming a provider, a line hears at once. */
const longestWaitMs = 300_000;
/** So often a call fails before it is looked at whether it is alone with that. */
const triesAlone = 5;
/** People hear of a line that has not moved for so long. */
const tellAfterMs = 15 * 60_000;

const next: AfterOne = { state: 'passed', restMs: 0 };
const rest = (restMs: number): AfterOne => ({ state: 'rest', restMs: Math.min(longestWaitMs, Math.max(250, restMs)) });
const problemOf = (error: HoldfastError) => ({ ...toProblem(error) });

/** The first call of a line: asked for room, written down as dispatching before its first byte, and settled. */
export async function deliverOne(options: Delivering, call: KeptCall): Promise<AfterOne> {
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
  call: KeptCall;
  admitted: Extract<Admission, { state: 'go' }>;
  credential: ResolvedCredential | undefined;
}

const requestOf = ({ request, body, isRepeatable }: KeptCall): EgressRequest => ({
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
    return failed(options, going.call, { ...dispatched, error: asHoldfastError(thrown, 'upstream.ambiguous') });
  }
  await options.crashPoint?.('kept-answered');
  return answered(options, going, { ...dispatched, response });
}

interface Dispatched {
  id: string;
  owner: string;
  attempt: number;
}

async function answered(
  options: Delivering,
  { call, credential }: Going,
  { response, ...dispatched }: Dispatched & { response: EgressResponse },
): Promise<AfterOne> {
  const { status } = response;
  if (status < 400) {
    await insist(() => endKept(options.pool, { ...dispatched, status }));
    return { state: 'delivered', restMs: 0 };
  }
  const who = hostOf(call);
  if (status === 408 || status === 425)
    return failed(options, call, {
      ...dispatched,
      error: new HoldfastError(call.isRepeatable ? 'upstream.broken' : 'upstream.ambiguous', {
        detail: say`${who} answered ${status}: it did not finish with the call${call.isRepeatable ? ' and asks for it again' : ', which may have been carried out all the same'}.`,
      }),
    });
  const error = new HoldfastError(status === 401 ? 'upstream.unauthorized' : 'upstream.refused', {
    detail: say`${who} answered ${status}${excerpt(response, credential)}`,
    hint: 'Put right what it refuses and have it sent again, or discard it.',
  });
  return stop(options, call, { ...dispatched, error, status });
}

/** What it is worth trying again waits, with all behind it; anything else is for a person, and the others go on. */
async function failed(
  options: Delivering,
  call: KeptCall,
  { error, ...dispatched }: Dispatched & { error: HoldfastError },
): Promise<AfterOne> {
  const { pool } = options;
  if (error.meaning.retry !== 'later') return stop(options, call, { ...dispatched, error, status: null });
  const isOnlyOne = isItsOwn(error) && (await failsAlone(pool, { id: call.id, attempts: triesAlone }));
  if (isOnlyOne) return stop(options, call, { ...dispatched, error, status: null });
  await insist(() => putBackKept(pool, { ...dispatched, problem: problemOf(error) }));
  const { failures } = await countKeptFailure(pool, call);
  await tellWhenOld(options, call, error);
  return rest(Math.max(error.retryAfterMs ?? 0, Math.min(longestRestMs, 1_000 * 2 ** (failures - 1))));
}

/** The provider was there. */
const isItsOwn = ({ code }: HoldfastError): boolean => code === 'upstream.broken' || code === 'upstream.timeout';

async function stop(
  { pool }: Delivering,
  call: KeptCall,
  { error, status, ...dispatched }: Dispatched & { error: HoldfastError; status: number | null },
): Promise<AfterOne> {
  if (await insist(() => stopKept(pool, { ...dispatched, problem: problemOf(error), status }))) await tellOfKept(pool, call, error);
  return next;
}

async function tellWhenOld({ pool }: Delivering, call: KeptCall, error: HoldfastError): Promise<void> {
  if (Date.now() - call.keptAt.getTime() > tellAfterMs) await tellOfWaiting(pool, call, error);
}

const hostOf = ({ what }: KeptCall): string => URL.parse(what.slice(what.indexOf(' ') + 1))?.host ?? what;

/** Some services repeat what they were sent. */
function excerpt({ body }: EgressResponse, credential: ResolvedCredential | undefined): string {
  if (body === null || body === '') return '.';
  const text = withoutSecrets(typeof body === 'string' ? body : JSON.stringify(body), credential).replaceAll(/[\p{Cc}\s]+/gu, ' ');
  return `: ${text.slice(0, 200).toWellFormed()}`;
}
