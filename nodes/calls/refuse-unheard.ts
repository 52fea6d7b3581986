import { HoldfastError, say } from '@holdfast/errors';
import type { EffectContext, EgressRequest } from '@holdfast/node-kit';

/** A credential that is not accepted is no answer to what was asked: where nobody drew a way for a refusal, a person must hear of it. */
export function refuseUnheard({ leads }: EffectContext, { url, credential }: EgressRequest, status: number): void {
  if (status !== 401 || credential === undefined || leads?.('refused') !== false) return;
  throw new HoldfastError('upstream.unauthorized', {
    detail: say`${URL.parse(url)?.host ?? url} did not accept our sign-in (401).`,
    hint: 'Open Connections and enter its secret again. Then retry all that stopped for this.',
  });
}
