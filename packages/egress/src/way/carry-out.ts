import { asHoldfastError, say } from '@holdfast/errors';
import { parseAllowList } from '../allow-list.ts';
import { systemResolve } from '../connect.ts';
import { defaultLimits } from '../limits.ts';
import { createTransport } from '../transport.ts';
import { travel } from '../travel.ts';
import type { CarriedCall, Outcome } from './carried.ts';
import { acceptsHost, type HostList } from './host-list.ts';

export interface Carrier {
  /** Makes the call once and says what came of it. Never throws. */
  carryOut: (call: CarriedCall) => Promise<Outcome>;
  close: () => Promise<void>;
}

/** The agent's end: calls as they were asked for, to the hosts of its own list alone, whatever it is asked for. */
export function createCarrier(own: HostList): Carrier {
  const transport = createTransport({ allow: parseAllowList(''), resolve: systemResolve, limits: defaultLimits });
  return {
    carryOut: async (call) => {
      try {
        const refused = refusalOf(own, new URL(call.url));
        if (refused) return refused;
        const { url, body, status, headers, wasActedOn } = await travel(transport, {
          ...call,
          url: new URL(call.url),
          body: call.body === null ? null : Buffer.from(call.body, 'base64'),
          isTrusted: () => true,
          mayReach: (target) => acceptsHost(own, target) && acceptsHost(call.hosts, target),
          signal: undefined,
        });
        return { state: 'answered', status, headers, body: body.toString('base64'), url: url.href, wasActedOn };
      } catch (thrown) {
        const { code, detail, hint } = asHoldfastError(thrown, 'internal');
        return { state: 'failed', code, detail: detail.slice(0, 1_500), ...(hint === undefined ? {} : { hint: hint.slice(0, 1_000) }) };
      }
    },
    close: transport.close,
  };
}

function refusalOf(own: HostList, url: URL): Outcome | null {
  if (acceptsHost(own, url)) return null;
  return {
    state: 'failed',
    code: 'credential.host',
    detail: say`${url.host} is not on the agent's own list (${own.join(', ').slice(0, 500)}), so it called nobody.`.text,
    hint: say`If ${url.host} is right, add it where the agent is started (--allow), and start it again.`.text,
  };
}
