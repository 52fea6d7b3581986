import { say } from '@holdfast/errors';
import { schemaNs } from '../namespaces.ts';
import { attributeOf, childOf, XmlProblem, type QName, type XmlElement } from '../parse-xml.ts';

/** Where a piece of a schema stands, and what that means for names in it. */
export interface Placed {
  node: XmlElement;
  /** Of the schema around it. */
  ns: string;
  qualifiesElements: boolean;
  qualifiesAttributes: boolean;
}

type Sort = 'element' | 'type' | 'group' | 'attributeGroup' | 'attribute';
const sorts: Readonly<Record<string, Sort>> = {
  element: 'element',
  complexType: 'type',
  simpleType: 'type',
  group: 'group',
  attributeGroup: 'attributeGroup',
  attribute: 'attribute',
};

/** Everything that the schemas of a document name at their top. */
export interface SchemaSet {
  /** `ns`: what a schema without a namespace of its own is included into. */
  add: (schema: XmlElement, ns?: string) => void;
  find: (sort: Sort, name: QName) => Placed | undefined;
  /** Throws XmlProblem when it is nowhere. */
  get: (sort: Sort, name: QName) => Placed;
}

export function createSchemaSet(): SchemaSet {
  const named = new Map<string, Placed>();
  const keyOf = (sort: Sort, { ns, name }: QName) => `${sort} ${ns} ${name}`;
  const find: SchemaSet['find'] = (sort, name) => named.get(keyOf(sort, name));
  return {
    add: (schema, into) => {
      const ns = attributeOf(schema, 'targetNamespace') ?? into ?? '';
      const place = {
        ns,
        qualifiesElements: attributeOf(schema, 'elementFormDefault') === 'qualified',
        qualifiesAttributes: attributeOf(schema, 'attributeFormDefault') === 'qualified',
      };
      for (const node of schema.children) {
        const sort = node.ns === schemaNs ? sorts[node.name] : undefined;
        const name = attributeOf(node, 'name');
        if (sort && name !== undefined) named.set(keyOf(sort, { ns, name }), { ...place, node });
      }
    },
    find,
    get: (sort, name) => {
      const found = find(sort, name);
      if (found) return found;
      throw new XmlProblem(say`it uses "${name.name}"${name.ns === '' ? '' : ` of ${name.ns}`}, which none of its schemas describes`);
    },
  };
}

/** What the document says about it, in one line. */
export function documentationOf(node: XmlElement, ns: string = schemaNs): string {
  const holder = ns === schemaNs ? childOf(node, schemaNs, 'annotation') : node;
  const said = holder ? childOf(holder, ns, 'documentation') : undefined;
  return said ? wholeText(said).replaceAll(/\s+/g, ' ').trim().slice(0, 1_000).toWellFormed() : '';
}

const wholeText = (node: XmlElement): string => [node.text, ...node.children.map(wholeText)].join(' ');
