import { request as httpRequest } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { HoldfastError, say, type Words } from '@holdfast/errors';
import { SocksClient } from 'socks';
import { buildConnector } from 'undici';
import { bareHost } from '../connect.ts';
import { whatWentWrong } from '../failure.ts';
import type { Limits } from '../limits.ts';
import type { Way } from './way.ts';

type ProxyWay = Extract<Way, { kind: 'proxy' }>;

interface Dialling {
  proxy: ProxyWay;
  /** How the proxy itself is dialled. */
  dial: buildConnector.connector;
  limits: Pick<Limits, 'connectMs'>;
}

/**
 * A connector whose sockets lead through a proxy to one target each; every byte of a request is written after the way is open, so what fails here
 * sent nothing. Names are looked up by the proxy: only it knows its network. Each leg has `connectMs`, and an error says which one failed.
 */
export function throughProxy({ proxy, dial, limits }: Dialling): buildConnector.connector {
  const tls = buildConnector({ timeout: limits.connectMs, allowH2: false });
  const at = new URL(proxy.url);
  return (options, callback) => {
    const isSecure = options.protocol === 'https:';
    const target = { host: bareHost(options.hostname), port: Number(options.port) || (isSecure ? 443 : 80) };
    const leg = { proxy: at.host, target: nameOf(target) };
    openWay({ proxy, at, dial, limits, target, leg }).then(
      (socket) => {
        if (!isSecure) return callback(null, socket);
        tls({ ...options, httpSocket: socket }, (...[error, secured]) => {
          if (error) callback(insecure(error, leg), null as never); // its type pairs an error with one argument only
          else callback(null, secured);
        });
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null as never), // as above
    );
  };
}

/** A socket through a proxy to a server that is not spoken to by HTTP. Errors as above; what the server says first is not lost. */
export async function openThroughProxy({ proxy, dial, limits, target }: Dialling & { target: Target }): Promise<Socket> {
  const at = new URL(proxy.url);
  const leg = { proxy: at.host, target: nameOf(target) };
  return openWay({ proxy, at, dial, limits, target, leg }).catch((error: unknown) => {
    throw error instanceof HoldfastError ? error : unreachable(say`The proxy ${leg.proxy} could not be used`, leg, error);
  });
}

export interface Target {
  host: string;
  port: number;
}
interface Leg {
  /** Names for people: of the proxy, and of what is behind it. */
  proxy: string;
  target: string;
}
interface Opening {
  proxy: ProxyWay;
  at: URL;
  dial: buildConnector.connector;
  limits: Pick<Limits, 'connectMs'>;
  target: Target;
  leg: Leg;
}

