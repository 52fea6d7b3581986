import { say } from '@holdfast/errors';
import { bindingNs, wsdlNs } from '../namespaces.ts';
import { attributeOf, childOf, childrenOf, readQName, XmlProblem, type QName, type XmlElement } from '../parse-xml.ts';
import type { ReadPart, TypeReader } from './types.ts';

interface Around {
  find: (message: QName) => XmlElement | undefined;
  reader: TypeReader;
  version: '1.1' | '1.2';
  isRpc: boolean;
  operation: string;
}

interface Side {
  /** The operation's `input` or `output`. */
  abstract: XmlElement | undefined;
  /** The same of its binding. */
  bound: XmlElement | undefined;
  /** What rpc style adds to the operation's name. */
  suffix: string;
}

/** The one element that stands in the body; null: nothing does. Throws XmlProblem for what can't be called. */
export function bodyOf(around: Around, { abstract, bound, suffix }: Side): ReadPart | null {
  const { find, reader, version, isRpc, operation } = around;
  const body = bound && findBody(bound, version);
  if (body && attributeOf(body, 'use') === 'encoded')
    throw new XmlProblem('its messages are SOAP-encoded (rpc/encoded), a style given up in 2004; only "literal" is spoken');
  const message = abstract && find(readQName(abstract, attributeOf(abstract, 'message') ?? ''));
  if (!message) throw new XmlProblem('its message is not there');
  const only = body && attributeOf(body, 'parts')?.trim().split(/\s+/);
  const parts = childrenOf(message, wsdlNs, 'part').filter((part) => !only || only.includes(attributeOf(part, 'name') ?? ''));
  if (isRpc) {
    const ns = (body && attributeOf(body, 'namespace')) ?? '';
    const accessors = parts.map((part) => accessorOf(reader, part));
    const is = reader.types.push({ parts: accessors, attributes: [] }) - 1;
    return { name: `${operation}${suffix}`, ...(ns === '' ? {} : { ns }), is, required: true };
  }
  const elements = parts.flatMap((part) => {
    const element = attributeOf(part, 'element');
    // Parts without an element are headers' or a mistake; what is said twice is an attachment's.
    return element === undefined ? [] : [readQName(part, element)];
  });
  if (elements.length === 0 && parts.length > 0) throw new XmlProblem('its message names a type where "document" style needs an element');
  if (elements.length > 1 && !only) return reader.element(elements[0] ?? { ns: '', name: '' });
  const [element] = elements;
  return element ? reader.element(element) : null;
}

function accessorOf(reader: TypeReader, part: XmlElement): ReadPart {
  const name = attributeOf(part, 'name') ?? '';
  const type = attributeOf(part, 'type');
  if (type !== undefined) return reader.accessor(name, readQName(part, type));
  const element = attributeOf(part, 'element');
  if (element === undefined) throw new XmlProblem(say`its part "${name}" has no type`);
  return reader.element(readQName(part, element));
}

/** It stands alone, or as the root of a message with attachments. */
function findBody(bound: XmlElement, version: '1.1' | '1.2'): XmlElement | undefined {
  const direct = childOf(bound, bindingNs[version], 'body');
  if (direct) return direct;
  for (const child of bound.children) {
    const found = findBody(child, version);
    if (found) return found;
  }
  return undefined;
}
