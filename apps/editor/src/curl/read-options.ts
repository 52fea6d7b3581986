/** A cURL command taken apart: what it names, in its order. */
export interface CurlOption {
  /** The long name, `--` left out. */
  name: string;
  value: string;
}

export interface CurlCommand {
  urls: string[];
  options: CurlOption[];
  /** What we don't know, as it was written. */
  unknown: string[];
}

/** One letter for each option that people and browsers write; `:` behind those that take a value. */
const shortNames: Readonly<Record<string, string>> = {
  X: 'request:',
  H: 'header:',
  d: 'data:',
  F: 'form:',
  u: 'user:',
  A: 'user-agent:',
  e: 'referer:',
  b: 'cookie:',
  G: 'get',
  I: 'head',
  T: 'upload-file:',
  m: 'max-time:',
  x: 'proxy:',
  U: 'proxy-user:',
  o: 'output:',
  O: 'remote-name',
  E: 'cert:',
  c: 'cookie-jar:',
  w: 'write-out:',
  k: 'insecure',
  L: 'location',
  s: 'silent',
  S: 'show-error',
  v: 'verbose',
  i: 'include',
  f: 'fail',
  J: 'remote-header-name',
  '#': 'progress-bar',
  '0': 'http1.0',
  '4': 'ipv4',
  '6': 'ipv6',
};
const withValue = new Set([
  ...Object.values(shortNames)
    .filter((name) => name.endsWith(':'))
    .map((name) => name.slice(0, -1)),
  'url',
  'data-raw',
  'data-ascii',
  'data-binary',
  'data-urlencode',
  'json',
  'form-string',
  'oauth2-bearer',
  'connect-timeout',
  'retry',
  'retry-delay',
  'retry-max-time',
  'key',
  'cacert',
  'resolve',
  'max-redirs',
  'aws-sigv4',
  'url-query',
  'output-dir',
  'limit-rate',
  'ciphers',
  'socks5',
  'socks5-hostname',
  'preproxy',
  'noproxy',
  'interface',
  'dump-header',
  'config',
  'request-target',
  'proto',
  'tls-max',
]);
const withoutValue = new Set([
  ...Object.values(shortNames).filter((name) => !name.endsWith(':')),
  'compressed',
  'http1.1',
  'http2',
  'http3',
  'tlsv1.2',
  'tlsv1.3',
  'basic',
  'digest',
  'ntlm',
  'negotiate',
  'anyauth',
  'fail-with-body',
  'no-buffer',
  'globoff',
  'path-as-is',
  'post301',
  'post302',
  'location-trusted',
  'no-progress-meter',
  'ssl-reqd',
  'tcp-nodelay',
  'no-keepalive',
  'raw',
]);

/** The words of a command, `curl` first. Null: it is none. */
export function readOptions([first, ...words]: readonly string[]): CurlCommand | null {
  if (first === undefined || !/^(?:.*[/\\])?curl(?:\.exe)?$/i.test(first)) return null;
  const command: CurlCommand = { urls: [], options: [], unknown: [] };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word.startsWith('--') && word.length > 2) at += long(command, word.slice(2), words[at + 1]);
    else if (word.startsWith('-') && word.length > 1) at += short(command, word.slice(1), words[at + 1]);
    else command.urls.push(word);
  }
  return command;
}

/** Answers how many further words it took. */
function long(command: CurlCommand, word: string, next: string | undefined): number {
  const [name = '', ...rest] = word.split('=');
  if (rest.length > 0 && withValue.has(name)) return add(command, name, rest.join('='), 0);
  if (withValue.has(word)) return add(command, word, next ?? '', 1);
  if (withoutValue.has(word)) return add(command, word, '', 0);
  command.unknown.push(`--${word}`);
  return 0;
}

/** `-sSL`, `-XPOST`, `-H 'a: b'`. */
function short(command: CurlCommand, letters: string, next: string | undefined): number {
  for (const [index, letter] of [...letters].entries()) {
    const name = shortNames[letter];
    if (name === undefined) command.unknown.push(`-${letter}`);
    else if (!name.endsWith(':')) add(command, name, '', 0);
    else {
      const rest = letters.slice(index + 1);
      return add(command, name.slice(0, -1), rest === '' ? (next ?? '') : rest, rest === '' ? 1 : 0);
    }
  }
  return 0;
}

function add(command: CurlCommand, name: string, value: string, taken: number): number {
  if (name === 'url') command.urls.push(value);
  else command.options.push({ name, value });
  return taken;
}
