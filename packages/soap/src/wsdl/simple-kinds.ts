import type { XmlKind } from '@holdfast/node-kit';
import { schemaNs } from '../namespaces.ts';
import { attributeOf, childOf, childrenOf, readQName, type QName, type XmlElement } from '../parse-xml.ts';
import type { SchemaSet } from './schema-set.ts';

/** XML Schema's own types by what they come down to; what is missing here is a text. */
const kinds: Readonly<Record<string, XmlKind>> = {
  boolean: 'boolean',
  decimal: 'decimal',
  float: 'double',
  double: 'double',
  date: 'date',
  dateTime: 'dateTime',
  time: 'time',
  base64Binary: 'base64',
  hexBinary: 'hex',
  anyType: 'xml',
  anySimpleType: 'text',
};
for (const name of [
  'integer',
  'long',
  'int',
  'short',
  'byte',
  'nonNegativeInteger',
  'positiveInteger',
  'nonPositiveInteger',
  'negativeInteger',
])
  Object.assign(kinds, { [name]: 'integer' });
for (const name of ['unsignedLong', 'unsignedInt', 'unsignedShort', 'unsignedByte']) Object.assign(kinds, { [name]: 'integer' });

export interface Simple {
  kind: XmlKind;
  enum?: string[];
}

export const builtIn = ({ name }: QName): Simple => ({ kind: kinds[name] ?? 'text' });

/** What a `simpleType` comes down to: lists and unions are texts. */
export function simpleOf(schemas: SchemaSet, node: XmlElement, depth = 0): Simple {
  const restriction = childOf(node, schemaNs, 'restriction');
  if (!restriction || depth > 20) return { kind: 'text' };
  const base = attributeOf(restriction, 'base');
  const inner = childOf(restriction, schemaNs, 'simpleType');
  const below =
    base === undefined
      ? inner
        ? simpleOf(schemas, inner, depth + 1)
        : { kind: 'text' as const }
      : simpleNamed(schemas, readQName(restriction, base), depth + 1);
  const values = childrenOf(restriction, schemaNs, 'enumeration').map((each) => attributeOf(each, 'value') ?? '');
  const fits = values.length > 0 && values.length <= 500 && values.every((value) => value.length <= 300);
  return fits ? { kind: below.kind, enum: values } : below;
}

/** The simple type of this name; a complex one or one that nobody describes counts as a text. */
export function simpleNamed(schemas: SchemaSet, name: QName, depth = 0): Simple {
  if (name.ns === schemaNs) return builtIn(name);
  const placed = schemas.find('type', name);
  return placed?.node.name === 'simpleType' ? simpleOf(schemas, placed.node, depth) : { kind: 'text' };
}
