import { say } from '@holdfast/errors';
import type { DescribedOperation, JsonObject } from '@holdfast/node-kit';
import { MissingFile, readWsdl, XmlProblem, type Wsdl, type WsdlOperation } from '@holdfast/soap';
import { maxOperations, unreadable, type Description, type ReadDescription } from '../description.ts';

/** Of all steps that the operations would make, in characters of JSON: they stand in one row. */
const maxSteps = 10_000_000;

/** What WS-Policy asks for, by the words that it has for it. */
const policies = [
  { sign: /\bUsernameToken\b/, name: 'UsernameToken', title: 'WS-Security UsernameToken', kinds: ['soap-username'] },
  { sign: /\b(?:Http)?BasicAuthentication\b/, name: 'BasicAuthentication', title: 'HTTP Basic', kinds: ['basic'] },
  { sign: /\bX509Token\b/, name: 'X509Token', title: 'WS-Security X.509', kinds: [] },
];

/** WSDL 1.1, alone or with the files that it refers to. */
export const readWsdlDocument: ReadDescription = (text) => {
  const { name, addresses, operations, notes } = read(text);
  if (operations.length === 0) throw unreadable(notes[0] ?? 'The document describes no operation.');
  if (operations.length > maxOperations)
    throw unreadable(
      say`The document describes ${operations.length} operations; at most ${maxOperations} are read.`,
      undefined,
      'Import a part of it.',
    );
  const steps = operations.map(toOperation);
  if (JSON.stringify(steps).length > maxSteps)
    throw unreadable('The types of this document are larger than can be kept.', undefined, 'Import a part of it.');
  return {
    kind: 'wsdl',
    name: name.slice(0, 120) || 'SOAP',
    version: '',
    // Ports with addresses of their own keep them; one for all can be exchanged for another.
    servers: addresses.length === 1 ? addresses.map(({ url, title }) => ({ url: url.slice(0, 2_000), title: title.slice(0, 200) })) : [],
    security: policies.filter(({ sign }) => sign.test(text)).map(({ sign: _sign, ...way }) => way),
    operations: steps,
    notes: notes.slice(0, 50),
  } satisfies Description;
};

function read(text: string): Wsdl {
  try {
    return readWsdl(text);
  } catch (error) {
    if (error instanceof MissingFile)
      throw unreadable(
        say`This WSDL refers to another file, "${error.location}". Nothing is fetched from within a document.`,
        error.location,
        'Choose that file together with the WSDL, and all others that they refer to.',
      );
    if (error instanceof XmlProblem) throw unreadable(say`This XML can’t be read as a WSDL: ${error.words}.`);
    if (error instanceof RangeError) throw unreadable('This WSDL can’t be read: its types are nested too deep.');
    throw error;
  }
}

const toOperation = ({ group, summary, call }: WsdlOperation): DescribedOperation => ({
  id: call.id,
  title: call.title,
  summary: summary.slice(0, 300),
  group: group.slice(0, 80),
  input: call.fields.map(({ keys: _keys, ...field }) => field),
  // as: it is made of JSON alone; its optional parts are left out, never undefined.
  node: { type: 'soap', typeVersion: 1, config: { operation: call as unknown as JsonObject, values: {} } },
});
