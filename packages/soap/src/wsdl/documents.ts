import { say, type Words } from '@holdfast/errors';
import { schemaNs, wsdlNs } from '../namespaces.ts';
import { attributeOf, childrenOf, parseXml, XmlProblem, type XmlElement } from '../parse-xml.ts';
import { createSchemaSet, type SchemaSet } from './schema-set.ts';

/** A WSDL with the other files that came with it, each taken in once. */
export interface Documents {
  /** Every `definitions`, the WSDL's own first. */
  definitions: XmlElement[];
  schemas: SchemaSet;
}

interface Uploaded {
  name: string;
  root: XmlElement;
}

/** Between several files that are imported as one text. */
const mark = /<\?holdfast-file\s+name="([^"<>]{1,300})"\s*\?>/g;

/**
 * Reads a WSDL, or several files joined by `<?holdfast-file name="…"?>`, each before its file. What one refers to must be among them: nothing is fetched and
 * no file of this machine is opened. Throws XmlProblem.
 */
export function readDocuments(text: string): Documents {
  const files = split(text).map(({ name, body }): Uploaded => ({ name, root: parseNamed(name, body) }));
  const main = files.filter(({ root }) => root.name === 'definitions' && root.ns === wsdlNs);
  if (main.length === 0) throw new XmlProblem(noWsdl(files[0]?.root));
  const schemas = createSchemaSet();
  const taken = new Set<string>();
  const takeSchema = (schema: XmlElement, ns?: string): void => {
    schemas.add(schema, ns);
    const inside = attributeOf(schema, 'targetNamespace') ?? ns;
    for (const reference of schema.children.filter(
      (child) => child.ns === schemaNs && ['import', 'include', 'redefine'].includes(child.name),
    )) {
      const location = attributeOf(reference, 'schemaLocation');
      if (location === undefined) continue;
      const isImport = reference.name === 'import';
      const into = isImport ? attributeOf(reference, 'namespace') : inside;
      const file = fileFor(files, location, isImport ? into : undefined);
      if (!file) {
        // The schema itself stands in the document: many name beside it where it came from.
        if (isImport && isInline(main, into)) continue;
        throw missing(location);
      }
      const key = `${file.name} ${into ?? ''}`;
      if (taken.has(key)) continue;
      taken.add(key);
      takeSchema(file.root, into);
    }
  };
  for (const { root } of main) {
    for (const reference of childrenOf(root, wsdlNs, 'import')) {
      const location = attributeOf(reference, 'location') ?? '';
      const file = fileFor(files, location, attributeOf(reference, 'namespace'));
      if (!file) throw missing(location);
      if (file.root.ns === schemaNs) takeSchema(file.root);
    }
    for (const schema of schemasIn(root)) takeSchema(schema);
  }
  return { definitions: main.map(({ root }) => root), schemas };
}

function split(text: string): { name: string; body: string }[] {
  const marks = [...text.matchAll(mark)];
  if (marks.length === 0) return [{ name: '', body: text }];
  return marks.map((found, index) => ({
    name: found[1] ?? '',
    body: text.slice(found.index + found[0].length, marks[index + 1]?.index ?? text.length).trimStart(),
  }));
}

function parseNamed(name: string, body: string): XmlElement {
  try {
    return parseXml(body);
  } catch (error) {
    if (error instanceof XmlProblem && name !== '') throw new XmlProblem(`${name}: ${error.message}`);
    throw error;
  }
}

const schemasIn = (definitions: XmlElement): XmlElement[] =>
  childrenOf(definitions, wsdlNs, 'types').flatMap((types) => childrenOf(types, schemaNs, 'schema'));

const isInline = (main: readonly Uploaded[], ns: string | undefined): boolean =>
  main.some(({ root }) => schemasIn(root).some((schema) => attributeOf(schema, 'targetNamespace') === ns));

/** By its name alone (folders and hosts that it once had mean nothing here), else by the namespace that it describes. */
function fileFor(files: readonly Uploaded[], location: string, ns: string | undefined): Uploaded | undefined {
  const wanted = baseName(location);
  const sameNamespace = ({ name, root }: Uploaded): boolean =>
    name !== '' && ns !== undefined && attributeOf(root, 'targetNamespace') === ns && root !== files[0]?.root;
  return (
    files.find(({ name }) => name === location) ??
    files.find(({ name }) => name !== '' && baseName(name) === wanted) ??
    files.find(sameNamespace)
  );
}

/** `orders.xsd` of `http://host/orders?xsd=orders.xsd` and of `../types/orders.xsd`. */
function baseName(location: string): string {
  const [, asked] = /[?&](?:xsd|wsdl)=([^&]+)/i.exec(location) ?? [];
  return decoded((asked ?? location).split(/[\\/]/).at(-1) ?? '').toLowerCase();
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const missing = (location: string): MissingFile => new MissingFile(location.slice(0, 300));

/** It refers to a file that did not come with it. */
export class MissingFile extends XmlProblem {
  readonly location: string;
  constructor(location: string) {
    super(say`it refers to another file, "${location}", which did not come with it`);
    this.location = location;
  }
}

function noWsdl(root: XmlElement | undefined): Words {
  if (root?.ns === 'http://www.w3.org/ns/wsdl') return 'it is a WSDL 2.0; only version 1.1 is read';
  if (root?.ns === schemaNs) return 'it is a schema (XSD) alone: import it together with its WSDL';
  if (root?.name.toLowerCase() === 'html') return 'it is a web page, as of a login';
  return say`its outermost element is "${root?.name ?? ''}", not "definitions"`;
}
