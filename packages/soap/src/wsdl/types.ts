import type { XmlKind, XmlPart, XmlType } from '@holdfast/node-kit';
import { schemaNs } from '../namespaces.ts';
import { attributeOf, childOf, readQName, XmlProblem, type QName, type XmlElement } from '../parse-xml.ts';
import { documentationOf, type Placed, type SchemaSet } from './schema-set.ts';
import { builtIn, simpleNamed, simpleOf, type Simple } from './simple-kinds.ts';

/** A part with what only the form needs. */
export type ReadPart = XmlPart & { documentation?: string; default?: string };
export interface ReadType extends XmlType {
  parts: ReadPart[];
  attributes: ReadPart[];
}

/** The types of a document, each read once: one that holds itself refers to itself by its place. */
export interface TypeReader {
  types: ReadType[];
  /** A top-level element. Throws XmlProblem. */
  element: (name: QName) => ReadPart;
  /** A part of a message in rpc style: an accessor without a namespace. */
  accessor: (name: string, type: QName) => ReadPart;
}

interface Reading {
  schemas: SchemaSet;
  types: ReadType[];
  /** Places of the types that have a name. */
  known: Map<string, number>;
  /** How many pieces may still be looked at: groups that name groups grow without end. */
  left: number;
}
const maxPieces = 100_000;

export function createTypeReader(schemas: SchemaSet): TypeReader {
  const reading: Reading = { schemas, types: [], known: new Map(), left: maxPieces };
  return {
    types: reading.types,
    element: (name) => readElement(reading, schemas.get('element', name), { isGlobal: true }),
    accessor: (name, type) => ({ name, ...typeNamed(reading, type), required: true }),
  };
}

function count(reading: Reading): void {
  reading.left -= 1;
  if (reading.left < 0) throw new XmlProblem('its types hold more pieces than can be read');
}

type Is = { is: XmlKind | number; enum?: string[] };
const ofSimple = ({ kind, enum: values }: Simple): Is => ({ is: kind, ...(values ? { enum: values } : {}) });

function typeNamed(reading: Reading, name: QName): Is {
  if (name.ns === schemaNs) return ofSimple(builtIn(name));
  const placed = reading.schemas.get('type', name);
  if (placed.node.name === 'simpleType') return ofSimple(simpleOf(reading.schemas, placed.node));
  if (isFree(placed.node)) return { is: 'xml' };
  const key = `${name.ns} ${name.name}`;
  const known = reading.known.get(key);
  if (known !== undefined) return { is: known };
  return { is: readComplex(reading, placed, (place) => reading.known.set(key, place)) };
}

function readElement(reading: Reading, placed: Placed, { isGlobal = false }: { isGlobal?: boolean } = {}): ReadPart {
  const { node } = placed;
  const ref = attributeOf(node, 'ref');
  // A DataSet brings its own schema along: `ref="xs:schema"`.
  if (ref !== undefined && readQName(node, ref).ns === schemaNs)
    return withOccurs({ name: readQName(node, ref).name, ns: schemaNs, is: 'xml' }, node);
  if (ref !== undefined)
    return withOccurs(readElement(reading, reading.schemas.get('element', readQName(node, ref)), { isGlobal: true }), node);
  const name = attributeOf(node, 'name');
  if (name === undefined) throw new XmlProblem('an element in its schemas has no name');
  const form = attributeOf(node, 'form');
  const isQualified = isGlobal || (form === undefined ? placed.qualifiesElements : form === 'qualified');
  const documentation = documentationOf(node);
  const fallback = attributeOf(node, 'default');
  return withOccurs(
    {
      name,
      ...(isQualified && placed.ns !== '' ? { ns: placed.ns } : {}),
      ...typeOf(reading, placed),
      ...(attributeOf(node, 'nillable') === 'true' ? { nillable: true as const } : {}),
      ...fixedOf(node),
      ...(documentation === '' ? {} : { documentation }),
      ...(fallback === undefined ? {} : { default: fallback }),
    },
    isGlobal ? null : node,
  );
}

const fixedOf = (node: XmlElement): { fixed?: string } => {
  const fixed = attributeOf(node, 'fixed');
  return fixed === undefined ? {} : { fixed };
};

function withOccurs({ required: _required, many: _many, ...part }: ReadPart, node: XmlElement | null): ReadPart {
  if (node === null) return { ...part, required: true };
  return {
    ...part,
    ...(attributeOf(node, 'minOccurs') === '0' ? {} : { required: true as const }),
    ...(isMany(node) ? { many: true as const } : {}),
  };
}

const isMany = (node: XmlElement): boolean => {
  const most = attributeOf(node, 'maxOccurs');
  return most === 'unbounded' || Number(most ?? '1') > 1;
};

function typeOf(reading: Reading, placed: Placed): Is {
  const { node } = placed;
  const type = attributeOf(node, 'type');
  if (type !== undefined) return typeNamed(reading, readQName(node, type));
  const simple = childOf(node, schemaNs, 'simpleType');
  if (simple) return ofSimple(simpleOf(reading.schemas, simple));
  const complex = childOf(node, schemaNs, 'complexType');
  return complex && !isFree(complex) ? { is: readComplex(reading, { ...placed, node: complex }, () => undefined) } : { is: 'xml' };
}

