import { HoldfastError, say } from '@holdfast/errors';
import type { StatusReport } from '../channel-adapter.ts';
import { meaningOf } from './error-meanings.ts';
import { TwilioRefusal } from './twilio-client.ts';

/** What Twilio's no to a call means for us. Only an error of its own (5xx without a known code) leaves open what happened. */
export function explainRefusal({ status, code, said, retryAfterMs }: TwilioRefusal): HoldfastError {
  const quoted = `Twilio said: "${said.slice(0, 300)}" (${code})`;
  const meaning = meaningOf(code);
  if (meaning) {
    const wait = retryAfterMs ?? meaning.retryAfterMs;
    return new HoldfastError(meaning.code, {
      detail: say`${meaning.says} ${quoted}`,
      ...(meaning.hint === undefined ? {} : { hint: meaning.hint }),
      ...(wait === undefined ? {} : { retryAfterMs: wait }),
      ...(meaning.scope === undefined ? {} : { extra: { scope: meaning.scope } }),
    });
  }
  if (status === 401 || status === 403)
    return new HoldfastError('channel.token', { detail: quoted, hint: 'Copy the account SID and the auth token from the Twilio console.' });
  if (status === 429)
    return new HoldfastError('upstream.limited', { detail: quoted, retryAfterMs: retryAfterMs ?? 2_000, extra: { scope: 'account' } });
  if (status === 503) return new HoldfastError('upstream.broken', { detail: quoted });
  if (status >= 500) return new HoldfastError('upstream.ambiguous', { detail: quoted });
  return new HoldfastError('channel.content', { detail: quoted, hint: 'Change the text or the file in the step.' });
}

/** The reason in a status: the message was taken, and then not delivered. */
export function explainStatus(code: number, said: string): NonNullable<StatusReport['problem']> {
  const meaning = meaningOf(code);
  const quoted = said === '' ? `(${code})` : `Twilio said: "${said.slice(0, 300)}" (${code})`;
  return {
    code: meaning?.code ?? 'upstream.broken',
    detail: `${meaning?.says ?? 'The message was not delivered.'} ${quoted}`,
    ...(meaning?.retryAfterMs === undefined ? {} : { retryAfterMs: meaning.retryAfterMs }),
    ...(meaning?.scope === undefined ? {} : { scope: meaning.scope }),
  };
}

export async function explaining<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof TwilioRefusal ? explainRefusal(error) : error;
  }
}
