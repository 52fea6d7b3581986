import { loadSealedCredential } from '@holdfast/db';
import type { ServerDeps } from '../deps.ts';

const hoursOf: Readonly<Record<string, number>> = { '1h': 1, '24h': 24, '7d': 168 };

/**
 * A new secret as it is stored. With a signing key goes the one that it replaces, for as long as it was asked for: callers can't change theirs at the
 * same moment.
 */
export async function withOldKey(
  { pool, secrets, now }: Pick<ServerDeps, 'pool' | 'secrets' | 'now'>,
  credential: { workspaceId: string; id: string; kind: string },
  secret: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  if (credential.kind !== 'signing') return secret;
  const { keepOld, ...fresh } = secret;
  const hours = hoursOf[String(keepOld)] ?? 0;
  const sealed = hours > 0 ? await loadSealedCredential(pool, credential) : null;
  if (!sealed) return fresh;
  const old: unknown = JSON.parse(secrets.open(sealed));
  if (typeof old !== 'object' || old === null || !('signingKey' in old)) return fresh;
  return { ...fresh, previousKey: old.signingKey, previousUntil: new Date(now().getTime() + hours * 3_600_000).toISOString() };
}
