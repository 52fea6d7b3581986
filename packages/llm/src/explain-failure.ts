import { parseRetryAfter } from '@holdfast/egress';
import { type ErrorCode, HoldfastError, say, type Words } from '@holdfast/errors';
import type { LlmRequest } from '@holdfast/node-kit';
import { z } from 'zod';

/** What the three SDKs' errors share. */
const sdkError = z.object({ status: z.number(), headers: z.instanceof(Headers).optional().catch(undefined), error: z.unknown() });
const detailsOf = z.object({
  type: z.string().optional().catch(undefined),
  code: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  details: z
    .object({ error_code: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
});
type Details = z.infer<typeof detailsOf>;

const providerNames = { groq: 'Groq', claude: 'Claude', 'openai-compatible': 'The model server' } as const;
/** Limits that no waiting lifts: the money is used up. */
const spentCodes = new Set(['enforced_spend_limit_reached', 'insufficient_quota', 'billing_hard_limit_reached', 'spend_limit_reached']);

/** `{error: {…}}`, or the inner object: the SDKs differ in what they unwrap. */
function readDetails(body: unknown): Details {
  const outer = z.object({ error: detailsOf }).safeParse(body);
  if (outer.success) return outer.data.error;
  return detailsOf.safeParse(body).data ?? {};
}

/** What failed without an answer: our own rules, the network, or the clock. */
function explainSilence(thrown: unknown, request: LlmRequest, name: string): HoldfastError {
  for (let cause: unknown = thrown; cause instanceof Error; cause = cause.cause) {
    if (!(cause instanceof HoldfastError)) continue;
    // Asking a model twice costs tokens but does nothing else, so what is ambiguous for a call in general isn't here.
    return cause.code === 'upstream.ambiguous'
      ? new HoldfastError('upstream.timeout', {
          detail: say`${name} did not answer within ${request.timeoutMs / 1_000} s, or cut the connection.`,
          cause: thrown,
        })
      : cause;
  }
  const kind = thrown instanceof Error ? thrown.constructor.name : '';
  if (kind === 'APIConnectionTimeoutError')
    return new HoldfastError('upstream.timeout', {
      detail: say`${name} (${request.model}) did not answer within ${request.timeoutMs / 1_000} s.`,
      cause: thrown,
    });
  if (kind === 'APIUserAbortError')
    return new HoldfastError('step.timeout', { detail: say`The step was stopped while ${name} was answering.`, cause: thrown });
  if (kind === 'APIConnectionError')
    return new HoldfastError('upstream.unreachable', { detail: say`${name} could not be reached.`, cause: thrown });
  return new HoldfastError('llm.unusable-answer', {
    detail: say`The answer of ${name} (${request.model}) could not be read.`,
    cause: thrown,
  });
}

interface Meaning {
  code: ErrorCode;
  what: Words;
  hint?: string;
}

function meaningOf(status: number, details: Details, model: string): Meaning {
  const code = details.details?.error_code ?? details.code ?? '';
  if (status === 402 || details.type === 'billing_error' || spentCodes.has(code))
    return {
      code: 'upstream.refused',
      what: "says that the account's budget is used up",
      hint: 'Raise the spending limit at the provider, or put another model first.',
    };
  if (status === 429 || status === 498) return { code: 'upstream.limited', what: 'asks us to slow down' };
  if (status === 401 || status === 403)
    return { code: 'upstream.unauthorized', what: 'did not accept the key', hint: 'Open Connections and enter the key again.' };
  if (code === 'model_decommissioned' || status === 404)
    return {
      code: 'upstream.refused',
      what: say`does not offer the model "${model}" (any more)`,
      hint: 'Open the step and choose another model.',
    };
  if (status === 408 || status >= 500) return { code: 'upstream.broken', what: status === 529 ? 'is overloaded' : 'has a problem' };
  return { code: 'upstream.refused', what: 'refused the request', hint: 'Look at the model and the instructions of the step.' };
}

/** Any failure of a provider as one of our codes. The key never appears in the text, even where a provider repeats it. */
export function explainFailure(thrown: unknown, request: LlmRequest, { apiKey, now }: { apiKey: string; now: number }): HoldfastError {
  if (thrown instanceof HoldfastError && thrown.code !== 'upstream.ambiguous') return thrown;
  const name = providerNames[request.provider];
  const known = sdkError.safeParse(thrown);
  if (!known.success) return explainSilence(thrown, request, name);
  const { status, headers, error } = known.data;
  const details = readDetails(error);
  const meaning = meaningOf(status, details, request.model);
  const said = (details.message ?? '').replaceAll(apiKey === '' ? '\0' : apiKey, '•••').slice(0, 300);
  const retryAfterMs =
    Number(headers?.get('retry-after-ms') ?? Number.NaN) || parseRetryAfter(headers?.get('retry-after') ?? undefined, now);
  return new HoldfastError(meaning.code, {
    detail: say`${name} ${meaning.what} (${status}${said === '' ? '' : `: ${said}`}).`,
    ...(meaning.hint === undefined ? {} : { hint: meaning.hint }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    cause: thrown,
  });
}
