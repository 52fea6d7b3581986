import type { Socket } from 'node:net';
import { HoldfastError, say } from '@holdfast/errors';
import type { EgressRequest, EgressResponse, JsonValue, LinkRequest } from '@holdfast/node-kit';
import { parseAllowList } from './allow-list.ts';
import { bareHost, systemResolve, vettedAddresses } from './connect.ts';
import { createFetchOn, type Fetch, type FetchOptions } from './create-fetch.ts';
import {
  assertBound,
  credentialHeaders,
  credentialQuery,
  isBoundTo,
  isOfBase,
  restoreToken,
  secretsOf,
  wayOf,
  withoutSecrets,
  type ResolvedCredential,
} from './credential.ts';
import { cutterOf, type SecretCutter } from './cut-secrets.ts';
import type { Signal } from './deadline.ts';
import type { EgressOptions } from './egress-options.ts';
import { errorWithout } from './error-without.ts';
import { explainFailure } from './failure.ts';
import { checkHeaders } from './headers.ts';
import { defaultLimits, fileBytes, type Limits } from './limits.ts';
import { isIdempotentMethod, methods } from './methods.ts';
import { parseBody } from './parse-body.ts';
import { parseRetryAfter } from './retry-after.ts';
import { signatureOf, signsCalls } from './sign-call.ts';
import { s3Link } from './sign-s3.ts';
import { bodyWithSecurity, isSoapFault, isSoapUser } from './soap.ts';
import { parseTarget } from './target.ts';
import { createTransport, type Transport } from './transport.ts';
import { travel, type Arrival } from './travel.ts';
import { queryByAgent, type QueryByAgent } from './way/carried-query.ts';
import type { Way } from './way/way.ts';

export interface EgressCall extends EgressRequest {
  resolvedCredential?: ResolvedCredential;
  signal?: Signal;
  /** The first byte may be on its way. */
  onWriting?: () => void;
}

export interface Egress {
  /**
   * One attempt. Answers 2xx, 3xx without a location, and 4xx but 429. Throws egress.blocked, credential.*, step.config and upstream.unreachable
   * (nothing was sent), upstream.limited (429, with the asked delay), upstream.broken (5xx), upstream.timeout, upstream.too-large,
   * and upstream.ambiguous when a call that is not idempotent was sent and its fate is not known.
   */
  request: (call: EgressCall) => Promise<EgressResponse>;
  /** A `fetch` under the same rules, for SDKs and channel adapters: every status is an answer, nothing is retried. */
  fetchFor: (options: FetchOptions) => Fetch;
  /** An address of an S3 object that anybody may use until it expires; nothing is sent. Throws credential.*. */
  presign: (link: LinkRequest & { resolvedCredential: ResolvedCredential }) => Promise<string>;
  /**
   * The addresses of a server that is not spoken to by HTTP (mail, databases), vetted by the same rules: dial one of them, never the name again.
   * `isTrusted`: an administrator named this very server. Throws egress.blocked and upstream.unreachable.
   */
  vet: (host: string, port: number, options?: { isTrusted: boolean }) => Promise<string[]>;
  /**
   * A connection to such a server through an administrator's proxy, which looks its name up; for the one server that the way was set for. Throws what says
   * which leg failed (upstream.*, credential.attention): nothing was sent to the server then.
   */
  dialThrough: (way: Way, target: { host: string; port: number }) => Promise<Socket>;
  /** Has an agent ask a database that stands in its network: exactly one attempt. Throws what is known of it. */
  queryByAgent: (query: QueryByAgent) => Promise<JsonValue>;
  close: () => Promise<void>;
}

/** The only way out of the house. Throws when `allow` can't be read. */
export function createEgress(options: EgressOptions = {}): Egress {
  const { resolve = systemResolve, now = Date.now } = options;
  const allow = parseAllowList(options.allow ?? '');
  const transport = createTransport({ allow, resolve, limits: { ...defaultLimits, ...options.limits }, carry: options.carry });
  return {
    request: async (call) => requestOnce(transport, call, now),
    fetchFor: (fetchOptions) => createFetchOn(transport, fetchOptions),
    presign: async ({ url, query, expiresInSeconds, resolvedCredential }) => {
      const target = targetOf({ url, ...(query ? { query } : {}) }, resolvedCredential);
      assertBound(resolvedCredential, target);
      return s3Link(resolvedCredential, { url: target, expiresInSeconds, now: now() });
    },
    vet: async (host, port, { isTrusted } = { isTrusted: false }) => {
      try {
        return await vettedAddresses(bareHost(host), port, resolve, isTrusted ? null : allow);
      } catch (error) {
        throw explainFailure(error, { host, wasWritten: false, isIdempotent: true, totalMs: 0 });
      }
    },
    dialThrough: async (way, { host, port }) => {
      if (way.kind === 'proxy') return transport.open(way, { host: bareHost(host), port });
      throw new HoldfastError('step.config', { detail: 'This does not go over an agent. Nothing was sent.' });
    },
    queryByAgent: (query) => queryByAgent(transport.carry, query),
    close: transport.close,
  };
}

