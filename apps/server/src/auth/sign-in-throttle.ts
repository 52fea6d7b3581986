import { createHash } from 'node:crypto';
import { countSignInTry, forgetSignInTries, type Pool } from '@holdfast/db';
import { HoldfastError, say } from '@holdfast/errors';

// Hashed, so that what people type by mistake into the address field (passwords, often) isn't stored.
const accountKey = (account: string) => createHash('sha256').update(account.trim().toLowerCase().normalize('NFC')).digest('hex');

/** Counts per account, whatever address or header the call has; unknown accounts are counted alike. Throws `auth.too-many-tries`. */
export async function admitTry(pool: Pool, account: string): Promise<void> {
  const { isAllowed, opensInMs } = await countSignInTry(pool, accountKey(account));
  if (isAllowed) return;
  throw new HoldfastError('auth.too-many-tries', {
    detail: 'There were 10 tries for this account in 15 minutes.',
    hint: say`Wait ${Math.max(1, Math.ceil(opensInMs / 60_000))} min and try again.`,
    retryAfterMs: opensInMs,
  });
}

export const forgetTries = (pool: Pool, account: string): Promise<void> => forgetSignInTries(pool, accountKey(account));
