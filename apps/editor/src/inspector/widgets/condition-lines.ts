import { operators } from '@holdfast/graph';
import type { JsonValue } from '@holdfast/node-kit';

export type Operator = (typeof operators)[number];

/** What the form shows: comparisons joined by all or any, or CEL. Nested groups, which only files can bring, are shown as CEL's place: as text. */
export type ConditionForm =
  | { kind: 'lines'; join: 'all' | 'any'; lines: readonly LooseLine[] }
  | { kind: 'cel'; text: string }
  | { kind: 'nested'; value: JsonValue };

/** A line while it is being filled in; the schema judges it later. */
export interface LooseLine {
  field: string;
  operator: Operator;
  value: string | number | boolean;
}

const isOperator = (value: unknown): value is Operator => operators.some((operator) => operator === value);

/** Operators that compare with nothing. */
export const needsNoValue = (operator: Operator): boolean => ['is-true', 'is-false', 'is-empty', 'is-not-empty'].includes(operator);

export function readConditions(value: JsonValue | undefined): ConditionForm {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { kind: 'lines', join: 'all', lines: [] };
  if (typeof value['cel'] === 'string') return { kind: 'cel', text: value['cel'] };
  const join = Array.isArray(value['any']) ? 'any' : 'all';
  const entries = value[join];
  if (!Array.isArray(entries)) return { kind: 'lines', join, lines: [] };
  const lines = entries.map(readLine);
  return lines.every((line) => line !== null) ? { kind: 'lines', join, lines } : { kind: 'nested', value };
}

function readLine(entry: JsonValue): LooseLine | null {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry) || 'all' in entry || 'any' in entry) return null;
  const { field, operator, value } = entry;
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return { field: typeof field === 'string' ? field : '', operator: isOperator(operator) ? operator : 'is', value: isPlain ? value : '' };
}

export const writeConditions = (form: Exclude<ConditionForm, { kind: 'nested' }>): JsonValue =>
  form.kind === 'cel'
    ? { cel: form.text }
    : {
        [form.join]: form.lines.map((line) => ({
          field: line.field,
          operator: line.operator,
          value: needsNoValue(line.operator) ? '' : line.value,
        })),
      };

/** Typed numbers stay numbers, so that `10` is more than `9`. */
export const valueFromText = (text: string): string | number =>
  /^-?\d{1,15}(\.\d{1,10})?$/.test(text) && String(Number(text)) === text ? Number(text) : text;
