import { HoldfastError, say } from '@holdfast/errors';
import type { Agent } from 'undici';
import { openDeadline, type Deadline, type Signal } from './deadline.ts';
import { exchange, type Exchange } from './exchange.ts';
import { explainFailure, leftOpen } from './failure.ts';
import type { Limits } from './limits.ts';
import { parseTarget } from './target.ts';
import type { Transport } from './transport.ts';
import { acceptedEncodings, unpack } from './unpack.ts';
import { travelByAgent } from './way/carried.ts';
import { acceptsHost } from './way/host-list.ts';
import type { OpenWay } from './way/way.ts';

export interface Travel {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: Buffer | null;
  /** Sent to the first origin only: a redirect elsewhere drops them, with `authorization` and `cookie`. */
  secretHeaders: Record<string, string>;
  isIdempotent: boolean;
  isTrusted: (url: URL) => boolean;
  /** Straight to the target when left out. */
  way?: OpenWay | undefined;
  /** What may be reached at all, redirects included; everything when left out. */
  mayReach?: (url: URL) => boolean;
  limits: Limits;
  signal: Signal | undefined;
  onWriting?: (() => void) | undefined;
}
export interface Arrival extends Exchange {
  url: URL;
  /** A call that must not happen twice was answered with "see there": it was carried out, and this is what the look there came to. */
  wasActedOn: boolean;
}

const tellingHeaders = ['authorization', 'cookie', 'x-api-key'];

/** One attempt from the first byte to the last, redirects included, body unpacked. Throws HoldfastErrors only. */
export async function travel(transport: Transport, given: Travel): Promise<Arrival> {
  const deadline = openDeadline(given.limits.totalMs, given.signal);
  try {
    const { way } = given;
    assertOnWay(given, given.url);
    return await (way?.way.kind === 'agent'
      ? travelByAgent(transport.carry, { ...given, agent: way.way, hosts: way.hosts }, deadline)
      : followRedirects(transport, given, deadline));
  } finally {
    deadline.close();
  }
}

async function followRedirects(transport: Transport, given: Travel, deadline: Deadline): Promise<Arrival> {
  let leg: Leg = { url: given.url, method: given.method, body: given.body, headers: { ...given.headers, ...given.secretHeaders } };
  // A POST that was answered with "see there" was carried out, whatever happens to the look that follows.
  let wasActedOn = false;
  for (let hops = 0; ; hops += 1) {
    const answer = await goOnce(transport, given, { leg, deadline, wasActedOn });
    const location = answer.headers['location'];
    if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return { ...answer, url: leg.url, wasActedOn };
    if (!given.isIdempotent && dropsBody(leg, answer.status)) wasActedOn = true;
    try {
      leg = nextLeg(leg, answer.status, targetAfter({ hops, location, leg, given }), given);
    } catch (error) {
      throw wasActedOn && error instanceof HoldfastError ? leftOpen(error, given.url.host) : error;
    }
  }
}

/** Throws upstream.refused after too many redirects, and egress.blocked for what is no address of ours to call. */
function targetAfter({ hops, location, leg, given }: { hops: number; location: string; leg: Leg; given: Travel }): URL {
  if (hops === given.limits.redirects)
    throw new HoldfastError('upstream.refused', {
      detail:
        given.limits.redirects === 0
          ? say`${given.url.host} redirects to ${URL.parse(location, leg.url.href)?.host ?? 'somewhere else'}, and what this call carries must not travel on.`
          : say`${given.url.host} redirected more than ${given.limits.redirects} times.`,
      hint: 'Use the final address.',
    });
  const target = parseTarget(location, leg.url.href);
  assertOnWay(given, target);
  return target;
}

/** Through a proxy or an agent lies somebody's own network: only what the connection is bound to may be reached there. */
function assertOnWay({ way, mayReach = () => true }: Travel, url: URL): void {
  if (mayReach(url) && (!way || acceptsHost(way.hosts, url))) return;
  throw new HoldfastError('credential.host', {
    detail: say`This connection has a way of its own, and ${url.host} is not among the hosts that may be reached on it. Nothing was sent there.`,
    hint: 'An administrator can add it to the allowed hosts of the connection.',
  });
}

interface Leg {
  url: URL;
  method: string;
  body: Buffer | null;
  headers: Record<string, string>;
}

/** "See there" instead of "send it there": what follows is a look. */
const dropsBody = ({ method }: Leg, status: number): boolean =>
  (status === 303 && method !== 'HEAD') || ((status === 301 || status === 302) && method === 'POST');

function nextLeg(leg: Leg, status: number, url: URL, given: Travel): Leg {
  const isLook = dropsBody(leg, status);
  const dropped = new Set(isLook ? ['content-type', 'content-encoding'] : []);
  if (url.origin !== leg.url.origin) for (const name of [...tellingHeaders, ...Object.keys(given.secretHeaders)]) dropped.add(name);
  const headers = Object.fromEntries(Object.entries(leg.headers).filter(([name]) => !dropped.has(name)));
  return isLook ? { url, method: 'GET', body: null, headers } : { ...leg, url, headers };
}

function socketsFor(transport: Transport, { way, isTrusted }: Travel, url: URL): Agent {
  if (way?.way.kind === 'proxy') return transport.through(way.way);
  return isTrusted(url) ? transport.trusted : transport.guarded;
}

async function goOnce(
  transport: Transport,
  given: Travel,
  { leg, deadline, wasActedOn }: { leg: Leg; deadline: Deadline; wasActedOn: boolean },
): Promise<Exchange> {
  const { limits, isIdempotent } = given;
  let wasWritten = wasActedOn;
  try {
    const answer = await exchange({
      ...leg,
      limits,
      deadline,
      headers: { 'accept-encoding': acceptedEncodings, 'user-agent': 'Holdfast', ...leg.headers },
      agent: socketsFor(transport, given, leg.url),
      onWriting: () => {
        wasWritten = true;
        given.onWriting?.();
      },
    });
    return { ...answer, body: await unpack(answer.body, answer.headers['content-encoding'], limits.bodyBytes, leg.url.host) };
  } catch (error) {
    throw explainFailure(error, { host: leg.url.host, wasWritten, isIdempotent, totalMs: limits.totalMs });
  }
}
