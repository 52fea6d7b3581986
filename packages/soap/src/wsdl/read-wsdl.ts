import { say } from '@holdfast/errors';
import type { SoapCall } from '@holdfast/node-kit';
import { bindingNs, wsdlNs } from '../namespaces.ts';
import { attributeOf, childOf, childrenOf, readQName, XmlProblem, type QName, type XmlElement } from '../parse-xml.ts';
import { readDocuments } from './documents.ts';
import { bodyOf } from './messages.ts';
import { fieldsOf, responseSchemaOf } from './operation-fields.ts';
import { documentationOf } from './schema-set.ts';
import { keepTypes } from './keep-types.ts';
import { createTypeReader, type TypeReader } from './types.ts';

export interface WsdlOperation {
  /** The service, or the service and its port where it has several. */
  group: string;
  summary: string;
  call: SoapCall;
}

export interface Wsdl {
  name: string;
  /** Where the operations are called, each once. */
  addresses: { url: string; title: string }[];
  operations: WsdlOperation[];
  /** What is left out, in words. */
  notes: string[];
}

/** Names of the four things that WSDL tells apart, each by its sort. */
type Find = (sort: 'message' | 'portType' | 'binding', name: QName) => XmlElement | undefined;

interface Reading {
  find: Find;
  reader: TypeReader;
  notes: string[];
}

interface Port {
  title: string;
  version: '1.1' | '1.2';
  address: string;
  binding: XmlElement;
  portType: XmlElement;
  type: QName;
}

/** Reads a WSDL 1.1 (or several files, as `readDocuments` takes them). Pure: fetches nothing, opens nothing. Throws XmlProblem. */
export function readWsdl(text: string): Wsdl {
  const { definitions, schemas } = readDocuments(text);
  const reading: Reading = { find: finder(definitions), reader: createTypeReader(schemas), notes: [] };
  const ports = definitions.flatMap((root) => portsOf(reading, root));
  if (ports.length === 0) throw new XmlProblem('it describes no service that is called by SOAP over HTTP');
  const chosen = chosenPorts(ports);
  const operations = chosen.flatMap(({ port, group }) => operationsOf(reading, port, group));
  const addresses = new Map(chosen.map(({ port: { address, title } }) => [address, { url: address, title }]));
  const service = definitions.map((root) => childOf(root, wsdlNs, 'service')).find((each) => each !== undefined);
  const [root] = definitions;
  return {
    name: (service && attributeOf(service, 'name')) ?? (root && attributeOf(root, 'name')) ?? '',
    addresses: [...addresses.values()].filter(({ url }) => url !== ''),
    operations: withOwnIds(operations),
    notes: [...new Set(reading.notes)],
  };
}

function finder(definitions: readonly XmlElement[]): Find {
  const named = new Map<string, XmlElement>();
  for (const root of definitions)
    for (const node of root.children)
      if (node.ns === wsdlNs)
        named.set(`${node.name} ${attributeOf(root, 'targetNamespace') ?? ''} ${attributeOf(node, 'name') ?? ''}`, node);
  return (sort, { ns, name }) => named.get(`${sort} ${ns} ${name}`);
}

function portsOf(reading: Reading, root: XmlElement): Port[] {
  return childrenOf(root, wsdlNs, 'service').flatMap((service) =>
    childrenOf(service, wsdlNs, 'port').flatMap((node): Port[] => {
      const title = attributeOf(node, 'name') ?? '';
      const binding = reading.find('binding', readQName(node, attributeOf(node, 'binding') ?? ''));
      if (!binding) throw new XmlProblem(say`its port "${title}" names a binding that is not there`);
      const version = (['1.1', '1.2'] as const).find((each) => childOf(binding, bindingNs[each], 'binding'));
      const soap = version && childOf(binding, bindingNs[version], 'binding');
      const transport = soap ? (attributeOf(soap, 'transport') ?? 'http') : '';
      if (!version || !/http$/i.test(transport)) {
        reading.notes.push(say`The port "${title}" is not called by SOAP over HTTP.`.text);
        return [];
      }
      const type = readQName(binding, attributeOf(binding, 'type') ?? '');
      const portType = reading.find('portType', type);
      if (!portType) throw new XmlProblem(say`its binding "${attributeOf(binding, 'name') ?? ''}" names a port type that is not there`);
      const place = childOf(node, bindingNs[version], 'address');
      return [{ title, version, address: (place && attributeOf(place, 'location')?.trim()) ?? '', binding, portType, type }];
    }),
  );
}

