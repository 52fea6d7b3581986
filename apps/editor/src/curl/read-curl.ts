import type { JsonObject } from '@holdfast/node-kit';
import { readBody } from './read-body.ts';
import { readOptions, type CurlCommand } from './read-options.ts';
import { splitWords } from './split-words.ts';
import { takeSecrets, type FoundSecret } from './take-secrets.ts';

/** What is worth telling of a command: an option that has no place here, a file that must be chosen, a further secret that was left out. */
export interface CurlNote {
  what: 'left-out' | 'file' | 'second-secret' | 'field-secret' | 'second-address' | 'shell';
  name: string;
}

/** A command as settings of "Call an API". The secret stands beside them, and nowhere in them. */
export interface ReadCurl {
  config: JsonObject;
  host: string;
  secret: FoundSecret | null;
  notes: CurlNote[];
}

export const looksLikeCurl = (text: string): boolean => /^\s*(?:\$\s+|>\s+)?curl(?:\.exe)?\s/i.test(text);

/** Options that mean nothing here: how the tool prints, and what we do anyway. */
const meaningless = new Set([
  'silent',
  'show-error',
  'verbose',
  'include',
  'location',
  'compressed',
  'fail',
  'fail-with-body',
  'progress-bar',
  'no-progress-meter',
  'no-buffer',
  'globoff',
  'http1.1',
  'http2',
  'basic',
  'url',
  'write-out',
  'remote-header-name',
  'no-keepalive',
  'tcp-nodelay',
  'cookie-jar',
  'retry',
  'retry-delay',
  'retry-max-time',
  'connect-timeout',
  'raw',
  'ipv4',
  'ipv6',
  'dump-header',
  'output-dir',
]);
const used = new Set([
  'request',
  'header',
  'data',
  'data-raw',
  'data-ascii',
  'data-binary',
  'data-urlencode',
  'json',
  'form',
  'form-string',
  'user',
  'user-agent',
  'referer',
  'cookie',
  'get',
  'head',
  'upload-file',
  'max-time',
  'output',
  'remote-name',
  'oauth2-bearer',
  'url-query',
]);
const methods = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** Null: this is no cURL command with a web address. */
export function readCurl(text: string): ReadCurl | null {
  const words = splitWords(text.trim().replace(/^[$>]\s+/, ''));
  const command = readOptions(words);
  const [address] = command?.urls ?? [];
  const url = URL.parse(address === undefined ? '' : /^[a-z]+:\/\//i.test(address) ? address : `http://${address}`);
  if (!command || !url || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null;
  const notes = notesOf(command, words);
  const body = readBody(command, notes);
  for (const pair of body.query) url.searchParams.append(...pair);
  const { headers, secret } = takeSecrets({ command, url, headers: headersOf(command), notes });
  const seconds = Number(valueOf(command, 'max-time'));
  const config: JsonObject = {
    method: methodOf(command, body.method, notes),
    url: `${url.origin}${readable(url.pathname)}`,
    ...queryOf(url),
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    ...body.config,
    ...(valueOf(command, 'output') !== undefined || hasOption(command, 'remote-name') ? { answerAs: 'file' } : {}),
    ...(seconds > 0 && seconds <= 300 ? { timeout: `${Math.ceil(seconds)}s` } : {}),
    tries: 'steady',
  };
  return { config, host: url.host, secret, notes };
}

export const valueOf = ({ options }: CurlCommand, name: string): string | undefined =>
  options.findLast((option) => option.name === name)?.value;
const hasOption = ({ options }: CurlCommand, wanted: string): boolean => options.some(({ name }) => name === wanted);

function notesOf({ urls, options, unknown }: CurlCommand, words: readonly string[]): CurlNote[] {
  const others = options.filter(({ name }) => !used.has(name) && !meaningless.has(name)).map(({ name }) => `--${name}`);
  return [
    ...[...new Set([...others, ...unknown])].map((name): CurlNote => ({ what: 'left-out', name })),
    ...urls.slice(1).map((name): CurlNote => ({ what: 'second-address', name: name.slice(0, 100) })),
    ...[...new Set(words.flatMap((word) => word.match(/\$\{?[A-Za-z_]\w*\}?|`[^`]+`|\$\([^)]*\)/g) ?? []))].map((name): CurlNote => ({
      what: 'shell',
      name,
    })),
  ];
}

function methodOf(command: CurlCommand, ofBody: string, notes: CurlNote[]): string {
  const said = (valueOf(command, 'request') ?? (hasOption(command, 'head') ? 'HEAD' : ofBody)).toUpperCase();
  if (methods.has(said)) return said;
  notes.push({ what: 'left-out', name: said });
  return said === 'HEAD' || said === 'OPTIONS' ? 'GET' : ofBody;
}

/** Placeholders of documentation stay readable: `/orders/{id}`. */
const readable = (path: string): string => path.replaceAll('%7B', '{').replaceAll('%7D', '}');

/** A parameter that stands there twice has no place among named values: then all of them stay in the address. */
function queryOf(url: URL): JsonObject {
  const pairs = [...url.searchParams];
  if (pairs.length === 0) return {};
  if (new Set(pairs.map(([name]) => name)).size < pairs.length || pairs.some(([name]) => name === ''))
    return { url: `${url.origin}${readable(url.pathname)}${url.search}` };
  return { query: Object.fromEntries(pairs) };
}

/** What we set ourselves, or what only a browser says. */
const ownHeaders =
  /^(?:host|content-length|connection|accept-encoding|sec-|priority$|pragma$|upgrade-insecure-requests$|te$|dnt$|expect$|transfer-encoding$)/i;

function headersOf(command: CurlCommand): Record<string, string> {
  const named = command.options.flatMap(({ name, value }): [string, string][] => {
    if (name === 'header') return headerLine(value);
    if (name === 'user-agent') return [['User-Agent', value]];
    if (name === 'referer') return [['Referer', value]];
    return name === 'cookie' && value.includes('=') ? [['Cookie', value]] : [];
  });
  return Object.fromEntries(named.filter(([name]) => !ownHeaders.test(name)));
}

/** `Name: value`, and `Name;` for an empty one. */
function headerLine(line: string): [string, string][] {
  const at = line.indexOf(':');
  if (at > 0) return [[line.slice(0, at).trim(), line.slice(at + 1).trim()]];
  return line.endsWith(';') ? [[line.slice(0, -1).trim(), '']] : [];
}
