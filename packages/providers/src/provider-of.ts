import type { ResolvedCredential } from '@holdfast/egress';
import type { EgressRequest } from '@holdfast/node-kit';

/** An account on a service: what limits, breaker, pause and queue belong to. */
export interface Provider {
  workspaceId: string;
  /** `<kind>:<account>`: `http:api.example.com`, `shopify:acme.myshopify.com`. */
  key: string;
  kind: string;
  /** The account, as people know it. */
  name: string;
}

export function providerNamed(workspaceId: string, key: string): Provider {
  const at = key.indexOf(':');
  return { workspaceId, key, kind: at < 0 ? key : key.slice(0, at), name: at < 0 ? key : key.slice(at + 1) };
}

/** The provider that the call or its credential names, else the host that it goes to. Null for an address that can't be read: egress refuses it with its reason. */
export function providerOf(
  workspaceId: string,
  request: Pick<EgressRequest, 'provider' | 'url'>,
  credential?: ResolvedCredential,
): Provider | null {
  const named = request.provider ?? credential?.provider;
  if (named) return providerNamed(workspaceId, named);
  const url = URL.parse(request.url, credential?.apiUrl ?? credential?.baseUrl ?? undefined);
  return url === null || url.host === '' ? null : providerNamed(workspaceId, `http:${url.host}`);
}
