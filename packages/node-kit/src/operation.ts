import { z } from 'zod';
import type { JsonObject } from './json.ts';

/** One input of an operation that a service describes: objects are flattened, their parts named by path (`customer.address.city`). */
export const operationField = z.strictObject({
  /** Unique in its operation, and what its value is kept under. */
  name: z.string().min(1).max(300),
  title: z.string().max(300),
  description: z.string().max(1_000).optional(),
  /** `json`: a list or a free object, written as JSON. `file`: a file of the run. */
  type: z.enum(['text', 'number', 'integer', 'boolean', 'json', 'file']),
  required: z.boolean().default(false),
  /** The only values that it takes. */
  enum: z.array(z.string().max(300)).max(500).optional(),
  /** An example, or what the service takes where nothing is given. */
  placeholder: z.string().max(300).optional(),
  /** Under which heading it is asked for. */
  place: z.enum(['path', 'query', 'header', 'cookie', 'body']).default('body'),
});
export type OperationField = z.infer<typeof operationField>;

// A text that is one expression keeps its value's type; JSON takes values as data.
const textValue = z.string().max(20_000).meta({ template: true, keepsType: true });
const jsonText = z.strictObject({ json: z.string().max(100_000).meta({ template: true, editor: 'json' }) });

/** What staff entered, by field name: a text with inserted values, or `{ json }` for fields of type `json`. A field without a value is left out of the call. */
export const operationValues = z.record(z.string().min(1).max(300), z.union([jsonText, textValue]));
export type OperationValues = z.infer<typeof operationValues>;

/** An operation of an imported service, with the step that calls it. */
export interface DescribedOperation {
  /** Unique in its service, and the same again when its document is imported anew. */
  id: string;
  title: string;
  summary: string;
  /** The heading it stands under; empty for none. */
  group: string;
  input: OperationField[];
  /** The ready step. Its config gets `service`, `server` and `credential` (when one is set) from the service when it is added. */
  node: { type: string; typeVersion: number; config: JsonObject };
}
