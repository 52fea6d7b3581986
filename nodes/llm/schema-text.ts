import { jsonObject, type JsonObject } from '@holdfast/node-kit';
import { z } from 'zod';

/** A JSON schema from its text; null when it isn't one that answers can be checked against. */
export function readSchema(text: string): JsonObject | null {
  try {
    const schema = jsonObject.parse(JSON.parse(text));
    z.fromJSONSchema(schema);
    return schema;
  } catch {
    return null;
  }
}
