import { say } from '@holdfast/errors';
import { isJsonObject, type DescribedCall, type JsonValue, type WrittenField } from '@holdfast/node-kit';
import { unreadable } from '../description.ts';
import { below, entriesOf, lineOf, listOf, type Pages, type Place } from './document.ts';
import { schemaOf, shapeOf, type Shape } from './schema.ts';

/** Deeper parts of a body are asked for as JSON. */
const maxDepth = 4;
const maxFields = 300;

const places = ['path', 'query', 'header', 'cookie'] as const;
/** Set by us: from the body, from the credential, for every call. */
const ownHeaders = new Set(['accept', 'content-type', 'authorization']);

/** The parameters of an operation, its path's included. */
export function parameterFields(pages: Pages, pathItem: Place, operation: Place): WrittenField[] {
  const all = new Map<string, WrittenField>();
  for (const given of [...listOf(below(pathItem, 'parameters')), ...listOf(below(operation, 'parameters'))]) {
    const field = parameterField(pages, given);
    if (field) all.set(field.name, field);
  }
  if (all.size > maxFields) throw unreadable(say`It has ${all.size} parameters; at most ${maxFields} are asked for.`, operation.path);
  return [...all.values()];
}

function parameterField(pages: Pages, given: Place): WrittenField | null {
  const found = pages.object(given);
  const key = found?.value['name'];
  const place = places.find((one) => one === found?.value['in']);
  if (!found || typeof key !== 'string' || key === '' || key.length > 200 || !place)
    throw unreadable(say`The parameter at ${given.path} has no name, or no place that is known.`, given.path);
  if (place === 'header' && ownHeaders.has(key.toLowerCase())) return null;
  const media = entriesOf(below(found, 'content'))[0]?.[1];
  const shape = shapeOf(pages, schemaOf(media ?? found));
  const description = lineOf(found.value['description'], 1_000);
  return {
    ...fieldOf({ ...shape, ...(description === '' ? {} : { description }) }, { name: `${place}.${key}`, title: key }),
    // A parameter that is a whole document is written as JSON.
    ...(media ? { type: 'json' as const } : {}),
    required: place === 'path' || found.value['required'] === true,
    place,
    keys: [key],
    ...styleOf(place, found.value, media !== undefined),
    ...exampleOf(found.value['example']),
  };
}

const exampleOf = (example: JsonValue | undefined) =>
  typeof example === 'string' || typeof example === 'number' ? { placeholder: lineOf(String(example), 300) } : {};

const styles = ['simple', 'label', 'matrix', 'form', 'spaceDelimited', 'pipeDelimited', 'deepObject'] as const;

function styleOf(place: (typeof places)[number], given: Readonly<Record<string, JsonValue>>, isDocument: boolean) {
  if (isDocument) return {};
  const style = styles.find((one) => one === given['style']) ?? (place === 'query' || place === 'cookie' ? 'form' : 'simple');
  return { style, explode: typeof given['explode'] === 'boolean' ? given['explode'] : style === 'form' || style === 'deepObject' };
}

function fieldOf(shape: Pick<Shape, 'kind' | 'enum' | 'placeholder' | 'description'>, named: { name: string; title: string }) {
  return {
    ...named,
    ...(shape.description === '' ? {} : { description: shape.description }),
    type: shape.kind === 'object' ? ('json' as const) : shape.kind,
    ...(shape.enum && shape.enum.length > 0 ? { enum: shape.enum } : {}),
    ...(shape.placeholder === undefined ? {} : { placeholder: shape.placeholder }),
  };
}

type Body = Pick<DescribedCall, 'body' | 'contentType'> & { fields: WrittenField[] };

/** In the order in which we like to send. */
const manners: readonly { body: DescribedCall['body']; fits: RegExp }[] = [
  { body: 'json', fits: /^application\/([\w.+-]+\+)?json\b/i },
  { body: 'form', fits: /^application\/x-www-form-urlencoded\b/i },
  { body: 'multipart', fits: /^multipart\/form-data\b/i },
  { body: 'text', fits: /^text\//i },
  { body: 'text', fits: /^application\/([\w.+-]+\+)?(xml|yaml)\b/i },
  { body: 'file', fits: /./ },
];

/** The body of an operation as fields: objects taken apart by their parts' names, everything else as one field. */
export function bodyFields(pages: Pages, operation: Place): Body {
  const body = pages.object(below(operation, 'requestBody'));
  if (!body) return { body: 'none', contentType: '', fields: [] };
  const media = entriesOf(below(body, 'content'));
  for (const manner of manners) {
    const found = media.find(([type]) => manner.fits.test(type));
    if (found) return written(pages, manner.body, found, body.value['required'] === true);
  }
  return { body: 'none', contentType: '', fields: [] };
}

function written(pages: Pages, body: DescribedCall['body'], [type, media]: [string, Place], isRequired: boolean): Body {
  const contentType = body === 'multipart' || type.includes('*') ? '' : type.slice(0, 200);
  const whole = { name: 'body', title: 'Body' };
  if (body === 'text' || body === 'file')
    return { body, contentType, fields: [{ ...whole, type: body, required: isRequired, place: 'body', keys: ['body'] }] };
  const shape = shapeOf(pages, schemaOf(media));
  if (shape.kind !== 'object')
    return { body, contentType, fields: [{ ...fieldOf(shape, whole), required: isRequired, place: 'body', keys: ['body'] }] };
  const fields = flatten(pages, shape, { keys: [], isRequired, seen: [pages.follow(schemaOf(media)).path] });
  if (body === 'json') return { body, contentType, fields };
  const encoding = below(media, 'encoding');
  return { body, contentType, fields: fields.map((field) => ({ ...field, ...encodingOf(below(encoding, field.keys[0] ?? '').value) })) };
}

const encodingOf = (value: JsonValue | undefined) =>
  isJsonObject(value) && (value['style'] !== undefined || value['explode'] !== undefined) ? styleOf('query', value, false) : {};

interface Way {
  keys: string[];
  isRequired: boolean;
  /** Schemas on the way here: one that holds itself is asked for as JSON. */
  seen: string[];
}

function flatten(pages: Pages, shape: Shape, way: Way): WrittenField[] {
  const fields = shape.parts.flatMap(({ name, place, isRequired }) => {
    const { path } = pages.follow(place);
    const part = shapeOf(pages, place);
    if (part.isReadOnly) return [];
    const keys = [...way.keys, name];
    const required = way.isRequired && isRequired;
    if (part.kind === 'object' && keys.length < maxDepth && !way.seen.includes(path))
      return flatten(pages, part, { keys, isRequired: required, seen: [...way.seen, path] });
    return [
      {
        ...fieldOf(part, { name: `body.${keys.join('.')}`.slice(0, 300), title: keys.join(' › ').slice(0, 300) }),
        required,
        place: 'body' as const,
        keys,
      },
    ];
  });
  if (way.keys.length > 0) return fields;
  const unique = new Map(fields.map((field) => [field.name, field]));
  return [...unique.values()].slice(0, maxFields);
}
