import { connect, createServer, isIP, type Socket } from 'node:net';
import { closed, listen } from '../listen.ts';
import { createRandom } from '../telegram/random.ts';

/** How a connection through a proxy goes wrong, from the first moment to the last. */
export type ProxyFault =
  /** Cut before a word was said. */
  | 'down'
  /** Takes what it is asked and never answers. */
  | 'hang'
  /** Says that it lets nobody through to there. */
  | 'refuse'
  /** Says that the target can't be reached. */
  | 'unreachable'
  /** Cut after it was asked for the way, without an answer. */
  | 'cut-opening'
  /** The way is open; cut at the caller's first byte, of which the target sees nothing. */
  | 'cut-before'
  /** The target has it all; cut at the first byte of its answer. */
  | 'cut-after';

export interface ProxyOptions {
  port?: number;
  /** Asked of everybody; nobody is asked when left out. */
  login?: { username: string; password: string };
  /** What only the proxy's network knows: `erp.internal` or `erp.internal:8080`, and the `host:port` (or host) that it is. Other names are unknown to it. */
  names?: Record<string, string>;
  /** A share of all connections goes wrong, in ways drawn from the seed. */
  trouble?: { share: number; seed: number; kinds?: readonly ProxyFault[] };
}

/** What somebody wanted of the proxy. */
export interface ProxyAsked {
  /** As it was asked for: a name stays a name. */
  host: string;
  port: number;
  username: string | null;
  fault: ProxyFault | null;
}

export interface FakeProxy {
  /** Where it listens, with its scheme. */
  url: string;
  port: number;
  /** Every way that was asked for by somebody who may. */
  readonly asked: readonly ProxyAsked[];
  /** How many came without the right password. */
  readonly turnedAway: number;
  /** Goes wrong in this way for every connection from now on; null ends that. */
  misbehave: (fault: ProxyFault | null) => void;
  close: () => Promise<void>;
}

/** What both kinds of proxy do at a connection. */
export interface Desk {
  options: ProxyOptions;
  isKnown: (username: string, password: string) => boolean;
  turnAway: () => void;
  /** Notes what was asked, and says how it shall go wrong. */
  note: (asked: Omit<ProxyAsked, 'fault'>, fault: ProxyFault | null) => void;
}

const troubles: readonly ProxyFault[] = ['down', 'refuse', 'unreachable', 'cut-opening', 'cut-before', 'cut-after'];

/** A proxy on a real socket; `serve` speaks its protocol with one caller. */
export async function startProxy(
  scheme: string,
  options: ProxyOptions,
  serve: (near: Socket, desk: Desk, fault: ProxyFault | null) => void,
): Promise<FakeProxy> {
  const sockets = new Set<Socket>();
  const asked: ProxyAsked[] = [];
  const random = createRandom(options.trouble?.seed ?? 1);
  let told: ProxyFault | null = null;
  let turnedAway = 0;
  const draw = (): ProxyFault | null => {
    const { share = 0, kinds = troubles } = options.trouble ?? {};
    if (told !== null || random() >= share) return told;
    return kinds[Math.floor(random() * kinds.length)] ?? null;
  };
  const desk: Desk = {
    options,
    isKnown: (username, password) => username === options.login?.username && password === options.login.password,
    turnAway: () => {
      turnedAway += 1;
    },
    note: (what, fault) => void asked.push({ ...what, fault }),
  };
  const server = createServer((near) => {
    sockets.add(near);
    near.on('error', () => near.destroy());
    near.on('close', () => sockets.delete(near));
    const fault = draw();
    if (fault === 'down') near.destroy();
    else serve(near, desk, fault);
  });
  const port = await listen(server, '127.0.0.1', options.port ?? 0);
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    asked,
    get turnedAway() {
      return turnedAway;
    },
    misbehave: (fault) => {
      told = fault;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await closed(server);
    },
  };
}

/** Where a target is as the proxy's own network sees it; null when it knows no such name. */
function addressOf(names: Record<string, string>, host: string, port: number): { host: string; port: number } | null {
  const known = names[`${host}:${port}`] ?? names[host];
  if (known === undefined) return isIP(host) === 0 ? null : { host, port };
  const [to = '', toPort] = known.split(':');
  return { host: to, port: toPort === undefined ? port : Number(toPort) };
}

interface Opening {
  near: Socket;
  names: Record<string, string>;
  host: string;
  port: number;
  fault: ProxyFault | null;
  /** Tells the caller that the way is open, or why not. */
  say: (outcome: 'open' | 'unknown' | 'refused-by-target') => void;
}

/** Opens the way to the target and passes everything on, as far as the fault lets it. */
export function openWay({ near, names, host, port, fault, say }: Opening): void {
  const address = addressOf(names, host, port);
  if (!address) return say('unknown');
  const far = connect(address.port, address.host);
  far.once('error', () => say('refused-by-target'));
  far.once('connect', () => {
    far.removeAllListeners('error').on('error', () => near.destroy());
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    say('open');
    const cut = (): void => {
      near.destroy();
      far.destroy();
    };
    if (fault === 'cut-before') near.once('data', cut).resume();
    else near.pipe(far);
    if (fault === 'cut-after') far.once('data', cut);
    else far.pipe(near);
  });
}
