import { HoldfastError, say } from '@holdfast/errors';
import { cleanJson, type JsonValue } from '@holdfast/node-kit';

export const maxJsonDepth = 100;
const forbiddenKeys = new Set(['__proto__']);

interface StrictOptions {
  /** Refuse what JSON.parse would silently lose: repeated keys, and keys that reach prototypes. For the API, not for hooks. */
  refuseLossyKeys: boolean;
}

/** JSON from bytes: valid UTF-8, bounded depth, no NUL or lone surrogate in what comes out. Throws `request.malformed`. */
export function parseStrictJson(bytes: Uint8Array, { refuseLossyKeys }: StrictOptions): JsonValue {
  const text = decodeUtf8(bytes);
  checkDepth(text);
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue; // JSON.parse yields nothing else
  } catch (error) {
    throw new HoldfastError('request.malformed', {
      detail: say`The body is not JSON: ${error instanceof Error ? error.message.slice(0, 200) : 'it could not be read'}.`,
      hint: 'Check it with a JSON validator; text must be in double quotes.',
    });
  }
  if (refuseLossyKeys) checkKeys(text);
  return cleanJson(value);
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    // Drops a byte order mark, as many Windows programs write one.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new HoldfastError('request.malformed', { detail: 'The body is not valid UTF-8.', hint: 'Send JSON in UTF-8.' });
  }
}

/** One pass without recursion, before anything recursive sees the text. */
function checkDepth(text: string): void {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (isInString) {
      if (code === 0x5c) index++;
      else if (code === 0x22) isInString = false;
    } else if (code === 0x22) isInString = true;
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > maxJsonDepth)
        throw new HoldfastError('request.malformed', { detail: say`The body is nested deeper than ${maxJsonDepth} levels.` });
    } else if (code === 0x5d || code === 0x7d) depth--;
  }
}

/** Only for text that JSON.parse accepted, so a string followed by ":" is a key. */
function checkKeys(text: string): void {
  const open: (Set<string> | null)[] = [];
  const strings = /"(?:[^"\\]|\\.)*"(?=(\s*:)?)|[{}[\]]/gs;
  for (const found of text.matchAll(strings)) {
    const token = found[0];
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token === '}' || token === ']') open.pop();
    else if (found[1] !== undefined) checkKey(String(JSON.parse(token)), open.at(-1));
  }
}

function checkKey(key: string, siblings: Set<string> | null | undefined): void {
  if (forbiddenKeys.has(key)) throw new HoldfastError('request.malformed', { detail: say`The key "${key}" is not accepted.` });
  if (siblings?.has(key))
    throw new HoldfastError('request.malformed', {
      detail: say`The key "${key.slice(0, 80)}" appears twice in one object, so one of its values would be lost.`,
    });
  siblings?.add(key);
}
