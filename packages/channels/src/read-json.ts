import { cleanJson, type JsonValue } from '@holdfast/node-kit';

/** A provider's answer without dangerous text; null for what is no JSON. */
export function readJson(text: string): JsonValue {
  try {
    return cleanJson(JSON.parse(text) as JsonValue); // JSON.parse yields nothing else
  } catch {
    return null;
  }
}
