import { findCredentialOfKind, loadSealedCredential, type Queryable } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import type { Secrets } from './secrets.ts';

/** A credential ready for one call. Keep it no longer than that, and out of logs and journals. */
export interface OpenCredential {
  kind: string;
  name: string;
  baseUrl: string | null;
  allowedHosts: string[];
  /** By kind: bearer `token`; basic `username`, `password`; header `name`, `value`; model providers `apiKey`. */
  secret: Record<string, string>;
}

/** Opens a credential of this workspace; another workspace's id is as unknown as a random one. Throws `credential.missing`. */
export async function openCredential(
  deps: { pool: Queryable; secrets: Secrets },
  workspaceId: string,
  id: string,
): Promise<OpenCredential> {
  const sealed = await loadSealedCredential(deps.pool, { workspaceId, id });
  if (!sealed)
    throw new HoldfastError('credential.missing', {
      detail: 'The credential that this step names does not exist any more.',
      hint: 'Open the step, choose a credential, and publish.',
    });
  const { secret, keyId, ...rest } = sealed;
  return { ...rest, secret: parseSecret(deps.secrets.open({ secret, keyId })) };
}

function parseSecret(text: string): Record<string, string> {
  const parsed: unknown = JSON.parse(text);
  return Object.fromEntries(Object.entries(parsed ?? {}).map(([key, value]) => [key, String(value)]));
}

/** A credential by id, or without one the workspace's oldest of this kind; null when there is none. For the model providers. */
export async function findOpenCredential(
  deps: { pool: Queryable; secrets: Secrets },
  workspaceId: string,
  kind: string,
  id?: string,
): Promise<OpenCredential | null> {
  const chosen = id ?? (await findCredentialOfKind(deps.pool, { workspaceId, kind }))?.id;
  return chosen === undefined ? null : await openCredential(deps, workspaceId, chosen);
}
