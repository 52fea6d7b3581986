import { getExpectedBodyHash, getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import type { World } from './world.ts';

export interface TwilioDelivery {
  /** Of every try. */
  statuses: number[];
  /** The last answer's body. */
  answer: string;
}

export interface SignedCall {
  url: string;
  body: string;
  headers: Record<string, string>;
}

/** A call as Twilio makes it, signed with its own package: a form over its parameters, JSON over the hash of its bytes in the address. */
export function signTwilioCall(
  authToken: string,
  bare: string,
  parameters: Record<string, string>,
  as: 'form' | 'json' = 'form',
): SignedCall {
  const isJson = as === 'json';
  const body = isJson ? JSON.stringify(parameters) : new URLSearchParams(parameters).toString();
  const url = isJson ? `${bare}${bare.includes('?') ? '&' : '?'}bodySHA256=${getExpectedBodyHash(body)}` : bare;
  return {
    url,
    body,
    headers: {
      'x-twilio-signature': getExpectedTwilioSignature(authToken, url, isJson ? {} : parameters),
      'content-type': isJson ? 'application/json' : 'application/x-www-form-urlencoded; charset=UTF-8',
    },
  };
}

/** Posts a signed call; tries again only as often as the address asks for (`#rc=5`). */
export async function callBack(
  world: World,
  address: string,
  parameters: Record<string, string>,
  as: 'form' | 'json' = 'form',
): Promise<TwilioDelivery> {
  const delivery: TwilioDelivery = { statuses: [], answer: '' };
  if (address === '') return delivery;
  const [bare = '', fragment = ''] = address.split('#');
  const call = signTwilioCall(world.authToken, bare, parameters, as);
  const tries = 1 + Number(new URLSearchParams(fragment).get('rc') ?? 0);
  for (let attempt = 0; attempt < tries && !world.isClosed; attempt += 1) {
    const { status, text } = await post(call);
    delivery.statuses.push(status);
    delivery.answer = text;
    if (status >= 200 && status < 300) break;
    await new Promise((resolve) => setTimeout(resolve, 20 * 2 ** attempt));
  }
  return delivery;
}

async function post({ url, body, headers }: SignedCall): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: { ...headers, 'user-agent': 'TwilioProxy/1.1' },
      signal: AbortSignal.timeout(15_000),
    });
    return { status: response.status, text: await response.text() };
  } catch {
    return { status: 0, text: '' };
  }
}
