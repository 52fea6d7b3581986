import { createHash, randomBytes } from 'node:crypto';
import { HoldfastError, say } from '@holdfast/errors';
import { escapeXml } from '@holdfast/node-kit';
import type { EgressCall } from './create-egress.ts';
import type { ResolvedCredential } from './credential.ts';

const oasis = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss';
const names = {
  security: `${oasis}-wssecurity-secext-1.0.xsd`,
  utility: `${oasis}-wssecurity-utility-1.0.xsd`,
  token: `${oasis}-username-token-profile-1.0`,
  encoding: `${oasis}-soap-message-security-1.0#Base64Binary`,
} as const;
/** How long a message with a timestamp is good for. */
const goodForMs = 300_000;

export const isSoapUser = (credential: ResolvedCredential | undefined): credential is ResolvedCredential =>
  credential?.kind === 'soap-username';

/** The body as it is sent: where the call says so stands who we are, anew for every attempt, or nothing. Throws step.config. */
export function bodyWithSecurity({ body, soap }: EgressCall, credential: ResolvedCredential | undefined, now: number): EgressCall['body'] {
  if (soap === undefined || typeof body !== 'string') {
    if (!isSoapUser(credential)) return body;
    throw new HoldfastError('step.config', {
      detail: say`The connection "${credential.name ?? ''}" proves who we are within SOAP messages, and this call is none. Nothing was sent.`,
      hint: 'Use it in a step "Call a SOAP service"; for other calls, take a connection of another kind.',
      path: 'credential',
    });
  }
  return body.replace(soap.securityMark, () => (isSoapUser(credential) ? securityHeader(credential, now) : ''));
}

/** OASIS Web Services Security UsernameToken Profile 1.0. */
function securityHeader({ secret, settings = {} }: ResolvedCredential, now: number): string {
  const created = new Date(now).toISOString();
  const nonce = randomBytes(16);
  const isDigest = settings['passwordType'] === 'digest';
  const password = secret['password'] ?? '';
  const proof = isDigest
    ? createHash('sha1')
        .update(Buffer.concat([nonce, Buffer.from(created), Buffer.from(password)]))
        .digest('base64')
    : password;
  const proved = isDigest
    ? `<wsse:Nonce EncodingType="${names.encoding}">${nonce.toString('base64')}</wsse:Nonce><wsu:Created>${created}</wsu:Created>`
    : '';
  const timestamp =
    settings['timestamp'] === 'yes'
      ? `<wsu:Timestamp><wsu:Created>${created}</wsu:Created><wsu:Expires>${new Date(now + goodForMs).toISOString()}</wsu:Expires></wsu:Timestamp>`
      : '';
  const must = settings['mustUnderstand'] === 'no' ? '' : ' soap:mustUnderstand="1"';
  return (
    `<wsse:Security xmlns:wsse="${names.security}" xmlns:wsu="${names.utility}"${must}>${timestamp}<wsse:UsernameToken>` +
    `<wsse:Username>${escapeXml(secret['username'] ?? '')}</wsse:Username>` +
    `<wsse:Password Type="${names.token}#${isDigest ? 'PasswordDigest' : 'PasswordText'}">${escapeXml(proof)}</wsse:Password>${proved}` +
    '</wsse:UsernameToken></wsse:Security>'
  );
}

/** A fault is the service's own answer; it comes with the status 500 (SOAP 1.1, section 6.2). 503 and the gateways' never are one. */
export const isSoapFault = ({ status, body }: { status: number; body: Buffer }): boolean => {
  if (status !== 500) return false;
  const start = body
    .subarray(0, 64 * 1024)
    .toString('latin1')
    .replaceAll('\0', '');
  return /<(?:[\w.-]+:)?Envelope[\s/>]/.test(start) && /<(?:[\w.-]+:)?Fault[\s/>]/.test(start);
};
