import type { JsonObject, OperationField, SoapCall, XmlKind } from '@holdfast/node-kit';
import type { ReadPart, ReadType } from './types.ts';

type Field = SoapCall['fields'][number];
const maxFields = 200;
const maxDepth = 6;

const fieldTypes: Readonly<Record<XmlKind, OperationField['type']>> = {
  text: 'text',
  integer: 'integer',
  decimal: 'number',
  double: 'number',
  boolean: 'boolean',
  date: 'text',
  dateTime: 'text',
  time: 'text',
  base64: 'text',
  hex: 'text',
  xml: 'text',
};
const examples: Partial<Record<XmlKind, string>> = { date: '2026-11-23', dateTime: '2026-11-23T10:00:00Z', time: '10:00:00' };

/** What staff fill in for the element in the body: objects are flattened, lists and what holds itself are JSON. */
export function fieldsOf(types: readonly ReadType[], input: ReadPart | null): Field[] {
  if (input === null) return [];
  const made = new Map<string, Field>();
  const add = (part: ReadPart, keys: string[], isRequired: boolean) => {
    const field = fieldOf(types, { part, keys, isRequired });
    // An attribute may be called like an element beside it.
    const name = made.has(field.name) ? `${field.name}.${made.size}` : field.name;
    made.set(name, { ...field, name });
  };
  const visit = (part: ReadPart, keys: string[], { isRequired, within }: { isRequired: boolean; within: readonly number[] }): void => {
    if (part.fixed !== undefined) return;
    const type = typeof part.is === 'number' ? types[part.is] : undefined;
    const isOpened =
      type && typeof part.is === 'number' && !part.many && !within.includes(part.is) && within.length < maxDepth && made.size < maxFields;
    if (!isOpened || type.text !== undefined) return add(part, keys, isRequired);
    const inside = { within: [...within, part.is as number] }; // an opened part has the place of a type
    for (const each of type.attributes)
      visit(each, [...keys, `@${each.name}`], { ...inside, isRequired: isRequired && each.required === true });
    for (const each of type.parts) visit(each, [...keys, each.name], { ...inside, isRequired: isRequired && each.required === true });
  };
  if (typeof input.is === 'number' && types[input.is]?.text === undefined) visit(input, [], { isRequired: true, within: [] });
  else add(input, [input.name], true);
  return [...made.values()].filter(({ keys }) => keys.length > 0).slice(0, 500);
}

function fieldOf(types: readonly ReadType[], { part, keys, isRequired }: { part: ReadPart; keys: string[]; isRequired: boolean }): Field {
  const isJson = part.many === true || typeof part.is === 'number';
  const placeholder = isJson
    ? JSON.stringify(exampleOf(types, part, 0))
    : (part.default ?? (typeof part.is === 'string' ? examples[part.is] : undefined));
  return {
    name: keys
      .map((key) => key.replace('@', ''))
      .join('.')
      .slice(0, 300),
    title: (keys.length === 0 ? [part.name] : keys.map((key) => key.replace('@', ''))).join(' › ').slice(0, 300),
    ...(part.documentation === undefined ? {} : { description: part.documentation }),
    type: isJson || typeof part.is === 'number' ? 'json' : fieldTypes[part.is],
    required: isRequired && part.nillable !== true,
    ...(part.enum && !isJson ? { enum: part.enum } : {}),
    ...(placeholder !== undefined && placeholder !== '' && placeholder.length <= 300 ? { placeholder } : {}),
    place: 'body',
    keys,
  };
}

type Example = string | number | boolean | Example[] | { [name: string]: Example };
const exampleValues: Partial<Record<XmlKind, Example>> = { integer: 1, decimal: 1.5, double: 1.5, boolean: true };

/** How a list or an object may look like. */
function exampleOf(types: readonly ReadType[], part: ReadPart, depth: number): Example {
  const type = typeof part.is === 'number' ? types[part.is] : undefined;
  const simple = typeof part.is === 'string' ? (part.enum?.[0] ?? exampleValues[part.is] ?? examples[part.is] ?? 'text') : 'text';
  const one: Example =
    type === undefined || depth > 2
      ? simple
      : Object.fromEntries([
          ...(type.text === undefined ? [] : [['value', 'text']]),
          ...[...type.attributes, ...type.parts].slice(0, 4).map((each) => [each.name, exampleOf(types, each, depth + 1)]),
        ]);
  return part.many ? [one] : one;
}

const schemaTypes: Partial<Record<XmlKind, JsonObject>> = {
  integer: { type: 'integer' },
  decimal: { type: 'number' },
  double: { type: 'number' },
  boolean: { type: 'boolean' },
  xml: {},
};

/** More than these nobody chooses from. */
const maxShown = 500;

/** JSON schema of what an answer's element becomes; what lies deeper or further than a data picker shows is left open. */
export function responseSchemaOf(types: readonly ReadType[], part: ReadPart): JsonObject {
  let left = maxShown;
  const schemaOf = (each: ReadPart, within: readonly number[]): JsonObject => {
    left -= 1;
    const one = typeof each.is === 'string' ? (schemaTypes[each.is] ?? { type: 'string' }) : objectOf(each.is, within);
    return each.many ? { type: 'array', items: one } : one;
  };
  const objectOf = (place: number, within: readonly number[]): JsonObject => {
    const type = types[place];
    if (!type || within.includes(place) || within.length > 5) return {};
    const properties: Record<string, JsonObject> = {};
    if (type.text !== undefined) properties['value'] = schemaTypes[type.text] ?? { type: 'string' };
    for (const each of [...type.attributes, ...type.parts]) if (left > 0) properties[each.name] = schemaOf(each, [...within, place]);
    return { type: 'object', properties };
  };
  return schemaOf(part, []);
}