/** It says that anything may stand there, and nothing else. */
function isFree(node: XmlElement): boolean {
  const sequence = childOf(node, schemaNs, 'sequence');
  return (
    sequence?.children.every(({ name }) => name === 'any' || name === 'annotation') === true &&
    sequence.children.some(({ name }) => name === 'any')
  );
}

/** The place of a complex type, which is known before its parts are read: they may hold it again. */
function readComplex(reading: Reading, placed: Placed, onPlace: (place: number) => void): number {
  const place = reading.types.push({ parts: [], attributes: [] }) - 1;
  onPlace(place);
  reading.types[place] = contentOf(reading, placed);
  return place;
}

function contentOf(reading: Reading, placed: Placed, depth = 0): ReadType {
  if (depth > 50) throw new XmlProblem('one of its types is made of itself');
  const { node } = placed;
  const content = childOf(node, schemaNs, 'complexContent') ?? childOf(node, schemaNs, 'simpleContent');
  if (!content) return { parts: partsOf(reading, placed), attributes: attributesOf(reading, placed) };
  const step = childOf(content, schemaNs, 'extension') ?? childOf(content, schemaNs, 'restriction');
  if (!step) return { parts: [], attributes: [] };
  const own = { parts: partsOf(reading, { ...placed, node: step }), attributes: attributesOf(reading, { ...placed, node: step }) };
  const base = readQName(step, attributeOf(step, 'base') ?? '');
  const below = base.ns === schemaNs ? undefined : reading.schemas.get('type', base);
  if (below?.node.name !== 'complexType') {
    if (content.name === 'complexContent') return own;
    return { ...own, text: below ? simpleOf(reading.schemas, below.node).kind : simpleNamed(reading.schemas, base).kind };
  }
  const inherited = contentOf(reading, below, depth + 1);
  const known = new Set(own.attributes.map(({ name }) => name));
  return {
    // A restriction says again what is left of its base; an extension adds to it.
    parts: step.name === 'extension' ? [...inherited.parts, ...own.parts] : own.parts,
    attributes: [...inherited.attributes.filter(({ name }) => !known.has(name)), ...own.attributes],
    ...(inherited.text === undefined ? {} : { text: inherited.text }),
  };
}

/** The elements in sequences, choices and groups, in their order. Of a choice none is required. */
function partsOf(reading: Reading, placed: Placed, depth = 0): ReadPart[] {
  if (depth > 30) throw new XmlProblem('its groups of elements hold each other');
  return placed.node.children.flatMap((child): ReadPart[] => {
    if (child.ns !== schemaNs) return [];
    count(reading);
    const inner = { ...placed, node: child };
    switch (child.name) {
      case 'element':
        return attributeOf(child, 'maxOccurs') === '0' ? [] : [readElement(reading, inner)];
      case 'sequence':
      case 'all':
      case 'choice':
        return partsOf(reading, inner, depth + 1).map((part) => within(child, part));
      case 'group': {
        const ref = attributeOf(child, 'ref');
        return ref === undefined
          ? []
          : partsOf(reading, reading.schemas.get('group', readQName(child, ref)), depth + 1).map((part) => within(child, part));
      }
      default:
        return [];
    }
  });
}

function within(group: XmlElement, { required, ...part }: ReadPart): ReadPart {
  const isOptional = group.name === 'choice' || attributeOf(group, 'minOccurs') === '0';
  return { ...part, ...(required && !isOptional ? { required } : {}), ...(isMany(group) ? { many: true as const } : {}) };
}

function attributesOf(reading: Reading, placed: Placed, depth = 0): ReadPart[] {
  if (depth > 30) throw new XmlProblem('its groups of attributes hold each other');
  return placed.node.children.flatMap((child): ReadPart[] => {
    const ref = attributeOf(child, 'ref');
    if (child.ns !== schemaNs) return [];
    count(reading);
    if (child.name === 'attributeGroup' && ref !== undefined)
      return attributesOf(reading, reading.schemas.get('attributeGroup', readQName(child, ref)), depth + 1);
    if (child.name !== 'attribute' || attributeOf(child, 'use') === 'prohibited') return [];
    const target = ref === undefined ? undefined : reading.schemas.find('attribute', readQName(child, ref));
    // Those of other standards (soap-encoding, xml:lang) are never ours to fill in.
    if (ref !== undefined && !target) return [];
    const { node, ns, qualifiesAttributes } = target ?? { ...placed, node: child };
    const name = attributeOf(node, 'name');
    if (name === undefined) return [];
    const form = attributeOf(node, 'form');
    const isQualified = target !== undefined || (form === undefined ? qualifiesAttributes : form === 'qualified');
    return [
      {
        name,
        ...(isQualified && ns !== '' ? { ns } : {}),
        ...attributeType(reading, node),
        ...(attributeOf(child, 'use') === 'required' ? { required: true as const } : {}),
        ...fixedOf(node),
      },
    ];
  });
}

function attributeType(reading: Reading, node: XmlElement): Is {
  const type = attributeOf(node, 'type');
  if (type !== undefined) return ofSimple(simpleNamed(reading.schemas, readQName(node, type)));
  const inner = childOf(node, schemaNs, 'simpleType');
  return inner ? ofSimple(simpleOf(reading.schemas, inner)) : { is: 'text' };
}
