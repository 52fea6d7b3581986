import { nameOfWay, type ResolvedCredential } from '@holdfast/egress';
import type { EgressRequest } from '@holdfast/node-kit';

/** An account on a service: what limits, breaker, pause and queue belong to. */
export interface Provider {
  workspaceId: string;
  /** `<kind>:<account>`: `http:api.example.com`, `shopify:acme.myshopify.com`; a host that is reached by a way of its own has it behind an `@`. */
  key: string;
  kind: string;
  /** The account, as people know it. */
  name: string;
}

export function providerNamed(workspaceId: string, key: string): Provider {
  const at = key.indexOf(':');
  const [kind, account] = at < 0 ? [key, key] : [key.slice(0, at), key.slice(at + 1)];
  return { workspaceId, key, kind, name: kindsOfHosts.has(kind) ? shown(account) : account };
}

/** People know an agent by its name, which is put in where they read. */
function shown(account: string): string {
  const [host = account, way] = account.split('@');
  return way === undefined || way.startsWith('agent_') ? host : `${host} (${way})`;
}

/** `erp.internal` is another system in each network, and a way that is down says nothing of the others. An account that is named is the same by all ways. */
const kindsOfHosts: ReadonlySet<string> = new Set(['http', 'postgresql', 'oracle']);

/** The provider that the call or its credential names, else the host that it goes to. Null for an address that can't be read: egress refuses it with its reason. */
export function providerOf(
  workspaceId: string,
  request: Pick<EgressRequest, 'provider' | 'url'>,
  credential?: ResolvedCredential,
): Provider | null {
  const named = request.provider ?? credential?.provider;
  if (named) return providerNamed(workspaceId, named);
  const url = URL.parse(request.url, credential?.apiUrl ?? credential?.baseUrl ?? undefined);
  return url === null || url.host === '' ? null : providerNamed(workspaceId, `http:${url.host}${nameOfWay(credential?.via)}`);
}