const nameOf = ({ host, port }: Target): string => `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
const isSocks = ({ protocol }: URL): boolean => protocol === 'socks5:';

async function openWay(opening: Opening): Promise<Socket> {
  const { at, dial, leg } = opening;
  const socket = await dialProxy(at, dial).catch((error: unknown) => {
    throw unreachable(say`The proxy ${leg.proxy} could not be reached: ${whatWentWrong(error)}`, leg, error);
  });
  return isSocks(at) ? askSocks(opening, socket) : askTunnel(opening, socket);
}

const dialProxy = (at: URL, dial: buildConnector.connector): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const protocol = at.protocol === 'https:' ? 'https:' : 'http:';
    const port = at.port === '' ? (isSocks(at) ? '1080' : protocol === 'https:' ? '443' : '80') : at.port;
    dial({ hostname: at.hostname, host: at.host, protocol, port }, (error, socket) => (error ? reject(error) : resolve(socket)));
  });

/** SOCKS 5; the library's words are few, and its answers are told apart by them. */
async function askSocks({ proxy, at, limits, target, leg }: Opening, socket: Socket): Promise<Socket> {
  try {
    const opening = SocksClient.createConnection({
      command: 'connect',
      proxy: { host: bareHost(at.hostname), port: Number(at.port || 1080), type: 5, ...loginOf(proxy) },
      destination: target,
      existing_socket: socket,
      timeout: limits.connectMs,
    });
    return await withFirstWords((await opening).socket);
  } catch (error) {
    socket.destroy();
    // Not kept as the cause: the library's errors carry the password.
    throw socksFailure(error instanceof Error ? error.message : '', leg);
  }
}

/**
 * Servers of mail speak first, perhaps in the same packet as the proxy. The library hands that out in the next round, to nobody; here it waits for whoever reads.
 * Also leaves the socket as a new one is: `resume` and `pipe` start it.
 */
const withFirstWords = (socket: Socket): Promise<Socket> =>
  new Promise((resolve) => {
    const early: Buffer[] = [];
    const keep = (chunk: Buffer): void => void early.push(chunk);
    socket.on('data', keep);
    // After the library's own, which was set before it told us.
    setImmediate(() => {
      socket.off('data', keep).pause();
      Reflect.set(socket, 'readableFlowing', null); // as Node does with a socket that an upgrade hands out
      if (early.length > 0) socket.unshift(Buffer.concat(early));
      resolve(socket);
    });
  });

const loginOf = ({ username, password }: ProxyWay) => (username ? { userId: username, password: password ?? '' } : {});

function socksFailure(said: string, leg: Leg): HoldfastError {
  if (/authentication/i.test(said)) return notLetIn(leg);
  const reply = /rejected connection - (\w+)/.exec(said)?.[1];
  if (reply === 'NotAllowed') return notLetThrough(leg);
  if (reply !== undefined) return behindUnreachable(leg, socksReplies[reply] ?? 'it says no more');
  if (said.includes('timed out')) return tooLate(leg);
  if (/closed|ECONNRESET|EPIPE/.test(said)) return cutOff(leg);
  return unreachable(say`${leg.proxy} does not answer like a SOCKS 5 proxy`, leg);
}

const socksReplies: Readonly<Record<string, string>> = {
  Failure: 'it says no more',
  NetworkUnreachable: 'there is no way to that network',
  HostUnreachable: 'it knows no way to that machine, or not its name',
  ConnectionRefused: 'nothing is listening there',
  TTLExpired: 'the way was too long',
  CommandNotSupported: 'it opens no connections for others',
  AddressNotSupported: 'it does not take that kind of address',
};

/** HTTP's CONNECT, for http targets as well: what came of a call is then known as exactly as without a proxy. */
function askTunnel({ proxy, limits, target, leg }: Opening, socket: Socket): Promise<Socket> {
  const login = proxy.username ? `Basic ${Buffer.from(`${proxy.username}:${proxy.password ?? ''}`).toString('base64')}` : undefined;
  return new Promise((resolve, reject) => {
    const asking = httpRequest({
      createConnection: () => socket,
      method: 'CONNECT',
      path: nameOf(target),
      headers: { host: nameOf(target), ...(login === undefined ? {} : { 'proxy-authorization': login }) },
    });
    const fail = (error: HoldfastError): void => {
      clearTimeout(late);
      socket.destroy();
      reject(error);
    };
    const late = setTimeout(() => fail(tooLate(leg)), limits.connectMs);
    asking.on('error', (error) => fail(tunnelFailure(error, leg)));
    asking.on('connect', ({ statusCode = 0 }, open, head) => {
      clearTimeout(late);
      if (statusCode < 200 || statusCode > 299) return fail(tunnelRefusal(statusCode, leg));
      if (head.length > 0) open.unshift(head);
      resolve(socket);
    });
    asking.end();
  });
}

function tunnelFailure(error: Error, leg: Leg): HoldfastError {
  const code = 'code' in error ? String(error.code) : '';
  return code.startsWith('HPE_') ? unreachable(say`${leg.proxy} does not answer like an HTTP proxy`, leg) : cutOff(leg);
}

function tunnelRefusal(status: number, leg: Leg): HoldfastError {
  if (status === 407) return notLetIn(leg, ' (407)');
  if (status >= 500) return behindUnreachable(leg, say`it answered ${status}`);
  return notLetThrough(leg, ` (${status})`);
}

const unreachable = (what: Words, leg: Leg, cause?: unknown): HoldfastError =>
  new HoldfastError('upstream.unreachable', {
    detail: say`${what}. Nothing was sent to ${leg.target}.`,
    hint: 'Check that the proxy is running, and the way in the connection.',
    ...(cause === undefined ? {} : { cause }),
  });

const cutOff = (leg: Leg): HoldfastError =>
  unreachable(say`The proxy ${leg.proxy} cut the connection before the way to ${leg.target} was open`, leg);

const tooLate = (leg: Leg): HoldfastError => unreachable(say`The proxy ${leg.proxy} did not open the way to ${leg.target} in time`, leg);

const behindUnreachable = (leg: Leg, why: Words): HoldfastError =>
  new HoldfastError('upstream.unreachable', {
    detail: say`The proxy ${leg.proxy} was reached, but could not reach ${leg.target} behind it: ${why}. Nothing was sent there.`,
    hint: 'Check the address, and that the service is running. The proxy must know its name.',
  });

const notLetIn = (leg: Leg, status = ''): HoldfastError =>
  new HoldfastError('credential.attention', {
    detail: say`The proxy ${leg.proxy} did not accept our user name and password${status}. Nothing was sent to ${leg.target}.`,
    hint: 'Open the connection and enter the user name and password of the proxy again.',
  });

const notLetThrough = (leg: Leg, status = ''): HoldfastError =>
  new HoldfastError('upstream.refused', {
    detail: say`The proxy ${leg.proxy} does not let us through to ${leg.target}${status}. Nothing was sent there.`,
    hint: 'Ask whoever runs the proxy to allow it, or check the way in the connection.',
  });

const insecure = (cause: unknown, leg: Leg): HoldfastError =>
  new HoldfastError('upstream.unreachable', {
    detail: say`${leg.target} was reached through the proxy ${leg.proxy}, but no secure connection came about: ${whatWentWrong(cause)}. Nothing was sent there.`,
    hint: 'Check its certificate. One that your own network signed needs NODE_EXTRA_CA_CERTS.',
    cause,
  });
