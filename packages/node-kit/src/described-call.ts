import { z } from 'zod';
import { jsonObject } from './json.ts';
import { operationField } from './operation.ts';

/** How a value is written into the address, a header or the body (OpenAPI's `style`); bodies of JSON know none. */
const writtenField = operationField.extend({
  /** The parameter's name, or the way to a part of the body. */
  keys: z.array(z.string().max(300)).min(1).max(8),
  style: z.enum(['simple', 'label', 'matrix', 'form', 'spaceDelimited', 'pipeDelimited', 'deepObject']).optional(),
  explode: z.boolean().optional(),
});
export type WrittenField = z.infer<typeof writtenField>;

/** What a step keeps of an operation that an OpenAPI document describes: all that is needed to call it, whatever becomes of the document. */
export const describedCall = z.strictObject({
  id: z.string().min(1).max(500),
  title: z.string().max(300),
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']),
  /** With `{name}` for each path parameter. */
  path: z.string().max(2_000),
  fields: z.array(writtenField).max(300),
  body: z.enum(['none', 'json', 'form', 'multipart', 'text', 'file']),
  /** What the body is sent as. */
  contentType: z.string().max(200).default(''),
  /** JSON schema of a good answer, shortened; for the data picker. */
  response: jsonObject.optional(),
});
export type DescribedCall = z.infer<typeof describedCall>;
