import { loadSealedCredential } from '@holdfast/db';
import { z } from 'zod';
import type { ServerDeps } from '../deps.ts';

const hoursOf: Readonly<Record<string, number>> = { '1h': 1, '24h': 24, '7d': 168 };

/**
 * A new secret as it is stored. With a signing key goes the one that it replaces, for as long as it was asked for: callers can't change theirs at the
 * same moment. A shop's app goes on signing with its old secret for an hour.
 */
export async function withOldKey(
  deps: Pick<ServerDeps, 'pool' | 'secrets' | 'now'>,
  credential: { workspaceId: string; id: string; kind: string },
  secret: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const { keepOld, ...fresh } = secret;
  if (credential.kind === 'shopify') return withOldSecret(deps, credential, secret);
  if (credential.kind !== 'signing') return secret;
  const hours = hoursOf[String(keepOld)] ?? 0;
  const old = hours > 0 ? await stored(deps, credential) : null;
  return old?.['signingKey'] === undefined ? fresh : { ...fresh, previousKey: old['signingKey'], previousUntil: inHours(deps, hours) };
}

async function withOldSecret(
  deps: Pick<ServerDeps, 'pool' | 'secrets' | 'now'>,
  credential: { workspaceId: string; id: string },
  secret: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const old = (await stored(deps, credential))?.['clientSecret'];
  const isOther = old !== undefined && secret['clientSecret'] !== undefined && old !== secret['clientSecret'];
  return isOther ? { ...secret, previousSecret: old, previousUntil: inHours(deps, 1) } : secret;
}

const inHours = ({ now }: Pick<ServerDeps, 'now'>, hours: number): string => new Date(now().getTime() + hours * 3_600_000).toISOString();

const texts = z.record(z.string(), z.string());

async function stored(
  { pool, secrets }: Pick<ServerDeps, 'pool' | 'secrets'>,
  credential: { workspaceId: string; id: string },
): Promise<Record<string, string> | null> {
  const sealed = await loadSealedCredential(pool, credential);
  return sealed && (texts.safeParse(JSON.parse(secrets.open(sealed))).data ?? null);
}
