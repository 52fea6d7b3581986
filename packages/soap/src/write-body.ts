import { HoldfastError, say, type Words } from '@holdfast/errors';
import { escapeXml, type JsonObject, type JsonValue, type SoapCall, type XmlPart, type XmlType } from '@holdfast/node-kit';
import { instanceNs } from './namespaces.ts';
import { parseXml, XmlProblem, type XmlElement } from './parse-xml.ts';
import { escapeAttribute, writeValue } from './write-value.ts';

type Message = Pick<SoapCall, 'types' | 'input'>;

/**
 * The element in the body, with its values by part. Every element is in the namespace and the order that the schema gives it; values that were not given are
 * left out. Throws step.config: a value does not fit, one that is needed is missing, or one has a name that the service does not know.
 */
export function writeBody({ types, input }: Message, value: JsonValue): Body {
  if (input === null) return { namespaces: '', xml: '' };
  const prefixes = createPrefixes();
  const xml = writePart({ types, prefixes }, input, value, []);
  return { namespaces: prefixes.declared(), xml };
}

interface Body {
  /** To be declared around it. */
  namespaces: string;
  xml: string;
}

interface Writing {
  types: readonly XmlType[];
  prefixes: Prefixes;
}
interface Prefixes {
  of: (ns: string) => string;
  /** As attributes of the element around all. */
  declared: () => string;
}

/** `n1`, `n2`, …: the same for the same namespace. */
function createPrefixes(): Prefixes {
  const known = new Map<string, string>();
  return {
    of: (ns) => {
      const made = known.get(ns) ?? `n${known.size + 1}`;
      known.set(ns, made);
      return made;
    },
    declared: () => [...known].map(([ns, prefix]) => ` xmlns:${prefix}="${escapeAttribute(ns)}"`).join(''),
  };
}

const isGiven = (value: JsonValue | undefined): value is JsonValue => value !== undefined && value !== '';

function writePart(writing: Writing, part: XmlPart, value: JsonValue, path: readonly string[]): string {
  const here = [...path, part.name];
  // Numbered from the outside in.
  if (part.ns !== undefined) writing.prefixes.of(part.ns);
  if (part.many) {
    const items = Array.isArray(value) ? value : [value];
    return items.map((item, index) => writeOne(writing, part, item, [...here, String(index + 1)])).join('');
  }
  return writeOne(writing, part, value, here);
}

function writeOne(writing: Writing, part: XmlPart, value: JsonValue, here: readonly string[]): string {
  if (value === null) {
    if (!part.nillable) throw unfit(here, 'has no value, which the service does not allow there');
    return elementOf(writing, part, { attributes: [{ ns: instanceNs, name: 'nil', text: 'true' }], content: '' });
  }
  if (typeof part.is === 'string') return elementOf(writing, part, { attributes: [], content: simple(part, value, here) });
  const type = writing.types[part.is];
  if (!type) throw unfit(here, 'is described in a way that can’t be read');
  const given = partsOf(type, value, here);
  refuseUnknown(type, given, here);
  return elementOf(writing, part, { attributes: attributesOf(type, given, here), content: contentOf(writing, type, given, here) });
}

/** An object's values. A type with one part takes that part's value as its own: a list of lines in place of `{ "Line": [ … ] }`. */
function partsOf(type: XmlType, value: JsonValue, here: readonly string[]): JsonObject {
  if (type.text !== undefined && (value === null || typeof value !== 'object')) return { value };
  const [only] = type.parts;
  if (Array.isArray(value) && only?.many && type.parts.length === 1) return { [only.name]: value };
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw unfit(here, 'takes an object with named values');
  return value;
}

function refuseUnknown(type: XmlType, given: JsonObject, here: readonly string[]): void {
  const attributes = type.attributes ?? [];
  const known = new Set([
    ...type.parts.map(({ name }) => name),
    ...attributes.flatMap(({ name }) => [name, `@${name}`]),
    ...(type.text === undefined ? [] : ['value']),
  ]);
  const odd = Object.keys(given).find((name) => !known.has(name));
  if (odd !== undefined)
    throw unfit(
      [...here, odd.slice(0, 60)],
      say`is not known to the service, which takes ${[...known]
        .filter((name) => !name.startsWith('@'))
        .slice(0, 12)
        .join(', ')}`,
    );
}

