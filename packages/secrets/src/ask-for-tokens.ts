import type { TokenGrant } from '@holdfast/contracts';
import { parseRetryAfter, type Egress, type Way } from '@holdfast/egress';
import { HoldfastError, say } from '@holdfast/errors';
import { z } from 'zod';
import { tokensFrom, type Tokens } from './tokens.ts';

/** Shorter than PostgreSQL's patience with a transaction that says nothing (10 s): the row stays locked meanwhile. */
const timeoutMs = 8_000;

const answer = z.object({
  access_token: z.string().min(1).max(8_000),
  refresh_token: z.string().min(1).max(8_000).optional(),
  expires_in: z.coerce.number().positive().optional(),
});
/** RFC 6749's words for "no"; nothing else of the answer is shown, since some servers repeat what was sent. */
const refusal = z.object({ error: z.string().regex(/^[a-z_]{1,60}$/) });
/** These stay so until somebody does something. */
const needPerson = new Set(['invalid_grant', 'invalid_client', 'unauthorized_client', 'access_denied', 'invalid_scope']);

export type TokenAnswer = { state: 'tokens'; tokens: Tokens } | { state: 'refused'; error: string };

export interface TokenRequest {
  grant: TokenGrant;
  clientSecret: string | null;
  /** `grant_type` and what belongs to it. */
  parameters: Record<string, string>;
  /** Kept when the answer brings no new one. */
  refresh: string | null;
  /** Trusted, also inside the network: an administrator set it. */
  baseUrl: string | null;
  /** The connection's own; the token address alone is asked on it. */
  via: Way | null;
}

/**
 * One request to a token endpoint. Throws upstream.* when it could not be asked or made no sense; then nobody knows whether a refresh token was
 * used up. Errors hold no secret and nothing of the answer's body.
 */
export async function askForTokens(
  deps: { egress: Pick<Egress, 'fetchFor'>; clock: () => number },
  request: TokenRequest,
): Promise<TokenAnswer> {
  const { grant, baseUrl, via } = request;
  const call = deps.egress.fetchFor({
    timeoutMs,
    redirects: 0,
    maxBytes: 256 * 1024,
    ...(baseUrl === null ? {} : { trustedBaseUrl: baseUrl }),
    ...(via === null ? {} : { way: { way: via, hosts: [new URL(grant.tokenUrl).host] } }),
  });
  const response = await call(grant.tokenUrl, { method: 'POST', ...bodyOf(request) });
  const body = parseJson(await response.text());
  if (response.ok) return { state: 'tokens', tokens: readTokens(body, request, deps.clock()) };
  const { host } = new URL(grant.tokenUrl);
  const said = refusal.safeParse(body).data?.error;
  if (said !== undefined && response.status < 500 && needPerson.has(said)) return { state: 'refused', error: said };
  throw failure(host, response, said, deps.clock());
}

function bodyOf({ grant, clientSecret, parameters }: TokenRequest): { headers: Record<string, string>; body: string } {
  const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
  const form = new URLSearchParams(parameters);
  if (grant.way !== 'statement') {
    if (grant.clientAuth === 'header' && clientSecret !== null)
      headers['authorization'] =
        `Basic ${Buffer.from(`${encodeURIComponent(grant.clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64')}`;
    else {
      form.set('client_id', grant.clientId);
      if (clientSecret !== null) form.set('client_secret', clientSecret);
    }
  }
  return { headers, body: form.toString() };
}

function readTokens(body: unknown, { grant, refresh }: TokenRequest, now: number): Tokens {
  const parsed = answer.safeParse(body);
  if (!parsed.success)
    throw new HoldfastError('upstream.broken', { detail: say`${new URL(grant.tokenUrl).host} answered without an access token.` });
  const { access_token: access, refresh_token: rotated, expires_in: life } = parsed.data;
  return tokensFrom({ access, refresh: rotated ?? refresh, lifeMs: life === undefined ? null : life * 1_000 }, now);
}

function failure(host: string, response: Response, said: string | undefined, now: number): HoldfastError {
  const detail = say`${host} answered ${response.status}${said === undefined ? '' : ` (${said})`} when we asked for an access token.`;
  const retryAfterMs = parseRetryAfter(response.headers.get('retry-after') ?? undefined, now);
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (response.status === 429) return new HoldfastError('upstream.limited', { detail, ...wait });
  if (response.status >= 500) return new HoldfastError('upstream.broken', { detail, ...wait });
  return new HoldfastError('upstream.refused', {
    detail,
    hint: 'Check the addresses, the client id and the permissions of this connection.',
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