async function requestOnce(transport: Transport, call: EgressCall, now: () => number): Promise<EgressResponse> {
  const method = call.method.toUpperCase();
  if (!methods.has(method))
    throw new HoldfastError('step.config', { detail: say`"${call.method.slice(0, 20)}" is not a method we send.`, path: 'method' });
  const isIdempotent = call.isIdempotent ?? isIdempotentMethod(method);
  const startedAt = now();
  let credential = call.resolvedCredential;
  let arrival = await travelWith(transport, call, { method, isIdempotent, credential, now: now() });
  if (arrival.status === 401 && credential?.renew) {
    // Nothing was done: the token was taken back before its time, and another may be good.
    const renewed = await credential.renew();
    if (renewed) arrival = await travelWith(transport, call, { method, isIdempotent, credential: renewed, now: now() });
    credential = renewed ?? credential;
  }
  if (!(call.soap && isSoapFault(arrival))) refuseFailures(arrival, { isIdempotent, now: now(), credential });
  const cutter = cutterOf(credential ? secretsOf(credential) : []);
  return {
    status: arrival.status,
    headers: cutter.value(arrival.headers),
    ...(call.expect === 'bytes' && arrival.status < 300
      ? { body: null, bytes: cutter.bytes(arrival.body) }
      : { body: readBody(arrival, call, { credential, cutter }) }),
    durationMs: now() - startedAt,
  };
}

/** What a service repeats of our proof must stand in no run, where more people read than may know it; what a fault says is shown to all. */
function readBody(
  { status, body, headers }: Arrival,
  { soap }: EgressCall,
  { credential, cutter }: { credential: ResolvedCredential | undefined; cutter: SecretCutter },
): JsonValue {
  const read = parseBody(body, headers['content-type']);
  return soap && status >= 400 && typeof read === 'string' ? withoutSecrets(read, credential) : cutter.value(read);
}

interface Attempt {
  method: string;
  isIdempotent: boolean;
  credential: ResolvedCredential | undefined;
  now: number;
}

async function travelWith(transport: Transport, call: EgressCall, { method, isIdempotent, credential, now }: Attempt): Promise<Arrival> {
  const url = targetOf(call, credential);
  if (credential) {
    assertBound(credential, url);
    restoreToken(url, credential);
  }
  const body = bodyWithSecurity(call, credential, now);
  for (const [name, value] of Object.entries(credential ? credentialQuery(credential) : {})) url.searchParams.set(name, value);
  const content = body === undefined || method === 'GET' || method === 'HEAD' ? null : Buffer.from(body);
  const isSigned = signsCalls(credential);
  const proofs = isSigned ? await signatureOf(credential, { method, url, body: content, now }) : {};
  const arrival = travel(transport, {
    url,
    method,
    isIdempotent,
    headers: checkHeaders(call.headers ?? {}),
    secretHeaders: credential ? checkHeaders({ ...credentialHeaders(credential), ...proofs }) : {},
    body: content,
    isTrusted: (target) => credential !== undefined && isOfBase(credential, target) && isBoundTo(credential, target),
    way: wayOf(credential),
    // A password in the body must not travel on, and a signature is good for one address: a redirect is an answer then.
    limits: { ...callLimits(transport.limits, call), ...(isSoapUser(credential) || isSigned ? { redirects: 0 } : {}) },
    signal: call.signal,
    onWriting: call.onWriting,
  });
  return credential ? arrival.catch((error: unknown) => Promise.reject(errorWithout(error, secretsOf(credential)))) : arrival;
}

function targetOf(call: Pick<EgressCall, 'url' | 'query'>, credential: ResolvedCredential | undefined): URL {
  const url = parseTarget(call.url, credential?.apiUrl ?? credential?.baseUrl ?? undefined);
  for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.append(name, value);
  return url;
}

function callLimits(given: Limits, { timeoutMs, expect }: EgressCall): Limits {
  const limits = expect === 'bytes' ? { ...given, bodyBytes: fileBytes } : given;
  if (timeoutMs === undefined) return limits;
  return { ...limits, totalMs: timeoutMs, headersMs: timeoutMs, idleMs: Math.min(limits.idleMs, timeoutMs) };
}

/** 429 and 5xx are failures of the other side; what else it answers is for the flow to read. */
function refuseFailures(arrival: Arrival, { isIdempotent, now, credential }: Omit<Attempt, 'method'>): void {
  const { status, url } = arrival;
  if (status !== 429 && status < 500) return;
  const retryAfterMs = parseRetryAfter(arrival.headers['retry-after'], now);
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  const said = excerpt(arrival.body, credential);
  if (arrival.wasActedOn) {
    throw new HoldfastError('upstream.ambiguous', {
      detail: say`The request was answered with a redirect to ${url.host}, which answered ${status}; it may have been carried out${said}`,
      hint: 'Look there whether it happened before you send it again.',
    });
  }
  if (status === 429) {
    throw new HoldfastError('upstream.limited', {
      detail: say`${url.host} answered 429${retryAfterMs === undefined ? '' : say` and asks us to wait ${Math.ceil(retryAfterMs / 1_000)} s`}${said}`,
      ...wait,
    });
  }
  // 503 says that nothing was done; any other failure leaves that open, a gateway's too that gave up waiting.
  if (!isIdempotent && status !== 503) {
    const who = status === 502 || status === 504 ? say`A gateway in front of ${url.host}` : url.host;
    throw new HoldfastError('upstream.ambiguous', {
      detail: say`${who} answered ${status}; the request may have been carried out${said}`,
      hint: 'Look there whether it happened before you send it again.',
    });
  }
  throw new HoldfastError('upstream.broken', { detail: say`${url.host} answered ${status}${said}`, ...wait });
}

/** Some services repeat what they were sent, and what they say stands in runs, lists and logs. */
function excerpt(body: Buffer, credential: ResolvedCredential | undefined): string {
  const text = withoutSecrets(body.subarray(0, 20_000).toString(), credential)
    .slice(0, 600)
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .toWellFormed()
    .trim();
  return text === '' ? '.' : `: ${text.slice(0, 200)}`;
}
