import { jsonValue, type JsonObject, type JsonValue } from '@holdfast/node-kit';
import type { FormField } from './form-field.ts';

export const isJsonObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Sets one key, or takes it away with undefined so that the schema's default speaks again. */
export function withKey(object: JsonObject, key: string, value: JsonValue | undefined): JsonObject {
  if (value !== undefined) return { ...object, [key]: value };
  const { [key]: _dropped, ...rest } = object;
  return rest;
}

/** What a field shows when the config says nothing. */
export function defaultOf(field: FormField): JsonValue | undefined {
  const parsed = field.schema.safeParse(undefined);
  const json = parsed.success ? jsonValue.safeParse(parsed.data) : null;
  return json?.success ? json.data : undefined;
}

/** A new item of a list: the defaults of its fields, empty text where the person has to write. */
export function blankOf(field: FormField): JsonValue {
  const fallback = defaultOf(field);
  if (fallback !== undefined) return fallback;
  const { shape } = field;
  if (shape.kind === 'group') return blankObject(shape.fields);
  if (shape.kind === 'variants') {
    const first = shape.variants[0];
    return first ? { [shape.discriminator]: first.value, ...blankObject(first.fields) } : {};
  }
  if (shape.kind === 'choice') return shape.options[0] ?? '';
  if (shape.kind === 'number') return shape.min ?? 0;
  if (shape.kind === 'switch') return false;
  if (shape.kind === 'list') return [];
  if (shape.kind === 'fixed') return shape.value;
  return shape.kind === 'map' || shape.kind === 'json' ? {} : '';
}

export function blankObject(fields: readonly FormField[]): JsonObject {
  const object: JsonObject = {};
  for (const field of fields) {
    const fallback = defaultOf(field);
    if (fallback !== undefined) object[field.key] = fallback;
    else if (field.isRequired) object[field.key] = blankOf(field);
  }
  return object;
}

/** Whether a field is shown now, by its `showWhen`. */
export function isShown(field: FormField, siblings: readonly FormField[], value: JsonObject): boolean {
  const rule = field.hints.showWhen;
  if (field.hints.widget === 'hidden') return false;
  if (!rule) return true;
  const other = siblings.find((sibling) => sibling.key === rule.field);
  const current = valueAt(value, rule.field.split('.')) ?? (other && defaultOf(other));
  return rule.is.some((accepted) => accepted === current);
}

function valueAt(object: JsonObject, [key = '', ...rest]: readonly string[]): JsonValue | undefined {
  const value = object[key];
  if (rest.length === 0) return value;
  return isJsonObject(value) ? valueAt(value, rest) : undefined;
}

/** `maxTokens` → "Max tokens", for fields whose author gave no title. */
export function titleFromKey(key: string): string {
  const words = key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[-_]/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
