import { HoldfastError, say } from '@holdfast/errors';
import { GraphRefusal } from './graph-client.ts';
import { meaningOf } from './error-meanings.ts';

/** What Meta's no to a call means for us, in the words of our one table of errors. All of them say: this was not done. */
export function explainRefusal(refusal: Pick<GraphRefusal, 'code' | 'subcode' | 'details' | 'retryAfterMs'>): HoldfastError {
  const { code, subcode, details } = refusal;
  const { error, hint, waitMs, scope, templateIs } = meaningOf(code, subcode);
  const retryAfterMs = refusal.retryAfterMs ?? waitMs;
  return new HoldfastError(error, {
    detail: say`WhatsApp said: ${details} (code ${code})`,
    ...(hint === undefined ? {} : { hint }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    extra: { provider: 'whatsapp', code, ...(scope === undefined ? {} : { scope }), ...(templateIs === undefined ? {} : { templateIs }) },
  });
}

export async function explaining<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof GraphRefusal ? explainRefusal(error) : error;
  }
}
