import { HoldfastError, say, type Words } from '@holdfast/errors';
import { AttemptOver } from './deadline.ts';

export interface FailureFacts {
  host: string;
  /** The request's first byte may have reached the other side. */
  wasWritten: boolean;
  isIdempotent: boolean;
  totalMs: number;
}

/**
 * What became of an attempt that brought no answer. Before a byte was written it is safe to try again; after that, a call
 * that may not happen twice is ambiguous, whatever cut it.
 */
export function explainFailure(error: unknown, facts: FailureFacts): HoldfastError {
  if (error instanceof HoldfastError) return facts.wasWritten && !facts.isIdempotent ? leftOpen(error, facts.host) : error;
  const what = describe(error, facts);
  if (!facts.wasWritten) {
    return new HoldfastError('upstream.unreachable', {
      detail: say`${facts.host} could not be reached: ${what}. Nothing was sent.`,
      hint: 'Check the address and that the service is running.',
      cause: error,
    });
  }
  if (!facts.isIdempotent) {
    return new HoldfastError('upstream.ambiguous', {
      detail: say`The request was sent to ${facts.host}, but then ${what}. It may have been carried out.`,
      hint: 'Look there whether it happened before you send it again.',
      cause: error,
    });
  }
  const code = codeOf(error);
  if (code === 'UND_ERR_HEADERS_OVERFLOW')
    return new HoldfastError('upstream.too-large', {
      detail: say`${facts.host} answered with larger headers than we accept.`,
      cause: error,
    });
  const isLate = error instanceof AttemptOver || code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT';
  return new HoldfastError(isLate ? 'upstream.timeout' : 'upstream.broken', { detail: say`${facts.host}: ${what}.`, cause: error });
}

/** What went wrong after a call that must not happen twice had left: whether it happened is the first thing to tell. */
export const leftOpen = (error: HoldfastError, host: string): HoldfastError =>
  error.code === 'upstream.ambiguous'
    ? error
    : new HoldfastError('upstream.ambiguous', {
        detail: say`${host} had the request and may have carried it out. ${error.words.detail}`,
        hint: say`Look there whether it happened before you send it again.${error.hint === undefined ? '' : ` ${error.hint}`}`,
        cause: error,
      });

function describe(error: unknown, { totalMs }: FailureFacts): Words {
  if (error instanceof AttemptOver)
    return error.reason === 'timeout' ? say`no complete answer came within ${totalMs / 1000} s` : 'the call was cancelled';
  return whatWentWrong(error);
}

/** Why there is no connection, or no more: half a sentence. */
export function whatWentWrong(error: unknown): string {
  const known = texts[codeOf(error)];
  if (known) return known;
  return error instanceof Error && error.message !== '' ? error.message.replaceAll(/\s+/g, ' ').slice(0, 200) : 'the connection failed';
}

const texts: Record<string, string> = {
  ENOTFOUND: 'there is no such name',
  EAI_AGAIN: 'the name could not be looked up',
  ECONNREFUSED: 'nothing is listening there',
  EHOSTUNREACH: 'there is no way to that machine',
  ENETUNREACH: 'there is no way to that network',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  UND_ERR_CONNECT_TIMEOUT: 'no connection came about in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer came in time',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped coming',
  UND_ERR_HEADERS_OVERFLOW: 'the answer’s headers were larger than we accept',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by somebody whom nobody here knows',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by somebody whom nobody here knows',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by somebody whom nobody here knows',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
