import { z } from 'zod';
import type { Sealed, Secrets } from './secrets.ts';

/** What was got with a credential. Times are milliseconds since 1970; null where the provider named no end. */
export interface Tokens {
  access: string;
  /** Good once where the provider rotates it. */
  refresh: string | null;
  obtainedAt: number;
  /** From here on a new one is got; the old one is good until `expiresAt`. */
  renewAt: number | null;
  expiresAt: number | null;
}

const stored = z.object({
  access: z.string(),
  refresh: z.string().nullable(),
  obtainedAt: z.number(),
  renewAt: z.number().nullable(),
  expiresAt: z.number().nullable(),
});

export const sealTokens = (secrets: Secrets, tokens: Tokens): Sealed => secrets.seal(JSON.stringify(tokens));

export function openTokens(secrets: Secrets, sealed: { tokens: Buffer | null; tokensKeyId: string | null }): Tokens | null {
  if (sealed.tokens === null || sealed.tokensKeyId === null) return null;
  return stored.parse(JSON.parse(secrets.open({ secret: sealed.tokens, keyId: sealed.tokensKeyId })));
}

/** A fifth of its life before the end, at most five minutes: time enough to try again when the provider has a bad moment. */
export function tokensFrom(answer: { access: string; refresh: string | null; lifeMs: number | null }, now: number): Tokens {
  const { access, refresh, lifeMs } = answer;
  const ends =
    lifeMs === null
      ? { renewAt: null, expiresAt: null }
      : { renewAt: now + lifeMs - Math.min(300_000, lifeMs / 5), expiresAt: now + lifeMs };
  return { access, refresh, obtainedAt: now, ...ends };
}

export const isFresh = ({ renewAt }: Tokens, now: number): boolean => renewAt === null || now < renewAt;
export const isGood = ({ expiresAt }: Tokens, now: number): boolean => expiresAt === null || now < expiresAt;
