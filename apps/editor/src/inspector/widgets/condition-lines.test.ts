import { conditionGroup } from '@holdfast/graph';
import { expect, test } from 'vitest';
import { readConditions, valueFromText, writeConditions } from './condition-lines.ts';

test('conditions made by form come back as they were', () => {
  const value = {
    any: [
      { field: 'contact.name', operator: 'is', value: 'Ana' },
      { field: 'trigger.total', operator: 'greater', value: 10 },
    ],
  };
  const form = readConditions(value);
  expect(form).toMatchObject({ kind: 'lines', join: 'any' });
  expect(form.kind === 'nested' ? null : writeConditions(form)).toEqual(value);
  expect(conditionGroup.safeParse(value).success).toBe(true);
});

test('a half-filled line stays in the form', () => {
  expect(readConditions({ all: [{ field: '' }] })).toEqual({
    kind: 'lines',
    join: 'all',
    lines: [{ field: '', operator: 'is', value: '' }],
  });
  expect(readConditions(undefined)).toEqual({ kind: 'lines', join: 'all', lines: [] });
});

test('nested groups and CEL are not squeezed into lines', () => {
  expect(readConditions({ all: [{ any: [] }] }).kind).toBe('nested');
  expect(readConditions({ cel: 'trigger.total > 10' })).toEqual({ kind: 'cel', text: 'trigger.total > 10' });
});

test('a typed number is a number, anything that only looks like one stays text', () => {
  expect(['10', '-2.5', '007', '1e3', '10 '].map(valueFromText)).toEqual([10, -2.5, '007', '1e3', '10 ']);
});
