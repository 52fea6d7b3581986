import { HoldfastError } from '@holdfast/errors';
import { validateRequest, validateRequestWithBody } from 'twilio/lib/webhooks/webhooks.js';
import type { WebhookRequest } from '../channel-service.ts';

/** What we ask of Twilio for a call that failed: five more tries (twilio.com/docs/usage/webhooks/webhooks-connection-overrides). Part of the address, and never sent. */
export const retryFragment = '#rc=5&rp=all';

/**
 * Throws auth.signature unless the call was signed with the account's auth token, over the address that Twilio knows and over everything that
 * it sent. The address comes from configuration, never from the Host header: a proxy may have changed that.
 */
export function verifyTwilio(
  request: WebhookRequest,
  { authToken, webhookUrl }: { authToken: string; webhookUrl: string },
): Record<string, string> {
  const signature = request.headers['x-twilio-signature'] ?? '';
  const search = request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : '';
  const known = [request.url, ...(webhookUrl === '' ? [] : [webhookUrl + search])].flatMap((url) => [url, url + retryFragment]);
  const isJson = request.query.has('bodySHA256');
  const form = isJson ? {} : parametersOf(request.body);
  const isProven =
    authToken !== '' &&
    signature !== '' &&
    known.some((url) =>
      isJson
        ? validateRequestWithBody(authToken, signature, url, request.body.toString('utf8'))
        : validateRequest(authToken, signature, url, form),
    );
  if (!isProven)
    throw new HoldfastError('auth.signature', { detail: 'This call is not signed with the auth token of this Twilio account.' });
  return isJson
    ? textsOf(request.json())
    : Object.fromEntries(Object.entries(form).map(([name, value]) => [name, Array.isArray(value) ? (value[0] ?? '') : value]));
}

/** All of them, also those that we don't know yet: each is signed. */
function parametersOf(body: Buffer): Record<string, string | string[]> {
  const form: Record<string, string | string[]> = Object.create(null) as Record<string, string>; // a name like "__proto__" is a name
  for (const [name, value] of new URLSearchParams(body.toString('utf8'))) {
    const before = form[name];
    form[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return form;
}

function textsOf(json: unknown): Record<string, string> {
  if (typeof json !== 'object' || json === null) return {};
  return Object.fromEntries(
    Object.entries(json).flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [],
    ),
  );
}
