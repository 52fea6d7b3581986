import { HoldfastError, mapWords } from '@holdfast/errors';
import { cutterOf } from './cut-secrets.ts';

/**
 * An error without what proves who we are: what another server, an agent or an address says is somebody else's words, and errors stand in runs, lists and
 * logs. Short secrets are cut out as well.
 */
export function errorWithout(error: unknown, secrets: readonly string[]): unknown {
  if (!(error instanceof HoldfastError)) return error;
  const { code, detail, hint = '', path, retryAfterMs, extra, words } = error;
  const clean = cutterOf(secrets, 4).text;
  if (clean(detail) === detail && clean(hint) === hint) return error;
  // Without its cause: that may hold the same words.
  return new HoldfastError(code, {
    detail: mapWords(words.detail, clean),
    ...(words.hint === undefined ? {} : { hint: mapWords(words.hint, clean) }),
    ...(path === undefined ? {} : { path }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(extra === undefined ? {} : { extra }),
  });
}
