import { parseRetryAfter, type Egress, type Fetch } from '@holdfast/egress';
import { HoldfastError, say } from '@holdfast/errors';
import type { JsonObject, JsonValue } from '@holdfast/node-kit';
import { z } from 'zod';
import { readJson } from '../read-json.ts';
import { regainMs } from './usage-header.ts';

export const graphApiUrl = 'https://graph.facebook.com';
/** The newest version whose pages we read: June 2026. */
export const graphVersion = 'v26.0';

const errorEnvelope = z.object({
  error: z.object({
    message: z.string().default('no reason given'),
    code: z.number().default(1),
    error_subcode: z.number().optional(),
    error_data: z.object({ details: z.string().optional() }).optional().catch(undefined),
  }),
});

/** Meta understood the call and said no. */
export class GraphRefusal extends Error {
  readonly status: number;
  readonly code: number;
  readonly subcode: number | undefined;
  readonly details: string;
  readonly retryAfterMs: number | undefined;

  constructor(facts: { status: number; code: number; subcode?: number | undefined; details: string; retryAfterMs?: number | undefined }) {
    super(`Meta answered ${facts.status}, code ${facts.code}: ${facts.details}`);
    this.status = facts.status;
    this.code = facts.code;
    this.subcode = facts.subcode;
    this.details = facts.details;
    this.retryAfterMs = facts.retryAfterMs;
  }
}

export interface GraphCall {
  query?: Record<string, string>;
  json?: JsonObject;
  form?: FormData;
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
  /** Something that leaves the house once: what can't be read of the answer makes it ambiguous. */
  isSend?: boolean;
}

export interface GraphClient {
  /** One attempt. Throws GraphRefusal, or a HoldfastError of egress: upstream.unreachable, upstream.ambiguous, … */
  call: (method: 'GET' | 'POST' | 'DELETE', path: string, call?: GraphCall) => Promise<JsonValue>;
  /** The bytes at an address that Meta named, fetched with the token; at most `maxBytes`. */
  download: (url: string, maxBytes: number, signal?: AbortSignal) => Promise<Buffer>;
}

/** The Graph API over egress. `baseUrl` was set by an administrator, so it is trusted. */
export function createGraphClient({ egress, baseUrl, token }: { egress: Egress; baseUrl: string; token: string }): GraphClient {
  const base = baseUrl.replace(/\/+$/, '');
  const fetchWithin = (timeoutMs: number, maxBytes?: number): Fetch =>
    egress.fetchFor({ trustedBaseUrl: base, timeoutMs, secrets: [token], ...(maxBytes === undefined ? {} : { maxBytes }) });
  const authorization = `Bearer ${token}`;
  return {
    call: async (method, path, { query = {}, json, form, signal, timeoutMs = 15_000, isSend = false } = {}) => {
      const search = new URLSearchParams(query).toString();
      const response = await fetchWithin(timeoutMs)(`${base}/${graphVersion}/${path}${search === '' ? '' : `?${search}`}`, {
        method,
        headers: { authorization, ...(json === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
        ...(form === undefined ? {} : { body: form }),
        ...(signal ? { signal } : {}),
      });
      return readAnswer(response, isSend);
    },
    download: async (url, maxBytes, signal) => {
      const response = await fetchWithin(60_000, maxBytes)(url, { headers: { authorization }, ...(signal ? { signal } : {}) });
      if (!response.ok) throw new HoldfastError('upstream.broken', { detail: say`Meta answered ${response.status} to a download.` });
      return Buffer.from(await response.arrayBuffer());
    },
  };
}

async function readAnswer(response: Response, isSend: boolean): Promise<JsonValue> {
  const body = readJson(await response.text());
  if (response.ok && body !== null) return body;
  const refused = errorEnvelope.safeParse(body);
  if (refused.success && !response.ok) {
    const { code, error_subcode: subcode, message, error_data: data } = refused.data.error;
    const retryAfterMs = parseRetryAfter(response.headers.get('retry-after') ?? undefined, Date.now());
    throw new GraphRefusal({
      status: response.status,
      code,
      subcode,
      details: data?.details ?? message,
      retryAfterMs: retryAfterMs ?? regainMs(response.headers.get('x-business-use-case-usage')),
    });
  }
  // Something between us and Meta spoke: a gateway that gave up, a captive portal. Meta may have carried the call out.
  throw new HoldfastError(isSend ? 'upstream.ambiguous' : 'upstream.broken', {
    detail: say`Something that is not WhatsApp's API answered ${response.status}.`,
  });
}
