import { isJsonObject, type JsonObject, type JsonValue, type OperationField } from '@holdfast/node-kit';
import { below, entriesOf, lineOf, listOf, type Pages, type Place } from './document.ts';

/** What the form needs to know of a schema. */
export interface Shape {
  kind: OperationField['type'] | 'object';
  enum?: string[];
  placeholder?: string;
  description: string;
  /** Its parts, for objects whose parts are named. */
  parts: { name: string; place: Place; isRequired: boolean }[];
  isReadOnly: boolean;
}

const kinds: Readonly<Record<string, Shape['kind']>> = {
  string: 'text',
  number: 'number',
  integer: 'integer',
  boolean: 'boolean',
  array: 'json',
  object: 'object',
};
const maxParts = 300;

/** A schema, 3.0 or 3.1, as a form sees it. What can be several things is JSON. */
export function shapeOf(pages: Pages, place: Place): Shape {
  const found = pages.object(place);
  if (!found) return { kind: 'json', description: '', parts: [], isReadOnly: false };
  const only = onlyChoice(pages, found);
  if (only) return { ...shapeOf(pages, only), description: lineOf(found.value['description'], 1_000) };
  const { value } = found;
  const parts = partsOf(pages, found, 0);
  const kind = kindOf(value, parts.length > 0);
  const values = Array.isArray(value['enum']) ? value['enum'] : 'const' in value ? [value['const'] ?? null] : [];
  const shown = shownOf(value) ?? value['default'];
  return {
    kind,
    ...(kind !== 'object' && kind !== 'json' && values.length > 0
      ? {
          enum: values
            .filter(isPlain)
            .slice(0, 500)
            .map((one) => String(one).slice(0, 300)),
        }
      : {}),
    ...(isPlain(shown) && shown !== '' ? { placeholder: lineOf(String(shown), 300) } : {}),
    description: lineOf(value['description'], 1_000),
    parts: kind === 'object' ? parts : [],
    isReadOnly: value['readOnly'] === true,
  };
}

const shownOf = (schema: JsonObject): JsonValue | undefined =>
  schema['example'] ?? (Array.isArray(schema['examples']) ? schema['examples'][0] : undefined);

const isPlain = (value: JsonValue | undefined): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

function kindOf(schema: JsonObject, hasParts: boolean): Shape['kind'] {
  const types = (Array.isArray(schema['type']) ? schema['type'] : [schema['type']]).filter((type) => type !== 'null' && type !== undefined);
  if (types.length > 1) return 'json';
  const [type] = types;
  if (hasParts && (type === undefined || type === 'object')) return 'object';
  if (type === 'object') return 'json';
  if (type === 'string' && (schema['format'] === 'binary' || schema['contentMediaType'] === 'application/octet-stream')) return 'file';
  const known = typeof type === 'string' ? kinds[type] : undefined;
  if (known) return known;
  return Array.isArray(schema['enum']) && schema['enum'].every((one) => typeof one === 'string') ? 'text' : 'json';
}

/** `oneOf` and `anyOf` with one choice beside null are that choice. */
function onlyChoice(pages: Pages, { value, path }: { value: JsonObject; path: string }): Place | null {
  for (const word of ['oneOf', 'anyOf']) {
    const choices = listOf(below({ value, path }, word)).filter((choice) => pages.object(choice)?.value['type'] !== 'null');
    if (choices.length === 1) return choices[0] ?? null;
  }
  return null;
}

/** The properties of an object and of what it is composed of; none where it may be several things. */
function partsOf(pages: Pages, place: { value: JsonObject; path: string }, depth: number): Shape['parts'] {
  if (depth > 5 || Array.isArray(place.value['oneOf']) || Array.isArray(place.value['anyOf'])) return [];
  const needed = new Set(requiredOf(pages, place, 0));
  const own = entriesOf(below(place, 'properties')).map(([name, part]) => ({ name, place: part, isRequired: needed.has(name) }));
  const composed = listOf(below(place, 'allOf')).flatMap((part) => {
    const found = pages.object(part);
    return found ? partsOf(pages, found, depth + 1) : [];
  });
  const all = new Map([...composed, ...own].map((part) => [part.name, { ...part, isRequired: part.isRequired || needed.has(part.name) }]));
  return [...all.values()].filter(({ name }) => name !== '' && name.length <= 200).slice(0, maxParts);
}

function requiredOf(pages: Pages, place: { value: JsonObject; path: string }, depth: number): string[] {
  const { required } = place.value;
  const own = Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];
  if (depth > 5) return own;
  return [
    ...own,
    ...listOf(below(place, 'allOf')).flatMap((part) => {
      const found = pages.object(part);
      return found ? requiredOf(pages, found, depth + 1) : [];
    }),
  ];
}

/** A schema of an answer, shortened to what a data picker shows: types, examples and parts, references resolved, `depth` levels deep. */
export function shortSchema(pages: Pages, place: Place, depth = 5): JsonObject {
  const budget = { parts: 300 };
  return shorten(pages, place, depth, budget);
}

function shorten(pages: Pages, place: Place, depth: number, budget: { parts: number }): JsonObject {
  const found = pages.object(place);
  if (!found || depth === 0) return {};
  const only = onlyChoice(pages, found);
  if (only) return shorten(pages, only, depth, budget);
  const types = Array.isArray(found.value['type']) ? found.value['type'].filter((type) => type !== 'null') : [found.value['type']];
  const type = types.length === 1 && typeof types[0] === 'string' ? types[0] : undefined;
  const description = lineOf(found.value['description'], 200);
  const about = description === '' ? {} : { description };
  if (type === 'array') return { type, items: shorten(pages, below(found, 'items'), depth - 1, budget), ...about };
  const parts = partsOf(pages, found, 0);
  if (parts.length > 0) {
    const shown = parts.slice(0, Math.max(0, budget.parts));
    budget.parts -= shown.length;
    const properties = Object.fromEntries(shown.map((part) => [part.name, shorten(pages, part.place, depth - 1, budget)]));
    return { type: 'object', properties, ...about };
  }
  const shown = shownOf(found.value);
  const example = typeof shown === 'string' ? lineOf(shown, 120) : isPlain(shown) ? shown : '';
  return { ...(type === undefined ? {} : { type }), ...about, ...(example === '' ? {} : { example }) };
}

/** The schema of a media type, parameter or header. */
export const schemaOf = (place: Place): Place => below(place, 'schema');
export const hasSchema = (place: Place): boolean => isJsonObject(schemaOf(place).value);
