import { jsonValue, type JsonObject, type JsonValue } from '@holdfast/node-kit';
import type { CurlNote } from './read-curl.ts';
import type { CurlCommand } from './read-options.ts';
import { emptySecrets } from './take-secrets.ts';

interface Body {
  /** What is sent where nothing else is said. */
  method: 'GET' | 'POST' | 'PUT';
  config: JsonObject;
  /** With `-G` what would be the body belongs into the address. */
  query: [string, string][];
}

const dataNames = new Set(['data', 'data-raw', 'data-ascii', 'data-binary', 'data-urlencode', 'json']);

/** The body that a command sends. Files that it names must be chosen here: their content is on another machine. */
export function readBody(command: CurlCommand, notes: CurlNote[]): Body {
  const { options } = command;
  const query = options.filter(({ name }) => name === 'url-query').flatMap(({ value }) => pairsOf(value));
  if (options.some(({ name }) => name === 'upload-file')) {
    notes.push({ what: 'file', name: options.find(({ name }) => name === 'upload-file')?.value ?? '' });
    return { method: 'PUT', config: { bodyKind: 'file' }, query };
  }
  const parts = options.filter(({ name }) => name === 'form' || name === 'form-string');
  if (parts.length > 0) return { method: 'POST', config: multipart(parts, notes), query };
  const data = options.filter(({ name }) => dataNames.has(name));
  if (data.length === 0) return { method: 'GET', config: {}, query };
  const texts = data.map(({ name, value }) => dataOf(name, value, notes)).filter((text) => text !== null);
  const text = texts.join(options.some(({ name }) => name === 'json') ? '' : '&');
  if (options.some(({ name }) => name === 'get')) return { method: 'GET', config: {}, query: [...query, ...pairsOf(text)] };
  if (texts.length === 0) return { method: 'POST', config: { bodyKind: 'file' }, query };
  return { method: 'POST', config: textBody(command, text, notes), query };
}

/** Null: it stands in a file. */
function dataOf(option: string, value: string, notes: CurlNote[]): string | null {
  const isFile = option !== 'data-raw' && value.startsWith('@');
  if (isFile) {
    notes.push({ what: 'file', name: value.slice(1) });
    return null;
  }
  if (option !== 'data-urlencode') return value;
  const at = value.indexOf('=');
  return at < 0 ? encodeURIComponent(value) : `${value.slice(0, at)}${at === 0 ? '' : '='}${encodeURIComponent(value.slice(at + 1))}`;
}

const pairsOf = (text: string): [string, string][] => [...new URLSearchParams(text)];

function textBody({ options }: CurlCommand, text: string, notes: CurlNote[]): JsonObject {
  const headers = options.filter(({ name }) => name === 'header').map(({ value }) => value.toLowerCase());
  const type = headers.find((header) => header.startsWith('content-type:')) ?? '';
  const saysJson = type.includes('json') || options.some(({ name }) => name === 'json');
  const json = jsonOf(text);
  if (json !== undefined && (saysJson || /^\s*[[{]/.test(text))) {
    const found = notes.length;
    const kept = emptySecrets(json, notes);
    return { bodyKind: 'json', body: notes.length > found ? JSON.stringify(kept, null, 2) : text };
  }
  const pairs = pairsOf(text);
  const isForm = type === '' || type.includes('form-urlencoded');
  const isPlain =
    pairs.length > 0 &&
    text.includes('=') &&
    new Set(pairs.map(([name]) => name)).size === pairs.length &&
    pairs.every(([name]) => name !== '');
  if (isForm && isPlain) return { bodyKind: 'form', form: emptySecrets(Object.fromEntries(pairs), notes) };
  return { bodyKind: 'text', text, ...(type === '' ? { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } } : {}) };
}

function jsonOf(text: string): JsonValue | undefined {
  try {
    return jsonValue.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function multipart(parts: readonly { name: string; value: string }[], notes: CurlNote[]): JsonObject {
  const form: Record<string, string> = {};
  const files: Record<string, string> = {};
  for (const { name: option, value } of parts) {
    const at = value.indexOf('=');
    const [name, content] = at < 0 ? [value, ''] : [value.slice(0, at), value.slice(at + 1)];
    if (option === 'form' && /^[@<]/.test(content)) {
      files[name] = '';
      notes.push({ what: 'file', name: content.slice(1).split(';')[0] ?? '' });
    } else form[name] = option === 'form' ? (content.split(';type=')[0] ?? '') : content;
  }
  return {
    bodyKind: 'multipart',
    ...(Object.keys(form).length > 0 ? { form: emptySecrets(form, notes) } : {}),
    ...(Object.keys(files).length > 0 ? { files } : {}),
  };
}
