import { cleanText, type JsonValue } from '@holdfast/node-kit';
import type { Admitted, WebhookKnock } from '@holdfast/runs';
import type { Secrets } from '@holdfast/secrets';
import { isSecretHeader, keysOf, proveCall, readMessageId, readProof } from '@holdfast/webhooks';
import { z } from 'zod';

export interface RawCall {
  headers: Readonly<Record<string, string>>;
  query: Record<string, string>;
  bytes: Buffer;
  /** Throws request.malformed and request.unsupported-media. */
  read: () => JsonValue;
}

const secretTexts = z.record(z.string(), z.string());

/** Proves the caller over the raw bytes, then reads them. What proves somebody goes no further. Throws auth.signature and what `read` throws. */
export function admitCall(
  { secrets, now }: { secrets: Pick<Secrets, 'open'>; now: () => Date },
  call: RawCall,
  { config, credential }: Parameters<WebhookKnock['admit']>[0],
): Admitted {
  const at = now();
  const proof = readProof(config);
  const keys = credential === null ? [] : keysOf(secretTexts.parse(JSON.parse(secrets.open(credential))), at);
  const { messageId, usedHeaders } = proveCall(proof, keys, { headers: call.headers, body: call.bytes }, at);
  const body = call.read();
  const where = typeof config['messageId'] === 'string' ? config['messageId'] : '';
  return {
    input: { headers: shownHeaders(call.headers, usedHeaders), query: call.query, body },
    messageId: messageId ?? (where === '' ? null : readMessageId(where, call.headers, body)),
  };
}

const shownHeaders = (headers: Readonly<Record<string, string>>, used: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (isSecretHeader(name) || used.includes(name) ? [] : [[name, cleanText(value)]])),
  );
