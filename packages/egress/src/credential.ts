import { HoldfastError, say } from '@holdfast/errors';
import { cutMark, cutterOf } from './cut-secrets.ts';
import { acceptsHost } from './way/host-list.ts';
import type { OpenWay, Way } from './way/way.ts';

/** A credential opened for one call. Its secret's names by kind: basic `username`, `password`; header and query `name`, `value`; the model providers `apiKey`; all others `token`. */
export interface ResolvedCredential {
  kind: string;
  name?: string;
  /** What an administrator set: trusted, whatever address it has. */
  baseUrl?: string | null;
  /** Where calls with a path alone go; the base URL when left out. Trusted only at the base URL's origin. */
  apiUrl?: string | null;
  /** How its calls leave the house; straight to their target when left out. Used here alone, never seen by a node. */
  via?: Way | null;
  /** What its limits and pauses belong to. */
  provider?: string;
  /** `api.example.com`, `api.example.com:8443` or `*.example.com`; empty means the base URL's host alone. */
  allowedHosts: readonly string[];
  secret: Readonly<Record<string, string>>;
  /** How its kind is used, beside the secret. */
  settings?: Readonly<Record<string, string>>;
  /** Another access token, once this one was not accepted (401: nothing was done); null when there is nothing better. */
  renew?: () => Promise<ResolvedCredential | null>;
}

/** Refuses before dialling when the credential is not bound to the address's host: a URL made from data must not carry a secret elsewhere. */
export function assertBound(credential: ResolvedCredential, url: URL): void {
  if (isBoundTo(credential, url)) return;
  const hosts = hostsOf(credential);
  throw new HoldfastError('credential.host', {
    detail: say`The connection ${quoted(credential)}may go to ${hosts.length === 0 ? 'no host yet' : hosts.join(', ')}, but this call goes to ${url.host}. Nothing was sent.`,
    hint: say`If ${url.hostname} is right, open the connection and add it under "Only send it to".`,
  });
}

export function isBoundTo(credential: ResolvedCredential, url: URL): boolean {
  if (isOfBase(credential, url)) return true;
  return acceptsHost(hostsOf(credential), url);
}

/** The way of a credential, for the hosts that it is bound to. */
export function wayOf(credential: ResolvedCredential | undefined): OpenWay | undefined {
  if (!credential?.via) return undefined;
  const { baseUrl } = credential;
  const own = typeof baseUrl === 'string' && URL.canParse(baseUrl) ? [withPort(new URL(baseUrl))] : [];
  return { way: credential.via, hosts: [...own, ...hostsOf(credential)] };
}

const withPort = ({ hostname, port, protocol }: URL): string => `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;

/** True for the base URL that an administrator set: trusted, whatever address it has. */
export const isOfBase = (credential: ResolvedCredential | undefined, url: URL): boolean =>
  typeof credential?.baseUrl === 'string' && URL.canParse(credential.baseUrl) && new URL(credential.baseUrl).origin === url.origin;

function hostsOf({ allowedHosts, baseUrl }: ResolvedCredential): readonly string[] {
  if (allowedHosts.length > 0) return allowedHosts;
  return typeof baseUrl === 'string' && URL.canParse(baseUrl) ? [new URL(baseUrl).host] : [];
}

/** The header that proves who we are; made last, and never seen by a node. */
export function credentialHeaders(credential: ResolvedCredential): Record<string, string> {
  const { secret } = credential;
  switch (credential.kind) {
    case 'basic':
      wanted(credential, 'username');
      return { authorization: `Basic ${base64Of(secret)}` };
    case 'header':
      return { [wanted(credential, 'name').toLowerCase()]: wanted(credential, 'value') };
    // In the address: `credentialQuery`.
    case 'query':
    // In the message: `bodyWithSecurity`.
    case 'soap-username':
    // A signature of each call: `signatureOf`.
    case 's3':
    case 'hmac':
      return {};
    case 'claude':
      return { 'x-api-key': wanted(credential, 'apiKey') };
    case 'shopify':
      return { 'x-shopify-access-token': secret['token'] ?? wanted(credential, 'accessToken') };
    // A model server of one's own often asks for none.
    case 'openai-compatible':
      return secret['apiKey'] ? { authorization: `Bearer ${secret['apiKey']}` } : {};
    case 'groq':
      return { authorization: `Bearer ${wanted(credential, 'apiKey')}` };
    default:
      return { authorization: `Bearer ${wanted(credential, 'token')}` };
  }
}

const base64Of = (secret: ResolvedCredential['secret']): string =>
  Buffer.from(`${secret['username'] ?? ''}:${secret['password'] ?? ''}`).toString('base64');

/** The same for keys that belong into the address; added last, so that no error names it. */
export const credentialQuery = (credential: ResolvedCredential): Record<string, string> =>
  credential.kind === 'query' ? { [wanted(credential, 'name')]: wanted(credential, 'value') } : {};

/** Some services write our token into the address of a next page, out of which it was cut (`secretsOf`): there it goes back in. */
export function restoreToken(url: URL, { secret }: ResolvedCredential): void {
  const { token } = secret;
  if (token === undefined || !url.search.includes(encodeURIComponent(cutMark))) return;
  for (const name of new Set(url.searchParams.keys())) if (url.searchParams.get(name) === cutMark) url.searchParams.set(name, token);
}

/** What must not stand in anything that comes back: all that proves who we are, as it is kept and as it is sent. */
export function secretsOf({ kind, secret }: ResolvedCredential): string[] {
  const { name: _name, username = '', ...secrets } = secret;
  const values = Object.values(secrets);
  // Some services take their key as the user name, with no password.
  if (kind === 'basic') values.push(base64Of(secret), ...(secret['password'] ? [] : [username]));
  // "Bearer …": a service may repeat what follows the word.
  return kind === 'header' ? values.flatMap((value) => [value, value.replace(/^[\w-]+ /, '')]) : values;
}

/** A sentence for people, without what the credential proves us by: also without short passwords. */
export const withoutSecrets = (text: string, credential: ResolvedCredential | undefined): string =>
  credential ? cutterOf(secretsOf(credential), 4).text(text) : text;

function wanted(credential: ResolvedCredential, name: string): string {
  const value = credential.secret[name];
  if (value !== undefined && value !== '') return value;
  throw new HoldfastError('credential.missing', {
    detail: say`The connection ${quoted(credential)}holds no "${name}".`,
    hint: 'Open the connection and enter it again.',
  });
}

const quoted = ({ name }: ResolvedCredential): string => (name === undefined ? '' : `"${name}" `);
