import { isJsonObject, type JsonObject, type JsonValue } from '@holdfast/node-kit';

/** Puts a value at the end of a way of keys; what is missing on the way, or is no object, becomes one. */
export function setAt(into: JsonObject, [key = '', ...rest]: readonly string[], value: JsonValue): void {
  const next = rest.length === 0 ? value : within(into, key);
  if (rest.length > 0 && isJsonObject(next)) setAt(next, rest, value);
  // A plain assignment would call the setter of "__proto__".
  Object.defineProperty(into, key, { value: next, enumerable: true, configurable: true, writable: true });
}

function within(into: JsonObject, key: string): JsonObject {
  const inner = Object.hasOwn(into, key) ? into[key] : undefined;
  return isJsonObject(inner) ? inner : {};
}
