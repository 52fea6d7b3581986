import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { HoldfastError, say, type Words } from '@holdfast/errors';
import type { HmacProof, Proof } from './proof.ts';

/** A call as it came: names of headers in small letters, the body's bytes untouched. */
export interface Call {
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

/** By kind of credential: signing `signingKey`, basic `username` and `password`, bearer `token`, header `name` and `value`. */
export type Key = Readonly<Record<string, string>>;

export interface Proven {
  /** The message's id that the signature covers; null where the scheme has none. */
  messageId: string | null;
  /** Headers that were part of the proof: nothing of them goes on. */
  usedHeaders: string[];
}

/** Older or newer than this is refused, so that what somebody recorded is worth nothing later. Standard Webhooks asks for it. */
const toleranceMs = 300_000;
/** More than any provider sends while it changes its key. */
const maxSignatures = 10;

/** Who calls, proven over the raw bytes and in constant time, by any of the keys. Throws auth.signature. */
export function proveCall(proof: Proof, keys: readonly Key[], call: Call, now: Date): Proven {
  switch (proof.proof) {
    case 'none':
      return { messageId: null, usedHeaders: [] };
    case 'standard':
      return proveStandard(keys, call, now);
    case 'hmac':
      return proveHmac(proof, keys, call, now);
    case 'basic':
      return proveText(keys, call, 'authorization', ({ username = '', password = '' }) =>
        username === '' && password === '' ? null : `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
      );
    case 'bearer':
      return proveText(keys, call, 'authorization', ({ token }) => (token ? `Bearer ${token}` : null));
    case 'header':
      return proveText(keys, call, (keys[0]?.['name'] ?? '').toLowerCase(), ({ value }) => value || null);
  }
}

/** https://www.standardwebhooks.com: `v1,<base64>` over id, time and body, several of them separated by blanks. */
function proveStandard(keys: readonly Key[], call: Call, now: Date): Proven {
  const id = headerOf(call, 'webhook-id');
  const timestamp = headerOf(call, 'webhook-timestamp');
  const given = headerOf(call, 'webhook-signature')
    .split(' ')
    .slice(0, maxSignatures)
    .flatMap((signature) => (signature.startsWith('v1,') ? [Buffer.from(signature.slice('v1,'.length), 'base64')] : []));
  const content = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), call.body]);
  const digests = keys.flatMap(({ signingKey = '' }) =>
    secretBytes(signingKey).map((key) => createHmac('sha256', key).update(content).digest()),
  );
  if (!isAnyOf(given, digests)) throw refused('The signature in "webhook-signature" does not fit.');
  checkTime(timestamp, now);
  return { messageId: id, usedHeaders: ['webhook-signature'] };
}

/** `whsec_` stands before 24 to 64 bytes in base64. None for what is no base64: little or nothing of it would be left, and with an empty key anybody signs. */
function secretBytes(key: string): Buffer[] {
  const text = key.replace(/^whsec_/, '').trim();
  return /^[a-z0-9+/_-]{4,}={0,2}$/i.test(text) ? [Buffer.from(text, 'base64')] : [];
}

function proveHmac(proof: HmacProof, keys: readonly Key[], call: Call, now: Date): Proven {
  const { signatureHeader, prefix, algorithm, encoding } = proof;
  // "t=1, v1=a, v1=b" (Stripe), "sha256=a" (GitHub) and "a" alone (Shopify) are read the same way.
  const header = headerOf(call, signatureHeader);
  const parts = /[,\s]/.test(prefix) ? [header] : header.split(/[,\s]+/).slice(0, maxSignatures);
  const given = parts.flatMap((part) => (part.startsWith(prefix) ? [Buffer.from(part.slice(prefix.length), encoding)] : []));
  const timestamp = timestampOf(proof, call, parts);
  const content = signedContent(proof, call, timestamp);
  const digests = keys.flatMap(({ signingKey }) => (signingKey ? [createHmac(algorithm, signingKey).update(content).digest()] : []));
  if (!isAnyOf(given, digests)) throw refused(say`The signature in "${signatureHeader}" does not fit.`);
  if (timestamp !== null) checkTime(timestamp, now);
  return { messageId: null, usedHeaders: [signatureHeader] };
}

function timestampOf({ timestampHeader, signedText }: HmacProof, call: Call, parts: readonly string[]): string | null {
  if (timestampHeader) return headerOf(call, timestampHeader);
  if (!signedText.includes('{timestamp}')) return null;
  const part = parts.find((each) => each.startsWith('t='));
  if (part === undefined) throw refused('The time that was signed is missing.');
  return part.slice('t='.length);
}

/** The text that was signed, with the body's own bytes in it. What stands in for the time and the id is looked at once. */
function signedContent({ signedText, messageId }: HmacProof, call: Call, timestamp: string | null): Buffer {
  const pieces = signedText.split(/(\{body\}|\{timestamp\}|\{id\})/);
  return Buffer.concat(
    pieces.map((piece) => {
      if (piece === '{body}') return call.body;
      if (piece === '{timestamp}') return Buffer.from(timestamp ?? '');
      return Buffer.from(piece === '{id}' && messageId ? headerOf(call, messageId.toLowerCase()) : piece);
    }),
  );
}

function proveText(keys: readonly Key[], call: Call, header: string, expected: (key: Key) => string | null): Proven {
  const given = header === 'authorization' ? withScheme(headerOf(call, header)) : headerOf(call, header);
  const wanted = keys.flatMap((key) => expected(key) ?? []);
  if (!isAnyOf([hashOf(given)], wanted.map(hashOf))) throw refused(say`What "${header}" says does not fit.`);
  return { messageId: null, usedHeaders: [header] };
}

/** The scheme's name may be written in any case (RFC 9110). */
const withScheme = (value: string): string =>
  value.replace(/^(basic|bearer) +/i, (_, scheme: string) => `${scheme[0]?.toUpperCase()}${scheme.slice(1).toLowerCase()} `);
/** Of one length, so that comparing them tells nothing about the text. */
const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Looks at every pair, so that the time it takes doesn't tell which one fitted. */
function isAnyOf(given: readonly Buffer[], wanted: readonly Buffer[]): boolean {
  let fits = false;
  for (const one of given) for (const other of wanted) if (one.length === other.length && timingSafeEqual(one, other)) fits = true;
  return fits;
}

function headerOf({ headers }: Call, name: string): string {
  const value = headers[name];
  if (value === undefined || value === '') throw refused(say`The header "${name}" is missing.`);
  return value;
}

/** Seconds since 1970, as all providers count; some send milliseconds. */
function checkTime(timestamp: string, now: Date): void {
  const number = /^\d{9,14}$/.test(timestamp) ? Number(timestamp) : NaN;
  const at = number > 99_999_999_999 ? number : number * 1_000;
  if (!(Math.abs(now.getTime() - at) <= toleranceMs)) throw refused('It was signed more than 5 minutes ago, or its clock is wrong.');
}

const refused = (detail: Words): HoldfastError =>
  new HoldfastError('auth.signature', {
    detail,
    hint: 'Compare the secret and the settings of the webhook on both sides. Nothing was read or started.',
  });
