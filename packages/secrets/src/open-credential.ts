import { findCredentialOfKind, loadSealedCredential, type Queryable, type SealedCredential } from '@holdfast/db';
import type { Way } from '@holdfast/egress';
import { HoldfastError } from '@holdfast/errors';
import type { Secrets } from './secrets.ts';

/** A credential ready for one call. Keep it no longer than that, and out of logs and journals. */
export interface OpenCredential {
  kind: string;
  name: string;
  baseUrl: string | null;
  /** Where calls with a path alone go, if not to the base URL. */
  apiUrl?: string | null;
  /** What its limits and pauses belong to. */
  provider?: string;
  /** What is shown of it. */
  settings?: Readonly<Record<string, string>>;
  allowedHosts: string[];
  /** How its calls leave the house; null: straight to their target. */
  via: Way | null;
  /** As the contract's definition of its kind names it; kinds with access tokens: `token`. */
  secret: Record<string, string>;
  /** Another access token, once the provider did not accept this one. Null when there is nothing better. */
  renew?: () => Promise<OpenCredential | null>;
}

/** The row of a credential of this workspace; another workspace's id is as unknown as a random one. Throws `credential.missing`. */
export async function loadKnownCredential(pool: Queryable, workspaceId: string, id: string): Promise<SealedCredential> {
  const sealed = await loadSealedCredential(pool, { workspaceId, id });
  if (!sealed)
    throw new HoldfastError('credential.missing', {
      detail: 'The connection that this step names does not exist any more.',
      hint: 'Open the step, choose a connection, and publish.',
    });
  return sealed;
}

export function openSecret(secrets: Secrets, { secret, keyId }: { secret: Buffer; keyId: string }): Record<string, string> {
  const parsed: unknown = JSON.parse(secrets.open({ secret, keyId }));
  return Object.fromEntries(Object.entries(parsed ?? {}).map(([key, value]) => [key, String(value)]));
}

/** The way of a stored credential, with the proxy's password. */
export function openWay(secrets: Secrets, known: SealedCredential): Way | null {
  const { viaProxy, viaSecret, viaKeyId, viaAgentId, workspaceId } = known;
  if (viaAgentId !== null) return { kind: 'agent', id: viaAgentId, workspaceId };
  if (viaProxy === null) return null;
  return { ...viaProxy, password: viaSecret && viaKeyId !== null ? secrets.open({ secret: viaSecret, keyId: viaKeyId }) : null };
}

/** A credential by id, or without one the workspace's oldest of this kind; null when there is none. For the model providers. */
export async function findOpenCredential(
  deps: { pool: Queryable; secrets: Secrets },
  workspaceId: string,
  kind: string,
  id?: string,
): Promise<OpenCredential | null> {
  const chosen = id ?? (await findCredentialOfKind(deps.pool, { workspaceId, kind }))?.id;
  if (chosen === undefined) return null;
  const sealed = await loadKnownCredential(deps.pool, workspaceId, chosen);
  const { kind: own, name, baseUrl, allowedHosts } = sealed;
  const [via, secret] = [openWay(deps.secrets, sealed), openSecret(deps.secrets, sealed)];
  return { kind: own, name, baseUrl, allowedHosts, provider: `${own}:${chosen}`, via, secret };
}
