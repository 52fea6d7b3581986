import { isJsonObject, type JsonObject, type JsonValue, type OperationValues, type SoapCall } from '@holdfast/node-kit';
import { jsonOf } from '../calls/json-of.ts';
import { setAt } from '../calls/set-at.ts';

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
  for (const { keys, value } of given) setAt(body, keys, value);
  return body;
}

const isJsonText = (value: Filled[string] | undefined): value is { json: string } =>
  isJsonObject(value) && Object.keys(value).length === 1 && typeof value['json'] === 'string';