/** The same operations are often offered by both versions: then 1.1 is taken, which every server speaks best. */
function chosenPorts(ports: readonly Port[]): { port: Port; group: string }[] {
  const byType = new Map<string, Port>();
  for (const port of ports) {
    const key = `${port.type.ns} ${port.type.name}`;
    const known = byType.get(key);
    if (!known || (known.version === '1.2' && port.version === '1.1')) byType.set(key, port);
  }
  const chosen = [...byType.values()];
  return chosen.map((port) => ({ port, group: chosen.length > 1 ? port.title : '' }));
}

function operationsOf(reading: Reading, port: Port, group: string): WsdlOperation[] {
  const soap = childOf(port.binding, bindingNs[port.version], 'binding');
  return childrenOf(port.binding, wsdlNs, 'operation').flatMap((bound): WsdlOperation[] => {
    const name = attributeOf(bound, 'name') ?? '';
    const inputName = inputNameOf(bound);
    const candidates = childrenOf(port.portType, wsdlNs, 'operation').filter((each) => attributeOf(each, 'name') === name);
    const abstract = candidates.find((each) => inputName !== undefined && inputNameOf(each) === inputName) ?? candidates[0];
    if (!abstract) return [];
    try {
      const style =
        attributeOf(childOf(bound, bindingNs[port.version], 'operation') ?? bound, 'style') ?? (soap && attributeOf(soap, 'style'));
      return [
        {
          group,
          summary: documentationOf(abstract, wsdlNs),
          call: callOf(reading, port, { name, bound, abstract, isRpc: style === 'rpc' }),
        },
      ];
    } catch (error) {
      if (!(error instanceof XmlProblem)) throw error;
      reading.notes.push(say`"${name}" is left out: ${error.words}.`.text);
      return [];
    }
  });
}

const inputNameOf = (operation: XmlElement): string | undefined => {
  const input = childOf(operation, wsdlNs, 'input');
  return input && attributeOf(input, 'name');
};

interface Bound {
  name: string;
  bound: XmlElement;
  abstract: XmlElement;
  isRpc: boolean;
}

function callOf({ find, reader }: Reading, port: Port, { name, bound, abstract, isRpc }: Bound): SoapCall {
  const { version, address, type } = port;
  const parts = { find: (message: QName) => find('message', message), reader, version, isRpc, operation: name };
  const input = bodyOf(parts, { abstract: childOf(abstract, wsdlNs, 'input'), bound: childOf(bound, wsdlNs, 'input'), suffix: '' });
  const answers = childOf(abstract, wsdlNs, 'output');
  const output = answers ? bodyOf(parts, { abstract: answers, bound: childOf(bound, wsdlNs, 'output'), suffix: 'Response' }) : null;
  const soapOperation = childOf(bound, bindingNs[version], 'operation');
  const kept = keepTypes(reader.types, { input, output });
  return {
    id: `${type.name}.${name}`.slice(0, 490),
    title: name.slice(0, 300),
    version,
    action: ((soapOperation && attributeOf(soapOperation, 'soapAction')) ?? '').slice(0, 2_000),
    address: address.slice(0, 2_000),
    oneWay: answers === undefined,
    faults: faultsOf(parts, abstract),
    ...kept,
    fields: fieldsOf(reader.types, input),
    ...(output ? { response: responseSchemaOf(reader.types, output) } : {}),
  };
}

/** The elements that the service's own faults carry in their detail. */
function faultsOf({ find }: { find: (name: QName) => XmlElement | undefined }, abstract: XmlElement): SoapCall['faults'] {
  return childrenOf(abstract, wsdlNs, 'fault')
    .flatMap((fault) => {
      const message = find(readQName(fault, attributeOf(fault, 'message') ?? ''));
      return message ? childrenOf(message, wsdlNs, 'part') : [];
    })
    .flatMap((part) => {
      const element = attributeOf(part, 'element');
      if (element === undefined) return [{ name: (attributeOf(part, 'name') ?? '').slice(0, 300) }];
      const { ns, name } = readQName(part, element);
      return [{ name: name.slice(0, 300), ...(ns === '' ? {} : { ns }) }];
    })
    .slice(0, 100);
}

/** Names may be overloaded: the second of a name gets a number. */
function withOwnIds(operations: readonly WsdlOperation[]): WsdlOperation[] {
  const seen = new Map<string, number>();
  return operations.map((operation) => {
    const { id } = operation.call;
    const times = (seen.get(id) ?? 0) + 1;
    seen.set(id, times);
    return times === 1 ? operation : { ...operation, call: { ...operation.call, id: `${id}.${times}` } };
  });
}
