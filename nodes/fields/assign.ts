import { HoldfastError, say } from '@holdfast/errors';
import { jsonValue, type JsonObject, type JsonValue } from '@holdfast/node-kit';
import type { Assignment } from './assignment.ts';

const yes = new Set(['true', 'yes', 'y', '1', 'sí', 'si', 's']);
const no = new Set(['false', 'no', 'n', '0', '']);

const misfit = (item: Assignment, value: JsonValue, wanted: string, index: number): HoldfastError =>
  new HoldfastError('step.config', {
    detail: say`"${item.name}" should be ${wanted}, but its value is ${JSON.stringify(value)?.slice(0, 200)}.`,
    hint: 'Choose another value for it, or keep it as it is.',
    path: `fields.${index}.value`,
  });

function toNumber(item: Assignment, value: JsonValue, index: number): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value.trim().replace(',', '.')) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw misfit(item, value, 'a number', index);
  return number;
}

function toBoolean(item: Assignment, value: JsonValue, index: number): boolean {
  if (typeof value === 'boolean') return value;
  const text = (value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)).trim().toLowerCase();
  if (yes.has(text)) return true;
  if (no.has(text)) return false;
  throw misfit(item, value, 'yes or no', index);
}

function toJson(item: Assignment, value: JsonValue, index: number): JsonValue {
  if (typeof value !== 'string') return value;
  try {
    return jsonValue.parse(JSON.parse(value));
  } catch {
    throw misfit(item, value, 'JSON', index);
  }
}

/** The rendered value as the kind that staff chose. Throws `step.config` naming the field and the value. */
function convert(item: Assignment, index: number): JsonValue {
  // A template that is one expression arrives with its own type, although the schema says text.
  const value: JsonValue = item.value;
  switch (item.as) {
    case 'as-is':
      return value;
    case 'text':
      return typeof value === 'string' ? value : JSON.stringify(value);
    case 'number':
      return toNumber(item, value, index);
    case 'yes-no':
      return toBoolean(item, value, index);
    case 'json':
      return toJson(item, value, index);
  }
}

/** An object of the named values. */
export const assign = (list: readonly Assignment[]): JsonObject =>
  Object.fromEntries(list.map((item, index) => [item.name, convert(item, index)]));
