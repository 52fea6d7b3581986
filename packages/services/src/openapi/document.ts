import { say } from '@holdfast/errors';
import { isJsonObject, type JsonObject, type JsonValue } from '@holdfast/node-kit';
import { parse, YAMLParseError } from 'yaml';
import { unreadable } from '../description.ts';

/** References that lead to references, at most. */
const maxHops = 20;

/** A text as an object. JSON is tried as JSON: it is much quicker, and its errors are its own. Throws service.document with line and column. */
export function parseDocument(text: string): JsonObject {
  const value = text.trimStart().startsWith('{') ? parseJson(text) : parseYaml(text);
  if (isJsonObject(value)) return value;
  throw unreadable(
    'The document holds no object, so it describes no service.',
    undefined,
    'Choose the OpenAPI document itself, not a page about it.',
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(say`The document is not JSON: ${messageOf(error)}`);
  }
}

function parseYaml(text: string): unknown {
  try {
    // Aliases that repeat aliases are the only way in which a small text becomes a huge value.
    return parse(text, { maxAliasCount: 100, logLevel: 'error' });
  } catch (error) {
    const at = error instanceof YAMLParseError ? error.linePos?.[0] : undefined;
    const place = at ? `line ${at.line}, column ${at.col}` : undefined;
    throw unreadable(say`The document is neither JSON nor YAML: ${messageOf(error).split('\n')[0] ?? ''}`, place);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message.slice(0, 300) : 'it can’t be read');

/** A value in the document and the way to it, for errors. */
export interface Place {
  value: JsonValue | undefined;
  path: string;
}

/** Walks a document; references are followed inside it only, own properties only. */
export class Pages {
  readonly root: JsonObject;
  constructor(root: JsonObject) {
    this.root = root;
  }

  /** What stands there, behind its references. Throws service.document for one that leads out of the document, nowhere or in a circle. */
  follow({ value, path }: Place): Place {
    let place: Place = { value, path };
    for (let hops = 0; isJsonObject(place.value) && typeof place.value['$ref'] === 'string'; hops += 1) {
      if (hops === maxHops) throw unreadable(say`The reference at ${path} leads in a circle.`, path);
      place = this.#at(place.value['$ref'], place.path);
    }
    return place;
  }

  /** The object behind its references; null for anything else. */
  object(place: Place): { value: JsonObject; path: string } | null {
    const found = this.follow(place);
    return isJsonObject(found.value) ? { value: found.value, path: found.path } : null;
  }

  #at(ref: string, from: string): Place {
    if (!ref.startsWith('#'))
      throw unreadable(
        say`"${ref.slice(0, 200)}" at ${from} leads out of the document, and nothing is fetched from there.`,
        from,
        'Bundle the document into one file first.',
      );
    const keys = ref.replace(/^#\/?/, '').split('/').map(decodeKey);
    let value: JsonValue | undefined = this.root;
    for (const key of ref === '#' || ref === '#/' ? [] : keys) value = child(value, key);
    if (value === undefined) throw unreadable(say`"${ref.slice(0, 200)}" at ${from} leads to nothing.`, from);
    return { value, path: keys.join('.') };
  }
}

function decodeKey(key: string): string {
  const plain = key.replaceAll('~1', '/').replaceAll('~0', '~');
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}

function child(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (Array.isArray(value)) return /^\d+$/.test(key) ? value[Number(key)] : undefined;
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** One level down. */
export const below = ({ value, path }: Place, key: string): Place => ({
  value: child(value, key),
  path: path === '' ? key : `${path}.${key}`,
});

/** All entries of an object, or none. */
export const entriesOf = (place: Place): [string, Place][] =>
  isJsonObject(place.value) ? Object.keys(place.value).map((key) => [key, below(place, key)]) : [];

export const listOf = (place: Place): Place[] =>
  Array.isArray(place.value) ? place.value.map((_, index) => below(place, String(index))) : [];

/** On one line, without marks that change how it is shown. */
export const lineOf = (value: JsonValue | undefined, length: number): string =>
  typeof value === 'string'
    ? value
        .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
        .trim()
        .slice(0, length)
        .toWellFormed()
    : '';
