import { HoldfastError, say } from '@holdfast/errors';

// These decide where a message ends and whom it is for; only the connection itself may set them.
const reserved = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'upgrade',
  'te',
  'trailer',
  'expect',
  'proxy-authorization',
  'proxy-connection',
]);

/** Headers in lower case, refused when a line break or control character could smuggle in another header. */
export function checkHeaders(headers: Record<string, string>): Record<string, string> {
  const checked: Record<string, string> = {};
  for (const [given, value] of Object.entries(headers)) {
    const name = given.toLowerCase();
    if (!/^[!#$%&'*+\-.^_`|~0-9a-z]+$/.test(name)) throw refused(given, 'is not a header name');
    if (reserved.has(name)) throw refused(given, 'is set by us and can’t be given');
    // Bytes above 0x7f pass as latin1 at most; undici refuses the rest, so say it here in words.
    if (/[\r\n\0]/.test(value)) throw refused(given, 'has a line break in its value');
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) throw refused(given, 'has a character in its value that a header can’t carry');
    checked[name] = value;
  }
  return checked;
}

const refused = (name: string, reason: string): HoldfastError =>
  new HoldfastError('step.config', {
    detail: say`The header "${name.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 80)}" ${reason}. Nothing was sent.`,
    hint: 'Correct the header in the step or in the connection.',
    path: 'headers',
  });
