import { z } from 'zod';
import type { CredentialFacts } from './credential-type.ts';

/** One line that a header can carry. */
export const line = z
  .string()
  .min(1)
  .max(10_000)
  .regex(/^[^\r\n\0]*$/, 'It holds a line break, which no header can carry: copy it again without')
  .regex(/\S/, 'It holds spaces only');

/** The same path at another origin: an emulator stands in for all of a provider's hosts. */
export const atBase = (baseUrl: string | null, url: string): string => {
  if (baseUrl === null) return url;
  const { pathname, search } = new URL(url);
  return `${new URL(baseUrl).origin}${pathname}${search}`;
};
/** As the base of what follows it. */
export const slashed = (url: string): string => (url.endsWith('/') ? url : `${url}/`);

const headerName = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9-]+$/, 'A header\'s name holds letters, digits and "-" only');
/** How a call is signed: what stands in the signed text, and where the signature goes. */
export const hmacSettings = z.strictObject({
  algorithm: z.enum(['sha256', 'sha512']),
  encoding: z.enum(['hex', 'base64']),
  keyFormat: z.enum(['text', 'hex', 'base64']),
  header: headerName,
  prefix: line.max(100).optional(),
  signedText: line
    .max(500)
    .refine(
      (text) => text.replaceAll(/\{(?:method|path|host|timestamp|body|bodyHash)\}/g, '').search(/[{}]/) < 0,
      'Use {method}, {path}, {host}, {timestamp}, {body} and {bodyHash} only',
    )
    .optional(),
  timestampHeader: headerName.optional(),
  timestampFormat: z.enum(['seconds', 'milliseconds', 'iso']),
  keyIdHeader: headerName.optional(),
  keyId: line.max(500).optional(),
});

const pem = z
  .string()
  .max(20_000)
  .regex(/-----BEGIN CERTIFICATE-----/, 'Paste the text of the certificate, from -----BEGIN CERTIFICATE----- on');
/** What has a meaning in a connection string is in none of these: they name one server, and nothing else. */
export const databaseServer = {
  host: z
    .string()
    .max(253)
    .regex(/^[A-Za-z0-9_.:-]+$/, 'Write the name or address of one server, without a port'),
  port: z
    .string()
    .regex(/^\d{1,5}$/, 'Write a number, as 5432')
    .optional(),
  database: z
    .string()
    .max(120)
    .regex(/^[A-Za-z0-9_.$# -]+$/, 'Letters, digits and . _ $ # - only'),
  user: line.max(120),
  tls: z.enum(['verify-full', 'require', 'off']),
  certificates: pem.optional(),
} as const;
/** What is asked beside the server: may steps write, and does it stand inside the network. */
export const databaseUse = { writing: z.enum(['refused', 'allowed']), network: z.enum(['outside', 'inside']) } as const;
/** What the limits and pauses of a database belong to; `usual` is the port when none is set. */
export const databaseKey = (kind: string, usual: number, { settings }: CredentialFacts): string =>
  `${kind}:${settings['host'] ?? ''}:${settings['port'] ?? usual}/${settings['database'] ?? ''}`;

/** AWS by its own addresses, or an S3 server at the address that an administrator set; the bucket in the path or before the host. */
export const bucketUrl = ({ settings, baseUrl }: CredentialFacts): string => {
  const bucket = settings['bucket'] ?? '';
  const endpoint = new URL(slashed(baseUrl ?? `https://s3.${settings['region'] ?? ''}.amazonaws.com/`));
  // A dot in the bucket's name would fit no certificate.
  if (settings['addressing'] === 'path' || bucket.includes('.')) return new URL(`${bucket}/`, endpoint).href;
  endpoint.host = `${bucket}.${endpoint.host}`;
  return endpoint.href;
};
