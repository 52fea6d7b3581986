import type { JsonValue } from '@holdfast/node-kit';

export const operators = [
  'is',
  'is-not',
  'contains',
  'contains-not',
  'starts-with',
  'ends-with',
  'one-of',
  'not-one-of',
  'greater',
  'at-least',
  'less',
  'at-most',
  'before',
  'after',
  'is-true',
  'is-false',
  'is-empty',
  'is-not-empty',
] as const;
export type Operator = (typeof operators)[number];

/**
 * Compares as people would: `Café` is `cafe`, `7` is `"7.0"`. Something that isn't there is empty, and neither greater nor
 * less than anything.
 */
export function compare(found: JsonValue | undefined, operator: Operator, wanted: JsonValue): boolean {
  switch (operator) {
    case 'is':
      return isSame(found, wanted);
    case 'is-not':
      return !isSame(found, wanted);
    case 'contains':
      return contains(found, wanted);
    case 'contains-not':
      return !contains(found, wanted);
    case 'starts-with':
      return fold(found).startsWith(fold(wanted));
    case 'ends-with':
      return fold(found).endsWith(fold(wanted));
    case 'one-of':
      return choices(wanted).some((choice) => isSame(found, choice));
    case 'not-one-of':
      return !choices(wanted).some((choice) => isSame(found, choice));
    case 'greater':
      return ordered(found, wanted, (a, b) => a > b);
    case 'at-least':
      return ordered(found, wanted, (a, b) => a >= b);
    case 'less':
      return ordered(found, wanted, (a, b) => a < b);
    case 'at-most':
      return ordered(found, wanted, (a, b) => a <= b);
    case 'before':
      return dated(found, wanted, (a, b) => a < b);
    case 'after':
      return dated(found, wanted, (a, b) => a > b);
    case 'is-true':
      return found === true || fold(found) === 'true';
    case 'is-false':
      return found === false || fold(found) === 'false';
    case 'is-empty':
      return isEmpty(found);
    case 'is-not-empty':
      return !isEmpty(found);
  }
}

/**
 * Text without case and accents, for comparing only. Just the accents of Latin, Greek and Cyrillic go: the vowel signs of
 * other scripts are marks as well, and without them other words would be the same.
 */
export const foldText = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toUpperCase()
    .toLowerCase()
    .trim();

const fold = (value: JsonValue | undefined): string =>
  value === null || value === undefined ? '' : foldText(typeof value === 'object' ? JSON.stringify(value) : String(value));

function isSame(found: JsonValue | undefined, wanted: JsonValue): boolean {
  const numbers = [toNumber(found), toNumber(wanted)] as const;
  const isNumeric = typeof found === 'number' || typeof wanted === 'number';
  return isNumeric && numbers[0] !== undefined && numbers[1] !== undefined ? numbers[0] === numbers[1] : fold(found) === fold(wanted);
}

function contains(found: JsonValue | undefined, wanted: JsonValue): boolean {
  if (Array.isArray(found)) return found.some((item) => isSame(item, wanted));
  return fold(found).includes(fold(wanted));
}

/** A list as it is, or a text with commas. */
const choices = (wanted: JsonValue): readonly JsonValue[] =>
  Array.isArray(wanted) ? wanted : typeof wanted === 'string' ? wanted.split(',') : [wanted];

function ordered(found: JsonValue | undefined, wanted: JsonValue, holds: (a: number, b: number) => boolean): boolean {
  const [a, b] = [toNumber(found), toNumber(wanted)];
  return a !== undefined && b !== undefined && holds(a, b);
}

/** Numbers, and texts that are written as one: `12`, `-3.5`, `3,5`. */
function toNumber(value: JsonValue | undefined): number | undefined {
  if (typeof value === 'number') return value;
  const text = typeof value === 'string' ? value.trim() : '';
  return /^[+-]?\d{1,300}(?:[.,]\d{1,300})?$/.test(text) ? Number(text.replace(',', '.')) : undefined;
}

function dated(found: JsonValue | undefined, wanted: JsonValue, holds: (a: number, b: number) => boolean): boolean {
  const [a, b] = [toInstant(found), toInstant(wanted)];
  return a !== undefined && b !== undefined && holds(a, b);
}

/** `2026-11-23` or `2026-11-23T10:00:00`, taken as UTC where no zone is given: the server's zone must not decide. */
function toInstant(value: JsonValue | undefined): number | undefined {
  const text = typeof value === 'string' ? value.trim() : '';
  const found = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:\d{2})?)?$/.exec(text);
  if (!found) return undefined;
  const instant = Date.parse(`${found[1]}T${found[2] ?? '00:00'}${found[3] ?? 'Z'}`);
  return Number.isNaN(instant) ? undefined : instant;
}

const isEmpty = (value: JsonValue | undefined): boolean =>
  value === null ||
  value === undefined ||
  (typeof value === 'string' ? value.trim() === '' : typeof value === 'object' && Object.keys(value).length === 0);
