import { createHash, createHmac } from 'node:crypto';
import { HoldfastError } from '@holdfast/errors';
import type { ResolvedCredential } from './credential.ts';

/** What is signed: the request as it goes out. */
interface Signed {
  method: string;
  url: URL;
  body: Buffer | null;
  /** Milliseconds since 1970. */
  now: number;
}

/**
 * The headers that a signing key makes for one attempt: a signature over the body, or over a text of `{method}`, `{path}` (with its query), `{host}`, `{timestamp}`,
 * `{body}` and `{bodyHash}` (hex, of the same algorithm), with the time and the key's id where the service asks for them. Made anew for each attempt.
 */
export function hmacHeaders(credential: ResolvedCredential, signed: Signed): Record<string, string> {
  const { settings = {}, secret } = credential;
  const algorithm = settings['algorithm'] === 'sha512' ? 'sha512' : 'sha256';
  const timestamp = timeOf(settings['timestampFormat'], signed.now);
  const mac = createHmac(algorithm, keyOf(secret['hmacKey'], settings['keyFormat']));
  for (const piece of pieces(settings['signedText'] ?? '{body}', { ...signed, algorithm, timestamp })) mac.update(piece);
  const signature = mac.digest(settings['encoding'] === 'base64' ? 'base64' : 'hex');
  return {
    [settings['header'] ?? 'x-signature']: `${prefixOf(settings['prefix'])}${signature}`,
    ...headerOf(settings['timestampHeader'], timestamp),
    ...headerOf(settings['keyIdHeader'], settings['keyId'] ?? ''),
  };
}

/** A form keeps no blank at a text's end: `sha256=` stands before the signature as it is, a word like `HMAC` with a blank behind it. */
const prefixOf = (prefix = ''): string => (/\w$/.test(prefix) ? `${prefix} ` : prefix);

const headerOf = (name: string | undefined, value: string): Record<string, string> =>
  name === undefined || name === '' ? {} : { [name]: value };

function timeOf(format: string | undefined, now: number): string {
  if (format === 'iso') return new Date(now).toISOString();
  return String(format === 'milliseconds' ? now : Math.floor(now / 1_000));
}

function keyOf(key: string | undefined, format: string | undefined): Buffer {
  if (key === undefined || key === '')
    throw new HoldfastError('credential.missing', {
      detail: 'The connection holds no signing key.',
      hint: 'Open the connection and enter it again.',
    });
  return Buffer.from(key, format === 'hex' ? 'hex' : format === 'base64' ? 'base64' : 'utf8');
}

/** The template's own words and what its places stand for; the body stays bytes. */
function pieces(
  template: string,
  { method, url, body, algorithm, timestamp }: Signed & { algorithm: string; timestamp: string },
): (string | Buffer)[] {
  const content = body ?? Buffer.alloc(0);
  return template.split(/(\{\w+\})/).map((piece) => {
    switch (piece) {
      case '{method}':
        return method;
      case '{path}':
        return `${url.pathname}${url.search}`;
      case '{host}':
        return url.host;
      case '{timestamp}':
        return timestamp;
      case '{body}':
        return content;
      case '{bodyHash}':
        return createHash(algorithm).update(content).digest('hex');
      default:
        return piece.replaceAll(String.raw`\n`, '\n');
    }
  });
}
