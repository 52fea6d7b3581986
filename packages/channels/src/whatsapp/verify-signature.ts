import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { HoldfastError } from '@holdfast/errors';

/**
 * Throws auth.signature unless `header` is `sha256=` and the HMAC of exactly these bytes under the app secret. The bytes as they came: Meta
 * signs its own `\uXXXX` escapes and spacing, which parsing and writing again would lose. A channel without a secret accepts nobody.
 */
export function verifySignature(appSecret: string, header: string | undefined, body: Buffer): void {
  const expected = `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`;
  if (appSecret !== '' && header !== undefined && isSame(expected, header)) return;
  throw new HoldfastError('auth.signature', {
    detail: 'This call is not signed with the app secret of the channel.',
    ...(appSecret === '' ? { hint: 'Enter the app secret under Channels.' } : {}),
  });
}

/** The text Meta wants to hear back. Throws auth.signature when it asks with another verify token than ours. */
export function answerChallenge(query: URLSearchParams, verifyToken: string): string {
  const given = query.get('hub.verify_token');
  if (query.get('hub.mode') === 'subscribe' && given !== null && isSame(verifyToken, given)) return query.get('hub.challenge') ?? '';
  throw new HoldfastError('auth.signature', {
    detail: 'The verify token is not the one that Holdfast shows for this channel.',
    hint: 'Copy it from Channels again.',
  });
}

/** Compares digests, so that neither the content nor the length can be told from the time it takes. */
function isSame(expected: string, given: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(expected), digest(given));
}
