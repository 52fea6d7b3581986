import type { JsonObject, JsonValue, OperationValues, SoapCall } from '@holdfast/node-kit';
import { jsonOf } from '../calls/json-of.ts';

/** What staff entered, once filled in: templates keep a value's type, so any JSON may stand there. */
type Filled = Readonly<Record<string, OperationValues[string] | JsonValue>>;

/** The body's values as one object, each in its place. Values that are empty are left out. Throws step.config for what is no JSON. */
export function bodyOf({ input, types, fields }: SoapCall, values: Filled): JsonValue {
  const given = fields.flatMap(({ name, keys }) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    const read = isJsonText(value) ? (value.json.trim() === '' ? '' : jsonOf(value.json, `values.${name}`)) : value;
    return read === undefined || read === '' ? [] : [{ keys, value: read }];
  });
  const isOneValue = typeof input?.is === 'string' || (typeof input?.is === 'number' && types[input.is]?.text !== undefined);
  if (isOneValue) return given[0]?.value ?? '';
  const body: JsonObject = {};
  for (const { keys, value } of given) set(body, keys, value);
  return body;
}

const isJsonText = (value: Filled[string] | undefined): value is { json: string } =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.keys(value).length === 1 &&
  typeof value['json'] === 'string';

function set(into: JsonObject, [key = '', ...rest]: readonly string[], value: JsonValue): void {
  const inner = Object.hasOwn(into, key) ? into[key] : undefined;
  const isInner = typeof inner === 'object' && inner !== null && !Array.isArray(inner);
  const next = rest.length === 0 ? value : isInner ? inner : {};
  if (rest.length > 0 && typeof next === 'object' && next !== null && !Array.isArray(next)) set(next, rest, value);
  // A plain assignment would call the setter of "__proto__".
  Object.defineProperty(into, key, { value: next, enumerable: true, configurable: true, writable: true });
}
