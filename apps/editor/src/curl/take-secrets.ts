import type { JsonValue } from '@holdfast/node-kit';
import type { CurlNote } from './read-curl.ts';
import type { CurlCommand } from './read-options.ts';

/** A secret of a command, as the credential that it becomes. */
export type FoundSecret =
  | { kind: 'basic'; secret: { username: string; password: string } }
  | { kind: 'bearer'; secret: { token: string } }
  | { kind: 'header' | 'query'; secret: { name: string; value: string } };

/** The same in a body, where plainer names mean plainer things. */
const secretField = /password|passwd|(?:^|[-_])pwd$|secret|api[-_]?key|(?:access|refresh|auth|id)[-_]?token|private[-_]?key/i;

/** A body without the secrets in it: their fields stay, empty. A step's own way to them is a variable or a credential. */
export function emptySecrets(value: JsonValue, notes: CurlNote[]): JsonValue {
  if (Array.isArray(value)) return value.map((item) => emptySecrets(item, notes));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => {
      if (!secretField.test(name) || (typeof part !== 'string' && typeof part !== 'number') || part === '')
        return [name, emptySecrets(part, notes)];
      notes.push({ what: 'field-secret', name });
      return [name, ''];
    }),
  );
}

interface Given {
  command: CurlCommand;
  /** Loses its secrets. */
  url: URL;
  headers: Readonly<Record<string, string>>;
  notes: CurlNote[];
}

/** Names that a key goes by. Rather one too many: what is taken out can be given back as a credential, what stays is in the flow for ever. */
const secretHeader =
  /^(?:authorization|proxy-authorization|cookie)$|api-?key|apikey|(?:^|[-_])(?:token|secret|auth|key|signature|session|password)$|access-?token|auth-?token/i;
const secretParameter =
  /^(?:api[-_]?key|apikey|key|token|access[-_]?token|auth[-_]?token|auth|secret|client[-_]?secret|password|passwd|pwd|sig|signature|session(?:id)?|subscription-key|appid|app[-_]?key)$/i;

/** Takes every secret out of address and headers; the first one can become the call's credential. */
export function takeSecrets({ command, url, headers, notes }: Given): { headers: Record<string, string>; secret: FoundSecret | null } {
  const found: FoundSecret[] = [];
  const user = command.options.findLast(({ name }) => name === 'user')?.value;
  const bearer = command.options.findLast(({ name }) => name === 'oauth2-bearer')?.value;
  if (bearer !== undefined) found.push({ kind: 'bearer', secret: { token: bearer } });
  if (user !== undefined) found.push(userOf(user));
  if (url.username !== '' || url.password !== '') {
    found.push({ kind: 'basic', secret: { username: decoded(url.username), password: decoded(url.password) } });
    url.username = '';
    url.password = '';
  }
  const kept = Object.entries(headers).filter(([name, value]) => {
    if (!secretHeader.test(name) || value === '') return true;
    found.push(ofHeader(name, value));
    return false;
  });
  for (const [name, value] of url.searchParams)
    if (secretParameter.test(name) && value !== '') found.push({ kind: 'query', secret: { name, value } });
  for (const { secret } of found) if ('name' in secret) url.searchParams.delete(secret.name);
  // Authorization before all else; of the others the first.
  const [first, ...others] = found.toSorted((one, other) => rank(one) - rank(other));
  for (const other of others) notes.push({ what: 'second-secret', name: 'name' in other.secret ? other.secret.name : 'Authorization' });
  return { headers: Object.fromEntries(kept), secret: first ?? null };
}

const rank = ({ kind, secret }: FoundSecret): number =>
  kind === 'basic' || kind === 'bearer' ? 0 : 'name' in secret && /cookie/i.test(secret.name) ? 2 : 1;

function userOf(user: string): FoundSecret {
  const at = user.indexOf(':');
  return {
    kind: 'basic',
    secret: at < 0 ? { username: user, password: '' } : { username: user.slice(0, at), password: user.slice(at + 1) },
  };
}

function ofHeader(name: string, value: string): FoundSecret {
  const [scheme = '', ...rest] = value.split(' ');
  const proof = rest.join(' ').trim();
  if (/^authorization$/i.test(name) && /^bearer$/i.test(scheme)) return { kind: 'bearer', secret: { token: proof } };
  const pair = /^authorization$/i.test(name) && /^basic$/i.test(scheme) ? base64(proof) : null;
  return pair?.includes(':') ? userOf(pair) : { kind: 'header', secret: { name, value } };
}

function base64(text: string): string | null {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text), (sign) => sign.codePointAt(0) ?? 0));
  } catch {
    return null;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
