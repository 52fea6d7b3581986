import { HoldfastError, say, type Words } from '@holdfast/errors';
import type { JsonValue, OperationValues, WrittenField } from '@holdfast/node-kit';
import { jsonOf } from '../calls/json-of.ts';
import { wordOf } from './write-parameter.ts';

export interface GivenValue {
  field: WrittenField;
  value: JsonValue;
}

/** What staff entered, once filled in: templates keep a value's type, so any JSON may stand there. */
type Filled = Readonly<Record<string, OperationValues[string] | JsonValue>>;

/** The values of the fields that have one, each of its type. Throws step.config for what is missing or does not fit. */
export function readValues(fields: readonly WrittenField[], values: Filled): GivenValue[] {
  return fields.flatMap((field) => {
    const given = Object.hasOwn(values, field.name) ? values[field.name] : undefined;
    const value = given === undefined ? null : isJsonText(given) ? jsonText(field, given.json) : given;
    if (value === null || value === '') {
      if (field.required) throw unfit(field, say`"${field.title}" needs a value, and has none now.`);
      return [];
    }
    return [{ field, value: typed(field, value) }];
  });
}

const isJsonText = (value: Filled[string]): value is { json: string } =>
  typeof value === 'object' && value !== null && 'json' in value && typeof value.json === 'string';

const jsonText = (field: WrittenField, text: string): JsonValue => (text.trim() === '' ? null : jsonOf(text, `values.${field.name}`));

function typed(field: WrittenField, value: JsonValue): JsonValue {
  switch (field.type) {
    case 'text':
      return known(field, wordOf(value));
    case 'number':
    case 'integer':
      return numberOf(field, value);
    case 'boolean':
      return booleanOf(field, value);
    case 'json':
    case 'file':
      return value;
  }
}

function numberOf(field: WrittenField, value: JsonValue): number {
  const text = wordOf(value).trim();
  const number = Number(text);
  if (text === '' || !Number.isFinite(number) || (field.type === 'integer' && !Number.isInteger(number)))
    throw unfit(
      field,
      say`"${field.title}" takes ${field.type === 'integer' ? 'a whole number' : 'a number'}, and "${text.slice(0, 80)}" is none.`,
    );
  known(field, String(number));
  return number;
}

function booleanOf(field: WrittenField, value: JsonValue): boolean {
  const text = wordOf(value).trim().toLowerCase();
  if (text === 'true' || text === 'false') return text === 'true';
  throw unfit(field, say`"${field.title}" takes true or false, and "${text.slice(0, 80)}" is neither.`);
}

function known(field: WrittenField, text: string): string {
  if (!field.enum || field.enum.includes(text)) return text;
  const some = field.enum.slice(0, 10).join(', ');
  throw unfit(field, say`"${field.title}" does not take "${text.slice(0, 80)}", only: ${some}${field.enum.length > 10 ? ', …' : ''}.`);
}

const unfit = (field: WrittenField, detail: Words): HoldfastError =>
  new HoldfastError('step.config', {
    detail: say`${detail} Nothing was sent.`,
    hint: 'Look at the value in this step, and at where it comes from.',
    path: `values.${field.name}`,
  });
