import { createSign } from 'node:crypto';
import { HoldfastError } from '@holdfast/errors';
import { z } from 'zod';

const keyFile = z.object({ client_email: z.string(), private_key: z.string(), private_key_id: z.string().optional() });
export type ServiceAccountKey = z.infer<typeof keyFile>;

/** Google's JSON key file. Throws credential.missing without quoting it. */
export function parseServiceAccountKey(text: string): ServiceAccountKey {
  try {
    return keyFile.parse(JSON.parse(text));
  } catch {
    throw unusable();
  }
}

/** The signed statement that is exchanged for a token (RFC 7523); good for an hour, as Google asks. */
export function signStatement(
  key: ServiceAccountKey,
  { tokenUrl, scopes, now }: { tokenUrl: string; scopes: string; now: number },
): string {
  const issued = Math.floor(now / 1_000);
  const head = { alg: 'RS256', typ: 'JWT', ...(key.private_key_id === undefined ? {} : { kid: key.private_key_id }) };
  const claims = { iss: key.client_email, scope: scopes, aud: tokenUrl, iat: issued, exp: issued + 3_600 };
  const text = `${encode(head)}.${encode(claims)}`;
  try {
    return `${text}.${createSign('RSA-SHA256').update(text).sign(key.private_key, 'base64url')}`;
  } catch {
    throw unusable();
  }
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const unusable = () =>
  new HoldfastError('credential.missing', {
    detail: 'The key file of the service account can’t be used: its private key is not readable.',
    hint: 'Make a new key for the service account in the Google Cloud console and enter its JSON file.',
  });
