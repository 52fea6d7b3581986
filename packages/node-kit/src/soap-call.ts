import { z } from 'zod';
import { jsonObject } from './json.ts';
import { operationField } from './operation.ts';

/** The simple kinds that XML Schema's many come down to. `xml`: a piece of XML that the service does not describe. */
export const xmlKinds = ['text', 'integer', 'decimal', 'double', 'boolean', 'date', 'dateTime', 'time', 'base64', 'hex', 'xml'] as const;
export type XmlKind = (typeof xmlKinds)[number];

/** An element or an attribute of a message. */
const xmlPart = z.strictObject({
  name: z.string().min(1).max(300),
  /** Its namespace; left out: none. */
  ns: z.string().max(1_000).optional(),
  /** A simple kind, or the place of its type in `types`. */
  is: z.union([z.enum(xmlKinds), z.number().int().min(0)]),
  many: z.literal(true).optional(),
  required: z.literal(true).optional(),
  /** May say that it holds nothing. */
  nillable: z.literal(true).optional(),
  enum: z.array(z.string().max(300)).max(500).optional(),
  /** The only value that it has. */
  fixed: z.string().max(1_000).optional(),
});
export type XmlPart = z.infer<typeof xmlPart>;

/** What an element holds: its parts in their order, or a text with attributes. */
const xmlType = z.strictObject({
  parts: z.array(xmlPart).max(2_000),
  attributes: z.array(xmlPart).max(300).optional(),
  text: z.enum(xmlKinds).optional(),
});
export type XmlType = z.infer<typeof xmlType>;

/** What a step keeps of an operation that a WSDL describes: all that is needed to call it and to read its answer, whatever becomes of the document. */
export const soapCall = z.strictObject({
  id: z.string().min(1).max(500),
  title: z.string().max(300),
  version: z.enum(['1.1', '1.2']),
  /** `SOAPAction`. */
  action: z.string().max(2_000),
  /** Where the document says that it is called. */
  address: z.string().max(2_000),
  /** The element in the body; null: the body is empty. */
  input: xmlPart.nullable(),
  /** Of the answer; null: none comes, or nothing is known of it. */
  output: xmlPart.nullable(),
  /** Nobody answers: that it was taken is all there is to know. */
  oneWay: z.boolean(),
  /** Elements in a fault's detail that the service says no with. */
  faults: z.array(z.strictObject({ name: z.string().max(300), ns: z.string().max(1_000).optional() })).max(100),
  types: z.array(xmlType).max(2_000),
  /** What staff fill in. `keys`: the way to it from the body's element; an attribute begins with "@". */
  fields: z.array(operationField.extend({ keys: z.array(z.string().max(300)).min(1).max(12) })).max(500),
  /** JSON schema of the answer's body, for the data picker. */
  response: jsonObject.optional(),
});
export type SoapCall = z.infer<typeof soapCall>;
