import type { Socket } from 'node:net';
import { Agent, type buildConnector } from 'undici';
import type { AllowList } from './allow-list.ts';
import { createConnector, type Resolve } from './connect.ts';
import type { Limits } from './limits.ts';
import type { Carry } from './way/carried.ts';
import { openThroughProxy, throughProxy, type Target } from './way/dial-through-proxy.ts';
import type { Way } from './way/way.ts';

/** Two sets of sockets that never mix: a socket dialled for an administrator's own address must not carry a flow's call. */
export interface Transport {
  guarded: Agent;
  trusted: Agent;
  /** Sockets that lead through one proxy, as one user of it. */
  through: (proxy: ProxyWay) => Agent;
  /** One socket for what is not HTTP. */
  open: (proxy: ProxyWay, target: Target) => Promise<Socket>;
  /** Null where no agents are known. */
  carry: Carry | null;
  limits: Limits;
  close: () => Promise<void>;
}

type ProxyWay = Extract<Way, { kind: 'proxy' }>;

/** Proxies whose sockets are kept; the one that was not used for longest is let go. */
const mostProxies = 32;

interface Given {
  allow: AllowList;
  resolve: Resolve;
  limits: Limits;
  carry?: Carry | undefined;
}

export function createTransport({ allow, resolve, limits, carry }: Given): Transport {
  const agent = (connect: buildConnector.connector) =>
    new Agent({
      connect,
      allowH2: false,
      maxHeaderSize: limits.headerBytes,
      // Shorter than the idle time of common servers (5 s and more): a socket that the other side has just closed makes a send ambiguous.
      keepAliveTimeout: 3_000,
      keepAliveMaxTimeout: 3_000,
      connections: 64,
    });
  const dial = createConnector({ resolve, limits, allow: null });
  const guarded = agent(createConnector({ resolve, limits, allow }));
  const trusted = agent(dial);
  const proxies = new Map<string, Agent>();
  const through = (proxy: ProxyWay): Agent => {
    const key = JSON.stringify([proxy.url, proxy.username, proxy.password]);
    const known = proxies.get(key) ?? agent(throughProxy({ proxy, dial, limits }));
    proxies.delete(key);
    proxies.set(key, known);
    const [oldest] = proxies.size > mostProxies ? proxies : [];
    if (oldest) {
      proxies.delete(oldest[0]);
      void oldest[1].close();
    }
    return known;
  };
  return {
    guarded,
    trusted,
    through,
    open: (proxy, target) => openThroughProxy({ proxy, dial, limits, target }),
    carry: carry ?? null,
    limits,
    close: async () => {
      await Promise.all([guarded, trusted, ...proxies.values()].map((each) => each.destroy()));
    },
  };
}
