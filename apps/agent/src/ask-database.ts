import { createDatabases, dialVetted } from '@holdfast/databases';
import { acceptsHost, systemResolve, type CarriedQuery, type HostList, type Outcome } from '@holdfast/egress';
import { asHoldfastError, HoldfastError, say } from '@holdfast/errors';

export interface DatabaseAsker {
  /** Asks once and says what came of it. Never throws. */
  ask: (query: CarriedQuery) => Promise<Outcome>;
  close: () => Promise<void>;
}

/** Statements as they were asked for, to the databases of the agent's own list alone, whatever it is asked for. */
export function createDatabaseAsker(own: HostList): DatabaseAsker {
  const dial = async (host: string, port: number) => {
    if (!acceptsHost(own, new URL(addressOf(host, port)))) throw notListed(own, `${host}:${port}`);
    return dialVetted(await systemResolve(host), port);
  };
  const databases = createDatabases({
    // Everything goes by `dialThrough`, which leads to the server that was named and nowhere else.
    vet: (host, port) => Promise.reject(notListed(own, `${host}:${port}`)),
    dialThrough: (_way, { host, port }) => dial(host, port),
    queryByAgent: () => Promise.reject(new HoldfastError('internal', { detail: 'An agent asks no other one.' })),
  });
  return {
    ask: async ({ url, credential: given, request, limits }) => {
      try {
        const { hostname, port } = new URL(url);
        if (!acceptsHost(own, new URL(url))) throw notListed(own, `${hostname}:${port}`);
        const settings = { ...given.settings, host: hostname.replaceAll(/[[\]]/g, ''), port };
        const credential = { ...given, settings, via: { kind: 'proxy' as const, url: 'agent:' } };
        const signal = AbortSignal.timeout(Math.max(1, Math.ceil(limits.totalMs)));
        const answer =
          request === null
            ? await databases.test({ credential, signal })
            : await databases.query({ workspaceId: '', credential, request, signal });
        return { state: 'asked', answer: JSON.parse(JSON.stringify(answer)) };
      } catch (thrown) {
        const { code, detail, hint } = asHoldfastError(thrown, 'internal');
        return { state: 'failed', code, detail: detail.slice(0, 1_500), ...(hint === undefined ? {} : { hint: hint.slice(0, 1_000) }) };
      }
    },
    close: databases.close,
  };
}

const addressOf = (host: string, port: number): string => `tcp://${host.includes(':') ? `[${host}]` : host.toLowerCase()}:${port}`;

const notListed = (own: HostList, where: string): HoldfastError =>
  new HoldfastError('credential.host', {
    detail: say`${where} is not on the agent's own list (${own.join(', ').slice(0, 500)}), so it asked nobody.`,
    hint: say`If ${where} is right, add it where the agent is started (--allow), and start it again.`,
  });