function contentOf(writing: Writing, type: XmlType, given: JsonObject, here: readonly string[]): string {
  if (type.text !== undefined) return simple({ name: 'value', is: type.text }, given['value'] ?? '', here);
  return type.parts
    .map((part) => {
      const value = own(given, part.name) ?? part.fixed;
      if (isGiven(value)) return writePart(writing, part, value, here);
      if (!part.required) return '';
      return writeMissing(writing, part, here);
    })
    .join('');
}

/** What is required and was not given: nothing where nothing is allowed, an empty text where the values were given as empty. */
function writeMissing(writing: Writing, part: XmlPart, here: readonly string[]): string {
  if (part.many) throw unfit([...here, part.name], 'needs at least one item');
  if (part.nillable) return writeOne(writing, part, null, [...here, part.name]);
  const type = typeof part.is === 'number' ? writing.types[part.is] : undefined;
  // An object without required parts may be empty, as rpc style and wrapped lists have it.
  if (type && type.text === undefined && !type.parts.some(({ required }) => required))
    return elementOf(writing, part, { attributes: [], content: '' });
  throw unfit([...here, part.name], 'is needed by the service, and has no value');
}

const own = (given: JsonObject, name: string): JsonValue | undefined => (Object.hasOwn(given, name) ? given[name] : undefined);

interface WrittenAttribute {
  ns: string | undefined;
  name: string;
  text: string;
}

function attributesOf(type: XmlType, given: JsonObject, here: readonly string[]): WrittenAttribute[] {
  const names = new Set(type.parts.map(({ name }) => name));
  return (type.attributes ?? []).flatMap((attribute) => {
    const { name, ns } = attribute;
    const value = own(given, `@${name}`) ?? (names.has(name) ? undefined : own(given, name)) ?? attribute.fixed;
    if (isGiven(value) && value !== null) return [{ ns, name, text: plain(attribute, value, [...here, name]) }];
    if (attribute.required) throw unfit([...here, name], 'is needed by the service, and has no value');
    return [];
  });
}

const simple = (part: XmlPart, value: JsonValue, here: readonly string[]): string =>
  part.is === 'xml' ? freeXml(value, here) : escapeXml(plain(part, value, here));

function plain(part: XmlPart, value: JsonValue, here: readonly string[]): string {
  if (typeof part.is === 'number') throw unfit(here, 'takes one value');
  const written = writeValue(value, part.is, part.enum);
  if ('text' in written) return written.text;
  const shown = typeof value === 'object' ? JSON.stringify(value) : String(value);
  throw unfit(here, say`${written.problem}: "${shown.slice(0, 80)}"`);
}

/** XML that staff wrote themselves, as it was read: so it can't end the element around it. */
function freeXml(value: JsonValue, here: readonly string[]): string {
  if (typeof value !== 'string') return escapeXml(typeof value === 'object' ? JSON.stringify(value) : String(value));
  if (!value.trimStart().startsWith('<')) return escapeXml(value);
  try {
    return parseXml(`<x>${value}</x>`).children.map(rewritten).join('');
  } catch (error) {
    throw unfit(here, say`is no XML: ${error instanceof XmlProblem ? error.words : 'it can’t be read'}`);
  }
}

function rewritten({ name, ns, attributes, children, text }: XmlElement): string {
  const shown = attributes.map((each, index) =>
    each.ns === ''
      ? ` ${each.name}="${escapeAttribute(each.value)}"`
      : ` xmlns:a${index}="${escapeAttribute(each.ns)}" a${index}:${each.name}="${escapeAttribute(each.value)}"`,
  );
  return `<${name} xmlns="${escapeAttribute(ns)}"${shown.join('')}>${children.length > 0 ? children.map(rewritten).join('') : escapeXml(text)}</${name}>`;
}

/** No default namespace is declared around it, so a name without a prefix has none. */
function elementOf(
  { prefixes }: Writing,
  { name, ns }: XmlPart,
  { attributes, content }: { attributes: readonly WrittenAttribute[]; content: string },
): string {
  const qualified = (each: string | undefined, local: string): string => (each === undefined ? local : `${prefixes.of(each)}:${local}`);
  const tag = qualified(ns, name);
  const written = attributes
    .map((attribute) => ` ${qualified(attribute.ns, attribute.name)}="${escapeAttribute(attribute.text)}"`)
    .join('');
  return `<${tag}${written}>${content}</${tag}>`;
}

const unfit = (path: readonly string[], reason: Words): HoldfastError =>
  new HoldfastError('step.config', {
    detail: say`"${path.slice(1).join(' › ') || (path[0] ?? '')}" ${reason}. Nothing was sent.`,
    hint: 'Look at this value in the step, and where it comes from.',
    path: 'values',
  });
