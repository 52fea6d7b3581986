import type { JsonObject, JsonValue, SoapCall, XmlKind, XmlPart, XmlType } from '@holdfast/node-kit';
import { instanceNs } from './namespaces.ts';
import type { XmlElement } from './parse-xml.ts';

/** What an element says, as JSON: named values, lists where the service says that there may be several, and numbers as long as none of their digits is lost. */
export function readElement(types: SoapCall['types'], element: XmlElement, part: XmlPart | null): JsonValue {
  if (isNil(element)) return null;
  const is = part?.is ?? 'xml';
  if (is === 'xml') return readFree(element);
  if (typeof is === 'string') return readText(element.text, is);
  const type = types[is];
  return type ? readTyped(types, element, type) : readFree(element);
}

const isNil = (element: XmlElement): boolean => {
  const nil = element.attributes.find(({ ns, name }) => ns === instanceNs && name === 'nil')?.value.trim();
  return nil === 'true' || nil === '1';
};

function readTyped(types: SoapCall['types'], element: XmlElement, type: XmlType): JsonValue {
  const made = new Map<string, JsonValue>();
  if (type.text !== undefined) made.set('value', readText(element.text, type.text));
  for (const attribute of type.attributes ?? []) {
    const found = element.attributes.find(({ name }) => name === attribute.name);
    if (found) made.set(attribute.name, readText(found.value, typeof attribute.is === 'string' ? attribute.is : 'text'));
  }
  for (const part of type.parts) {
    // By its name alone: servers are less strict about namespaces in what they say than in what they hear.
    const found = element.children.filter(({ name }) => name === part.name);
    const values = found.map((child) => readElement(types, child, part));
    if (part.many) made.set(part.name, values);
    else if (values[0] !== undefined) made.set(part.name, values[0]);
  }
  addUnknown(made, element, new Set(type.parts.map(({ name }) => name)));
  return objectOf(made);
}

/** What the schema does not name is kept all the same, as it stands there. In one pass: a service may name each of its 200,000 elements differently. */
function addUnknown(made: Map<string, JsonValue>, element: XmlElement, known: ReadonlySet<string>): void {
  const unknown = element.children.filter(({ name }) => !known.has(name));
  for (const [name, children] of Map.groupBy(unknown, (child) => child.name)) {
    const values = children.map((child) => (isNil(child) ? null : readFree(child)));
    made.set(name, values.length === 1 ? (values[0] ?? null) : values);
  }
}

function readFree(element: XmlElement): JsonValue {
  const attributes = element.attributes.filter(({ ns, name }) => ns !== instanceNs && name !== 'schemaLocation');
  if (element.children.length === 0 && attributes.length === 0) return cleanText(element.text);
  const made = new Map<string, JsonValue>(attributes.map(({ name, value }) => [name, cleanText(value)]));
  if (element.children.length === 0) made.set('value', cleanText(element.text));
  addUnknown(made, element, new Set());
  return objectOf(made);
}

/** `__proto__` is a name like any other. */
const objectOf = (made: ReadonlyMap<string, JsonValue>): JsonObject => Object.fromEntries(made);

/** A text of this kind. What does not fit its kind stays the text that it is. */
export function readText(text: string, kind: XmlKind): JsonValue {
  if (kind === 'text' || kind === 'xml') return cleanText(text);
  const trimmed = text.trim();
  if (kind === 'boolean') return trimmed === 'true' || trimmed === '1' ? true : trimmed === 'false' || trimmed === '0' ? false : trimmed;
  if (kind === 'integer' || kind === 'decimal' || kind === 'double') return readNumber(trimmed);
  return cleanText(trimmed);
}

const longestNumber = 400;

/** Fifteen significant digits always survive a double (IEEE 754); longer order numbers stay texts. */
function readNumber(text: string): JsonValue {
  // No number is longer, and the patterns below take their time over a text of megabytes.
  if (text.length > longestNumber) return text;
  const digits = text.replace(/e.*$/i, '').replaceAll(/[^\d]/g, '').replace(/^0+/, '').length;
  const number = Number(text);
  return text === '' || digits > 15 || !Number.isFinite(number) ? text : number;
}

// PostgreSQL's jsonb takes no NUL; XML can't hold one.
const cleanText = (text: string): string => text.toWellFormed();
