import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { HoldfastError, say } from '@holdfast/errors';
import type { ResolvedCredential } from './credential.ts';

type Hashable = string | ArrayBuffer | ArrayBufferView;

/** SHA-256, with a key as HMAC, in the shape that the signer asks for. */
class Sha256 {
  readonly #hash;
  constructor(secret?: Hashable) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }
  update(data: Hashable): void {
    this.#hash.update(bytesOf(data));
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }
}

function bytesOf(data: Hashable): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data);
}

export interface S3Call {
  method: string;
  url: URL;
  body: Buffer | null;
  now: number;
}

/** The headers that prove an S3 call: AWS Signature Version 4, over method, address, time and the content's checksum. */
export async function s3Headers(credential: ResolvedCredential, { method, url, body, now }: S3Call): Promise<Record<string, string>> {
  const checksum = createHash('sha256')
    .update(body ?? '')
    .digest('hex');
  const request = requestTo(url, method, { host: url.host, 'x-amz-content-sha256': checksum });
  const { headers } = await signerOf(credential).sign(request, { signingDate: new Date(now) });
  const { host: _host, ...proofs } = headers;
  return proofs;
}

/** An address that anybody may use for so long; S3 takes at most seven days. */
export async function s3Link(
  credential: ResolvedCredential,
  { url, expiresInSeconds, now }: { url: URL; expiresInSeconds: number; now: number },
): Promise<string> {
  // Nobody knows the content of an answer that is still to come.
  const request = requestTo(url, 'GET', { host: url.host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' });
  const signed = await signerOf(credential).presign(request, { expiresIn: expiresInSeconds, signingDate: new Date(now) });
  const link = new URL(url);
  link.search = '';
  for (const [name, value] of Object.entries(signed.query ?? {})) link.searchParams.append(name, String(value));
  // Signed over %20, which is the same blank as a plus to most, but not to S3.
  link.search = link.search.replaceAll('+', '%20');
  return link.href;
}

const requestTo = (url: URL, method: string, headers: Record<string, string>) => ({
  method,
  protocol: url.protocol,
  hostname: url.hostname,
  ...(url.port === '' ? {} : { port: Number(url.port) }),
  path: url.pathname,
  query: Object.fromEntries(url.searchParams),
  headers,
});

const signerOf = (credential: ResolvedCredential): SignatureV4 =>
  new SignatureV4({
    service: 's3',
    region: wanted(credential, 'region'),
    credentials: { accessKeyId: wanted(credential, 'accessKeyId'), secretAccessKey: credential.secret['secretAccessKey'] ?? '' },
    sha256: Sha256,
    // S3 alone takes paths as they are sent.
    uriEscapePath: false,
  });

function wanted({ name, settings }: ResolvedCredential, setting: string): string {
  const value = settings?.[setting];
  if (value !== undefined && value !== '') return value;
  throw new HoldfastError('credential.missing', {
    detail: say`The connection ${name === undefined ? '' : `"${name}" `}says nothing about "${setting}".`,
    hint: 'Open the connection and complete it.',
  });
}
