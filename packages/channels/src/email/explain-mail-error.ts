import { HoldfastError, say, type Words } from '@holdfast/errors';
import type { MailServer } from './mailbox-account.ts';

interface Facts {
  server: MailServer;
  use: 'imap' | 'smtp';
}

const ports = {
  imap: 'Usual are 993 with TLS and 143 with STARTTLS.',
  smtp: 'Usual are 465 with TLS and 587 with STARTTLS.',
} as const;

/** Providers that take no ordinary password from a program. */
const appPasswords: [RegExp, string][] = [
  [/gmail\.com$|googlemail\.com$|google\.com$/, 'Google takes an app password only: myaccount.google.com, Security, App passwords.'],
  [
    /office365\.com$|outlook\.com$|hotmail\.com$/,
    'Microsoft takes no passwords here: use OAuth2, or a mailbox elsewhere that it forwards to.',
  ],
  [/yahoo\.|aol\./, 'Yahoo takes an app password only: Account security, Generate app password.'],
  [/me\.com$|icloud\.com$/, 'Apple takes an app-specific password only: account.apple.com, Sign-In and Security.'],
  [/zoho\./, 'With two-factor on, Zoho takes an app-specific password only.'],
];

/** Where the connection failed before anything was sent, in words that say which field to look at. */
export function explainMailError(error: unknown, { server, use }: Facts): HoldfastError {
  if (error instanceof HoldfastError) return error;
  const { host, port } = server;
  const said = saidBy(error);
  if (isRefusedLogin(error))
    return new HoldfastError('channel.token', {
      detail: say`The server ${host} refused the password for ${server.user}${said === '' ? '.' : say`. It said: "${said}"`}`,
      hint: appPasswords.find(([pattern]) => pattern.test(host))?.[1] ?? 'Check the user name (often the whole address) and the password.',
      path: 'password',
      cause: error,
    });
  const known = whatFailed(error, { server, use });
  return new HoldfastError('upstream.unreachable', {
    detail: known?.detail ?? say`${host} could not be used on port ${port}: ${said === '' ? messageOf(error) : say`it said "${said}"`}.`,
    hint: known?.hint ?? 'Check the server, the port and the kind of encryption.',
    path: `${use}.${known?.field ?? 'host'}`,
    cause: error,
  });
}

interface Failure {
  detail: Words;
  hint: Words;
  field: 'host' | 'port' | 'security';
}

function whatFailed(error: unknown, { server, use }: Facts): Failure | null {
  const { host, port, security } = server;
  const codes = codesOf(error);
  const text = messageOf(error);
  const has = (...wanted: string[]): boolean => wanted.some((code) => codes.includes(code));
  if (has('ECONNREFUSED')) return { detail: say`Nothing answers on ${host}, port ${port}.`, hint: ports[use], field: 'port' };
  if (has('EHOSTUNREACH', 'ENETUNREACH'))
    return {
      detail: say`There is no way from here to ${host}.`,
      hint: 'Check the server’s name and this machine’s network.',
      field: 'host',
    };
  if (/authentication mechanism|unknown authentication method/i.test(text))
    return {
      detail: say`${host} does not take this kind of login.`,
      hint: 'Use a password in place of OAuth2, or the other way round.',
      field: 'security',
    };
  if (/wrong version number|packet length too long|unknown protocol|record overflow/i.test(text))
    return {
      detail: say`${host} does not begin with TLS on port ${port}.`,
      hint: say`Choose STARTTLS, or the port for TLS. ${ports[use]}`,
      field: 'security',
    };
  const certificate = certificates.find(([code]) => has(code) || text.includes(code));
  if (certificate)
    return {
      detail: say`${host} showed a certificate that we can’t trust: ${certificate[1]}. Nothing was sent, the password neither.`,
      hint: 'Use the server name that the certificate is for; your mail provider names it.',
      field: 'host',
    };
  if (/starttls/i.test(text) || has('ETLS') || hasFlag(error, 'tlsFailed'))
    return {
      detail: say`${host} offers no encryption on port ${port}. Nothing was sent, the password neither.`,
      hint: say`Choose TLS with its port. ${ports[use]}`,
      field: 'security',
    };
  if (has('ETIMEDOUT', 'CONNECT_TIMEOUT', 'GREETING_TIMEOUT', 'UPGRADE_TIMEOUT', 'ETIMEOUT'))
    return {
      detail: say`${host} did not answer in time on port ${port}.`,
      hint: say`${security === 'tls' ? '' : 'A server that waits for TLS says nothing: choose TLS. '}A firewall may also block the port. ${ports[use]}`,
      field: 'port',
    };
  return null;
}

const certificates: [string, string][] = [
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'it is for another name'],
  ['CERT_HAS_EXPIRED', 'it has expired'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'it is signed by itself'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'it is signed by an authority of its own'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'a part of its chain is missing'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'its authority is not known here'],
];

/** 535 and the like; a server that is busy (454, UNAVAILABLE) has not judged the password. */
function isRefusedLogin(error: unknown): boolean {
  if (hasFlag(error, 'authenticationFailed')) return !/UNAVAILABLE|INUSE|LIMIT|SERVERBUG/.test(fieldOf(error, 'serverResponseCode'));
  return fieldOf(error, 'code') === 'EAUTH' && !fieldOf(error, 'responseCode').startsWith('4');
}

/** What the server itself said; never what we sent. */
function saidBy(error: unknown): string {
  const text = fieldOf(error, 'responseText') || fieldOf(error, 'response');
  return text
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .replace(/^(?:\w+ )?(?:NO|BAD|BYE) /, '')
    .trim()
    .slice(0, 200);
}

const messageOf = (error: unknown): string =>
  (error instanceof Error && error.message !== '' ? error.message : 'the connection failed').replaceAll(/\s+/g, ' ').slice(0, 200);

export function fieldOf(error: unknown, name: string): string {
  if (typeof error !== 'object' || error === null) return '';
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
const hasFlag = (error: unknown, name: string): boolean => typeof error === 'object' && error !== null && Reflect.get(error, name) === true;

/** Of the error and of what caused it: libraries put their own code in front of the system's. */
function codesOf(error: unknown): string[] {
  const own = [fieldOf(error, 'code'), fieldOf(error, 'originalCode')];
  const inner: unknown =
    typeof error === 'object' && error !== null ? (Reflect.get(error, 'cause') ?? Reflect.get(error, '_err')) : undefined;
  return [...own, ...(inner === undefined ? [] : [fieldOf(inner, 'code')])].filter((code) => code !== '');
}
