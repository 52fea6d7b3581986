import { parseRetryAfter, type Egress } from '@holdfast/egress';
import { HoldfastError, say } from '@holdfast/errors';
import type { JsonValue } from '@holdfast/node-kit';
import { z } from 'zod';
import { readJson } from '../read-json.ts';

export const twilioApiUrl = 'https://api.twilio.com';
export const twilioMessagingUrl = 'https://messaging.twilio.com';
/** Twilio's own limit of an MMS is 5 MB. */
export const maxMediaBytes = 10 * 1024 * 1024;

const refusal = z.object({ code: z.number(), message: z.string().default('no reason given') });

/** Twilio understood the call and said no. */
export class TwilioRefusal extends Error {
  readonly status: number;
  readonly code: number;
  readonly said: string;
  readonly retryAfterMs: number | undefined;

  constructor(facts: { status: number; code: number; said: string; retryAfterMs?: number | undefined }) {
    super(`Twilio answered ${facts.status}, code ${facts.code}: ${facts.said}`);
    this.status = facts.status;
    this.code = facts.code;
    this.said = facts.said;
    this.retryAfterMs = facts.retryAfterMs;
  }
}

export interface TwilioCall {
  query?: Record<string, string>;
  form?: Record<string, string>;
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
  /** Something that leaves the house once: what can't be read of the answer makes it ambiguous. */
  isSend?: boolean;
}

export interface TwilioClient {
  /** One attempt, below `/2010-04-01/Accounts/<sid>`. Throws TwilioRefusal, or a HoldfastError of egress. */
  call: (method: 'GET' | 'POST', path: string, call?: TwilioCall) => Promise<JsonValue>;
  /** The same for messaging services, which have a host of their own. */
  callService: (method: 'GET' | 'POST', path: string, call?: TwilioCall) => Promise<JsonValue>;
  /** The bytes of a customer's file; at most 10 MB. Twilio forwards to storage of its own, where the token doesn't go. */
  download: (url: string, signal?: AbortSignal) => Promise<Buffer>;
}

interface ClientOptions {
  egress: Egress;
  /** Set by an administrator, so trusted. */
  baseUrl: string;
  messagingUrl: string;
  accountSid: string;
  authToken: string;
}

/** Twilio's REST API over egress: its SDK knows no base address and brings an HTTP client of its own. */
export function createTwilioClient({ egress, baseUrl, messagingUrl, accountSid, authToken }: ClientOptions): TwilioClient {
  const login = Buffer.from(`${accountSid}:${authToken}`).toString('base64');
  const authorization = `Basic ${login}`;
  const secrets = [authToken, login];
  const callAt =
    (base: string) =>
    async (method: string, path: string, call: TwilioCall = {}) => {
      const search = new URLSearchParams(call.query ?? {}).toString();
      const { form, signal, timeoutMs = 15_000 } = call;
      const response = await egress.fetchFor({ trustedBaseUrl: base, timeoutMs, secrets })(
        `${base}${path}${search === '' ? '' : `?${search}`}`,
        {
          method,
          headers: { authorization, ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}) },
          ...(form ? { body: new URLSearchParams(form).toString() } : {}),
          ...(signal ? { signal } : {}),
        },
      );
      return readAnswer(response, call.isSend ?? false);
    };
  const base = baseUrl.replace(/\/+$/, '');
  const main = callAt(base);
  return {
    call: (method, path, call) => main(method, `/2010-04-01/Accounts/${accountSid}${path}`, call),
    callService: callAt(messagingUrl.replace(/\/+$/, '')),
    download: async (url, signal) => {
      // The address came with the webhook: the token goes to Twilio alone.
      const isTwilios = url.startsWith(`${base}/`);
      const response = await egress.fetchFor({ trustedBaseUrl: base, timeoutMs: 30_000, maxBytes: maxMediaBytes, secrets })(url, {
        headers: isTwilios ? { authorization } : {},
        ...(signal ? { signal } : {}),
      });
      if (!response.ok)
        throw new HoldfastError(response.status === 404 ? 'resource.missing' : 'upstream.broken', {
          detail: say`Twilio answered ${response.status} to a download.`,
        });
      return Buffer.from(await response.arrayBuffer());
    },
  };
}

async function readAnswer(response: Response, isSend: boolean): Promise<JsonValue> {
  const body = readJson(await response.text());
  if (response.ok && body !== null) return body;
  const refused = refusal.safeParse(body);
  if (refused.success && !response.ok) {
    throw new TwilioRefusal({
      status: response.status,
      code: refused.data.code,
      said: refused.data.message,
      retryAfterMs: parseRetryAfter(response.headers.get('retry-after') ?? undefined, Date.now()),
    });
  }
  // Something between us and Twilio spoke: a gateway that gave up. Twilio may have carried the call out.
  throw new HoldfastError(isSend ? 'upstream.ambiguous' : 'upstream.broken', {
    detail: say`Something that is not Twilio’s API answered ${response.status}.`,
  });
}
