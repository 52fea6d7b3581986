import { Agent } from 'undici';
import type { AllowList } from './allow-list.ts';
import { createConnector, type Resolve } from './connect.ts';
import type { Limits } from './limits.ts';

/** Two sets of sockets that never mix: a socket dialled for an administrator's own address must not carry a flow's call. */
export interface Transport {
  guarded: Agent;
  trusted: Agent;
  limits: Limits;
  close: () => Promise<void>;
}

export function createTransport(allow: AllowList, resolve: Resolve, limits: Limits): Transport {
  const agent = (policy: AllowList | null) =>
    new Agent({
      connect: createConnector({ resolve, limits, allow: policy }),
      allowH2: false,
      maxHeaderSize: limits.headerBytes,
      // Shorter than the idle time of common servers (5 s and more): a socket that the other side has just closed makes a send ambiguous.
      keepAliveTimeout: 3_000,
      keepAliveMaxTimeout: 3_000,
      connections: 64,
    });
  const guarded = agent(allow);
  const trusted = agent(null);
  return {
    guarded,
    trusted,
    limits,
    close: async () => {
      await Promise.all([guarded.destroy(), trusted.destroy()]);
    },
  };
}
