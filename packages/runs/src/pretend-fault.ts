import { HoldfastError, say } from '@holdfast/errors';
import type { EgressRequest, EgressResponse, LlmAnswer, LlmRequest } from '@holdfast/node-kit';
import type { RunSession } from './run-session.ts';

const faults = ['timeout', 'limited', 'broken', 'down', 'garbage', 'hang'] as const;
export type Fault = (typeof faults)[number];

/** What staff want this step's calls to meet; null where nothing is pretended. Only a conversation of the simulator brings any. */
export function faultOf({ run }: Pick<RunSession, 'run'>, node: string): Fault | null {
  if (run.conversation?.channelKind !== 'simulator') return null;
  const chosen = run.conversation.faults?.[node];
  return faults.find((fault) => fault === chosen) ?? null;
}

/** Egress says the same when it is not pretended; so the flow goes the same way. */
const hint = 'This is only pretended: it was chosen in the simulator, and nothing was sent.';
const words = {
  timeout: 'no complete answer came in time',
  hang: 'no complete answer came in time',
  broken: 'answered 500: Internal Server Error',
} as const;
/** As egress waits where a step says nothing. */
const maxHangMs = 30_000;
/** As many services ask for. */
const retryAfterMs = 2_000;

const down = (name: string): HoldfastError =>
  new HoldfastError('upstream.down', { detail: say`${name} has been failing, so it is left alone for now.`, hint });

/** A call that does not leave the house, and what comes back of it. Throws as egress does. */
export async function pretendCall(
  met: Fault,
  request: EgressRequest & { isIdempotent: boolean },
  signal: AbortSignal,
): Promise<EgressResponse> {
  const host = URL.canParse(request.url) ? new URL(request.url).host : 'The service';
  if (met === 'limited')
    throw new HoldfastError('upstream.limited', { detail: say`${host} answered 429 and asks us to wait 2 s.`, hint, retryAfterMs });
  if (met === 'down') throw down(host);
  if (met === 'garbage')
    return {
      status: 200,
      headers: { 'content-type': 'text/html' },
      body: '<html><body>It works!</body></html><!-- not what was asked for -->',
      durationMs: 1,
    };
  if (met === 'hang') await untilOver(signal, request.timeoutMs);
  // A call that may not happen twice may have been carried out: nobody knows.
  throw new HoldfastError(request.isIdempotent ? (met === 'broken' ? 'upstream.broken' : 'upstream.timeout') : 'upstream.ambiguous', {
    detail: request.isIdempotent ? say`${host}: ${words[met]}.` : say`${host} had the request and may have carried it out: ${words[met]}.`,
    hint,
  });
}

/** A model that is not asked, and what it says. Throws as the models' providers do. */
export async function pretendModel(met: Fault, request: LlmRequest, signal: AbortSignal): Promise<LlmAnswer> {
  if (met === 'limited')
    throw new HoldfastError('upstream.limited', { detail: 'The model’s service asks us to wait 2 s.', hint, retryAfterMs });
  if (met === 'down') throw down('The model’s service');
  if (met === 'garbage' && request.schema !== undefined)
    throw new HoldfastError('llm.unusable-answer', { detail: 'The model answered with something else than was asked for.', hint });
  if (met === 'garbage')
    return {
      text: '}}{{ lorem ipsum <|end|>',
      provider: 'pretended',
      model: 'pretended',
      inputTokens: 0,
      outputTokens: 0,
      costMicroUsd: 0,
      latencyMs: 1,
    };
  if (met === 'hang') await untilOver(signal, request.timeoutMs);
  throw new HoldfastError(met === 'broken' ? 'upstream.broken' : 'upstream.timeout', {
    detail: say`The model’s service: ${words[met]}.`,
    hint,
  });
}

/** Until the call's own time is over, or the step's. */
async function untilOver(signal: AbortSignal, timeoutMs = maxHangMs): Promise<void> {
  const own = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  await new Promise<void>((resolve) => {
    own.addEventListener('abort', () => resolve(), { once: true });
    if (own.aborted) resolve();
  });
}
