import { escapeXml, type JsonValue } from '@holdfast/node-kit';

/** Takes secrets out of what came back from outside. Everything that holds none is given back as it was. */
export interface SecretCutter {
  text: (text: string) => string;
  /** Names of fields included. As deep as a parsed body may be. */
  value: <T extends JsonValue>(value: T) => T;
  /** As many bytes as before: whoever reads a file counts them. */
  bytes: (bytes: Buffer) => Buffer;
}

/** What stands in a text in place of a secret. */
export const cutMark = '…';

/** A shorter one may be a word like any other, which would be missing in what a service says. */
const shortestInAnswers = 8;

/**
 * Some services repeat what they were sent, as they got it or as they write it down: in an address, in JSON, XML or HTML, in hex, or within a longer text in
 * base64. Secrets shorter than `shortest` characters stay.
 */
export function cutterOf(secrets: readonly string[], shortest = shortestInAnswers): SecretCutter {
  const written = [...new Set(secrets.filter(({ length }) => length >= shortest).flatMap((secret) => formsOf(secret.toWellFormed())))]
    .filter(({ length }) => length >= shortest)
    .toSorted((a, b) => b.length - a.length);
  if (written.length === 0) return { text: (text) => text, value: (value) => value, bytes: (bytes) => bytes };
  const any = new RegExp(written.map((form) => form.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)).join('|'), 'g');
  const text = (given: string): string => (given.length < shortest || given.search(any) < 0 ? given : given.replaceAll(any, cutMark));
  return {
    text,
    value: (value) => cutValue(value, text) as typeof value, // the shape is kept, only texts change
    bytes: (bytes) => written.reduce((kept, form) => maskBytes(kept, form), bytes),
  };
}

/** As other programs write the same text. */
function formsOf(secret: string): string[] {
  const inJson = JSON.stringify(secret).slice(1, -1);
  const inAddress = [encodeURIComponent(secret), new URLSearchParams([['', secret]]).toString().slice(1)];
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const inBase64 = [0, 1, 2].map((shift) => withinBase64(bytes, shift));
  return [
    secret,
    ...inAddress,
    ...inAddress.map((address) => address.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())),
    inJson,
    inJson.replaceAll('/', String.raw`\/`),
    ...[inGo, inPython].map((escaped) => inJson.replaceAll(escaped, asCode)),
    inJson.replaceAll(inPython, asCode).replaceAll('/', String.raw`\/`), // PHP
    escapeXml(secret),
    secret.replaceAll(/[&<>"']/g, (character) => inHtml[character] ?? character),
    hex,
    hex.toUpperCase(),
    ...inBase64,
    ...inBase64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ];
}

/** What JSON writers of these languages, each with its own caution, write as codes. */
const inGo = /[&<>]/g;
const inPython = /[\u007f-\uffff]/g;
const asCode = (character: string): string => String.raw`\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

const inHtml: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };

/** The part of a longer text in base64 that is the same whatever stands before and behind: six bits a character. */
function withinBase64(bytes: Buffer, shift: number): string {
  const whole = Buffer.concat([Buffer.alloc(shift), bytes]);
  return whole.toString('base64').slice(Math.ceil((shift * 8) / 6), Math.floor((whole.length * 8) / 6));
}

function maskBytes(bytes: Buffer, form: string): Buffer {
  const wanted = Buffer.from(form);
  let kept = bytes;
  for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + wanted.length)) {
    if (kept === bytes) kept = Buffer.from(bytes);
    kept.fill('*', at, at + wanted.length);
  }
  return kept;
}

function cutValue(value: JsonValue, text: (text: string) => string): JsonValue {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => cutValue(item, text));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value);
  const cut = entries.map(([key, item]): [string, JsonValue] => [text(key), cutValue(item, text)]);
  return cut.every(([key, item], index) => key === entries[index]?.[0] && item === entries[index][1]) ? value : Object.fromEntries(cut);
}
