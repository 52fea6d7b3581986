import { createHash, timingSafeEqual } from 'node:crypto';
import { HoldfastError } from '@holdfast/errors';
import type { JsonValue } from '@holdfast/node-kit';
import type { ChannelAccount } from '../channel-adapter.ts';
import { receiveTelegramUpdates, type ReceiveDeps } from './receive.ts';

/** Throws auth.signature unless Telegram's header holds exactly the secret we gave it. A channel without a secret accepts nobody. */
export function verifyTelegramSecret(expected: string | null | undefined, given: string | undefined): void {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  if (expected && given !== undefined && timingSafeEqual(digest(expected), digest(given))) return;
  throw new HoldfastError('auth.signature', { detail: 'This call does not carry the secret that Telegram was given.' });
}

/** One webhook call: returns when the update is committed, so that 2xx may be answered; throws when it is not. */
export const receiveTelegramWebhook = (deps: ReceiveDeps, account: ChannelAccount, update: JsonValue): Promise<void> =>
  receiveTelegramUpdates(deps, account, [update]);
