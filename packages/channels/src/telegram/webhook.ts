import { createHash, timingSafeEqual } from 'node:crypto';
import { HoldfastError } from '@holdfast/errors';

/** Throws auth.signature unless Telegram's header holds exactly the secret we gave it. A channel without a secret accepts nobody. */
export function verifyTelegramSecret(expected: string | null | undefined, given: string | undefined): void {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  if (expected && given !== undefined && timingSafeEqual(digest(expected), digest(given))) return;
  throw new HoldfastError('auth.signature', { detail: 'This call does not carry the secret that Telegram was given.' });
}
