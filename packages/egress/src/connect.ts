import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { HoldfastError, say } from '@holdfast/errors';
import { buildConnector } from 'undici';
import { refusalOf } from './address.ts';
import type { AllowList } from './allow-list.ts';
import type { Limits } from './limits.ts';

/** Every address of a name, as the machine's own resolver sees it (container names included). */
export type Resolve = (host: string) => Promise<string[]>;
export const systemResolve: Resolve = async (host) => (await lookup(host, { all: true, verbatim: true })).map((found) => found.address);

export interface ConnectOptions {
  resolve: Resolve;
  limits: Pick<Limits, 'connectMs'>;
  /** Null dials whatever the name says: for base URLs that an administrator set. */
  allow: AllowList | null;
}

/** A connector that looks the name up once, vets every address it got, and dials exactly those: nothing can change in between. */
export function createConnector({ resolve, limits, allow }: ConnectOptions): buildConnector.connector {
  return (options, callback) => {
    const host = bareHost(options.hostname);
    const port = Number(options.port) || (options.protocol === 'https:' ? 443 : 80);
    vettedAddresses(host, port, resolve, allow).then(
      (addresses) => {
        const connect = buildConnector({
          timeout: limits.connectMs,
          allowH2: false,
          autoSelectFamily: true,
          // tcp and tls options take a resolver of node's dns.lookup shape; ours answers what was vetted.
          lookup: (_host: string, wanted: { all?: boolean }, answer: LookupAnswer) => {
            const found = addresses.map((address) => ({ address, family: isIP(address) }));
            if (wanted.all) answer(null, found);
            else answer(null, found[0]?.address ?? '', found[0]?.family ?? 0);
          },
        } as buildConnector.BuildOptions); // its type is a union whose members each demand a port that undici fills in
        connect(options, callback);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null as never), // its type pairs an error with one argument only
    );
  };
}

type LookupAnswer = (error: Error | null, address: string | { address: string; family: number }[], family?: number) => void;

/** The addresses that may be dialled for this target; one bad address among them refuses the name as a whole. */
export async function vettedAddresses(host: string, port: number, resolve: Resolve, allow: AllowList | null): Promise<string[]> {
  const addresses = isIP(host) === 0 ? await resolve(host) : [host];
  if (addresses.length === 0) throw new HoldfastError('upstream.unreachable', { detail: say`${host} has no address.` });
  if (allow === null || allow.allowsTarget(isIP(host) === 6 ? `[${host}]` : host, port)) return addresses;
  for (const address of addresses) {
    const refusal = refusalOf(address);
    if (refusal !== null && !allow.allowsAddress(address)) throw blocked(host, port, address, refusal);
  }
  return addresses;
}

function blocked(host: string, port: number, address: string, refusal: string): HoldfastError {
  const what = host === address ? host : `${host} (${address})`;
  return new HoldfastError('egress.blocked', {
    detail: say`${what} ${refusal}. Flows reach public addresses only, so nothing was sent there.`,
    hint: say`If this is meant, an administrator can add ${host.includes(':') ? `[${host}]` : host}:${port} to HOLDFAST_EGRESS_ALLOW.`,
  });
}

export const bareHost = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');
