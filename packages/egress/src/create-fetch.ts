import { parseAllowList } from './allow-list.ts';
import { systemResolve } from './connect.ts';
import { cutterOf } from './cut-secrets.ts';
import type { Signal } from './deadline.ts';
import type { EgressOptions } from './egress-options.ts';
import { defaultLimits } from './limits.ts';
import { isIdempotentMethod } from './methods.ts';
import { parseTarget } from './target.ts';
import { createTransport, type Transport } from './transport.ts';
import { travel } from './travel.ts';
import type { OpenWay } from './way/way.ts';

export interface FetchOptions {
  /** An administrator's own setting: its origin may be private. Everything else obeys the flow's rules. */
  trustedBaseUrl?: string;
  /** Of one whole call; 30 s when left out. */
  timeoutMs?: number;
  /** 2 MB when left out. */
  maxBytes?: number;
  /** How many are followed; 5 when left out. 0 where a body must not travel on. */
  redirects?: number;
  /** What proves who we are to whoever is asked; cut out of the answer where that repeats it. */
  secrets?: readonly string[];
  /** The way of a connection, when it has one; then nothing else is reached. */
  way?: OpenWay | undefined;
}
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** A `fetch` with sockets of its own. Where an egress exists already, its `fetchFor` shares them. */
export function createFetch(options: EgressOptions & FetchOptions = {}): Fetch {
  const limits = { ...defaultLimits, ...options.limits };
  const allow = parseAllowList(options.allow ?? '');
  return createFetchOn(createTransport({ allow, resolve: options.resolve ?? systemResolve, limits }), options);
}

// What the answer's body no longer is after unpacking, and what only concerned the connection.
const staleHeaders = ['content-encoding', 'content-length', 'transfer-encoding', 'connection', 'keep-alive'];
// The connection sets these itself; an SDK that names them means nothing by it.
const connectionHeaders = ['host', 'content-length', 'connection', 'transfer-encoding', 'keep-alive', 'expect'];

export function createFetchOn(transport: Transport, given: FetchOptions): Fetch {
  const { trustedBaseUrl, timeoutMs, maxBytes, redirects, secrets = [], way } = given;
  const trustedOrigin = trustedBaseUrl === undefined ? null : new URL(trustedBaseUrl).origin;
  const base = transport.limits;
  const total = timeoutMs ?? base.totalMs;
  const limits = {
    ...base,
    totalMs: total,
    headersMs: Math.max(base.headersMs, total),
    idleMs: Math.max(base.idleMs, total),
    bodyBytes: maxBytes ?? base.bodyBytes,
    redirects: redirects ?? base.redirects,
  };
  const cutter = cutterOf(secrets);
  return async (input, init) => {
    // Request does the reading of every body an SDK may pass: text, forms with files, streams.
    // The signal is watched by the exchange itself: Request would hang one more listener on it with every call.
    const request = new Request(input, { ...init, signal: null });
    const body = Buffer.from(await request.arrayBuffer());
    const arrival = await travel(transport, {
      url: parseTarget(request.url),
      method: request.method,
      headers: Object.fromEntries([...request.headers].filter(([name]) => !connectionHeaders.includes(name))),
      secretHeaders: {},
      body: body.length === 0 ? null : body,
      isIdempotent: isIdempotentMethod(request.method),
      isTrusted: (url) => url.origin === trustedOrigin,
      way,
      limits,
      signal: signalOf(init),
    });
    const kept = Object.entries(arrival.headers).filter(([name]) => !staleHeaders.includes(name));
    const headers = kept.map(([name, value]): [string, string] => [name, cutter.bytes(Buffer.from(value, 'latin1')).toString('latin1')]);
    const isEmpty = [204, 205, 304].includes(arrival.status);
    return new Response(isEmpty ? null : new Uint8Array(cutter.bytes(arrival.body)), { status: arrival.status, headers });
  };
}

const signalOf = (init: RequestInit | undefined): Signal | undefined => init?.signal ?? undefined;
