import type { IncomingMessage } from 'node:http';
import { HoldfastError, say } from '@holdfast/errors';

/**
 * Refuses writes that a page of another site caused. Browsers send Origin with every write and Sec-Fetch-Site with all calls;
 * what sends neither is no browser, and carries no cookie that somebody else could borrow.
 */
export function checkOrigin(request: IncomingMessage, trustedOrigins: readonly string[]): void {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (origin !== undefined) {
    if (trustedOrigins.includes(origin) || hostOf(origin) === host) return;
    throw foreign(origin);
  }
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw foreign('another site');
}

function hostOf(origin: string): string | null {
  try {
    return new URL(origin).host;
  } catch {
    return null;
  }
}

const foreign = (origin: string) =>
  new HoldfastError('auth.forbidden', {
    detail: say`This change came from ${origin.slice(0, 100)}, which is not this Holdfast.`,
    hint: 'Open Holdfast under its own address. Behind a proxy, set HOLDFAST_PUBLIC_URL to the address people use.',
  });
