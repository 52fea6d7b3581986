import { say, type Words } from '@holdfast/errors';
import { SaxesParser } from 'saxes';

export interface XmlAttribute {
  name: string;
  /** Empty: none. */
  ns: string;
  value: string;
}

export interface XmlElement {
  /** Without its prefix. */
  name: string;
  /** Empty: none. */
  ns: string;
  attributes: readonly XmlAttribute[];
  children: XmlElement[];
  /** All that is written directly in it. */
  text: string;
  /** The namespace of a prefix where this element stands. */
  namespaceOf: (prefix: string) => string | undefined;
}

/** Why a text is no XML that we read; the message names the place. */
export class XmlProblem extends Error {
  /** Half a sentence. */
  readonly words: Words;
  constructor(words: Words) {
    super(String(words));
    this.words = words;
  }
}

const maxDepth = 100;
const maxElements = 200_000;

/**
 * A whole document. Nothing is fetched and nothing is expanded: a document with a DOCTYPE is refused as it is met, so it can neither name a file of this
 * machine nor grow. Throws XmlProblem.
 */
export function parseXml(text: string): XmlElement {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const open: XmlElement[] = [];
  let root: XmlElement | null = null;
  let count = 0;
  parser.on('error', (error) => {
    throw new XmlProblem(error.message.replace(/^\d+:\d+: /, `line ${parser.line}: `));
  });
  parser.on('doctype', () => {
    throw new XmlProblem(say`line ${parser.line}: it has a DOCTYPE, which is not accepted here`);
  });
  parser.on('opentag', (tag) => {
    count += 1;
    if (count > maxElements) throw new XmlProblem(say`it has more than ${maxElements.toLocaleString('en')} elements`);
    if (open.length >= maxDepth) throw new XmlProblem(say`line ${parser.line}: it is nested more than ${maxDepth} deep`);
    const parent = open.at(-1);
    const own = tag.ns;
    const element: XmlElement = {
      name: tag.local,
      ns: tag.uri,
      attributes: Object.values(tag.attributes)
        .filter(({ name, prefix }) => name !== 'xmlns' && prefix !== 'xmlns')
        .map(({ local, uri, value }) => ({ name: local, ns: uri, value })),
      children: [],
      text: '',
      namespaceOf: (prefix) => (own && Object.hasOwn(own, prefix) ? own[prefix] : parent?.namespaceOf(prefix)),
    };
    if (parent) parent.children.push(element);
    else root = element;
    open.push(element);
  });
  parser.on('closetag', () => void open.pop());
  const addText = (piece: string): void => {
    const current = open.at(-1);
    if (current) current.text += piece;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(text.replace(/^\uFEFF/, '')).close();
  if (root === null) throw new XmlProblem('it is empty');
  return root;
}

/** An attribute without a namespace. */
export const attributeOf = (element: XmlElement, name: string): string | undefined =>
  element.attributes.find((each) => each.ns === '' && each.name === name)?.value;

export const childrenOf = (element: XmlElement, ns: string, name: string): XmlElement[] =>
  element.children.filter((child) => child.ns === ns && child.name === name);

export const childOf = (element: XmlElement, ns: string, name: string): XmlElement | undefined =>
  element.children.find((child) => child.ns === ns && child.name === name);

export interface QName {
  ns: string;
  name: string;
}

/** What `prefix:name` means where it stands. Throws XmlProblem for a prefix that was never declared. */
export function readQName(at: XmlElement, text: string): QName {
  const [first = '', second] = text.trim().split(':');
  if (second === undefined) return { ns: at.namespaceOf('') ?? '', name: first };
  const ns = at.namespaceOf(first);
  if (ns === undefined) throw new XmlProblem(say`"${text.trim()}" uses the prefix "${first}", which stands for nothing`);
  return { ns, name: second };
}
