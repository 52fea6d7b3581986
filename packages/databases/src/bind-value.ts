import { HoldfastError, say } from '@holdfast/errors';
import { cleanText, type DatabaseValue, type JsonValue, type SqlStatement } from '@holdfast/node-kit';
import { RefusedError } from './refused-error.ts';

/** A value in the form that both drivers can bind: dates as ISO text or moment, JSON as its text. */
export type Bound = string | number | boolean | Date | null;
type Bind = (value: Exclude<Bound, null>, given: DatabaseValue) => Bound;

/** The values of a statement, one for each place. Throws step.config for one that is missing, RefusedError for one that is not what it should be. */
export function bindValues({ names }: Pick<SqlStatement, 'names'>, values: readonly DatabaseValue[], bind: Bind): Bound[] {
  const known = new Map(values.map((value) => [value.name, value]));
  return names.map((name) => {
    const value = known.get(name);
    if (!value)
      throw new HoldfastError('step.config', {
        detail: say`The statement wants a value for :${name}, and none is given.`,
        hint: say`Add ${name} to the values of the step.`,
        path: 'values',
      });
    return boundOf(value, bind);
  });
}

function boundOf(given: DatabaseValue, bind: Bind): Bound {
  const { value } = given;
  if (value === null || (given.emptyIsNull && value === '')) return null;
  const read = readers[given.as](value);
  if (read === undefined) throw unfit(given);
  return read === null ? null : bind(read, given);
}

const textOf = (value: JsonValue): string => (typeof value === 'string' ? value : JSON.stringify(value));
const dateLike = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?$/;

const readers: Readonly<Record<DatabaseValue['as'], (value: JsonValue) => Bound | undefined>> = {
  text: textOf,
  number: (value) => {
    const text = textOf(value).trim();
    return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i.test(text) ? text : undefined;
  },
  'yes-no': (value) => {
    const text = textOf(value).trim().toLowerCase();
    if (['true', 'yes', '1', 'sí', 'si'].includes(text)) return true;
    return ['false', 'no', '0'].includes(text) ? false : undefined;
  },
  date: (value) => {
    const text = textOf(value).trim();
    return dateLike.test(text) && !Number.isNaN(new Date(text.replace(' ', 'T')).getTime()) ? text : undefined;
  },
  json: (value) => (typeof value === 'string' ? (isJson(value) ? value : undefined) : JSON.stringify(value)),
};

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const wanted: Readonly<Record<DatabaseValue['as'], string>> = {
  text: 'a text',
  number: 'a number, as 12 or 12.50',
  'yes-no': 'true or false',
  date: 'a date, as 2026-11-23 or 2026-11-23T10:00:00Z',
  json: 'JSON',
};

const unfit = ({ name, value, as }: DatabaseValue): RefusedError =>
  new RefusedError({
    kind: 'value',
    constraint: null,
    table: null,
    columns: [],
    reason: `:${name} should be ${wanted[as]}, and is "${cleanText(textOf(value)).slice(0, 60)}".`,
  });
