import { expect, test } from 'vitest';
import { assign } from '../fields/assign.ts';
import { assignment } from '../fields/assignment.ts';
import { setData } from './node.ts';

const one = (value: string, as: string) => assign([assignment.parse({ name: 'x', value, as })])['x'];

test.each([
  ['12,5', 12.5],
  [' 7 ', 7],
  ['-1', -1],
  ['1e3', 1000],
])('"%s" as a number is %s', (value, number) => {
  expect(one(value, 'number')).toBe(number);
});

test.each([
  ['yes', true],
  ['SÍ', true],
  ['No', false],
  ['', false],
  ['0', false],
])('"%s" as yes or no is %s', (value, flag) => {
  expect(one(value, 'yes-no')).toBe(flag);
});

test('JSON is read', () => {
  expect(one('{"a":[1]}', 'json')).toEqual({ a: [1] });
});

test.each([
  ['twelve', 'number', 'a number'],
  ['', 'number', 'a number'],
  ['maybe', 'yes-no', 'yes or no'],
  ['{', 'json', 'JSON'],
])('"%s" is refused as %s, naming the value', (value, as, wanted) => {
  expect(() => one(value, as)).toThrow(
    expect.objectContaining({
      code: 'step.config',
      path: 'fields.0.value',
      detail: `"x" should be ${wanted}, but its value is ${JSON.stringify(value)}.`,
    }),
  );
});

test('names can’t touch a prototype or come twice', () => {
  for (const name of ['__proto__', 'constructor', 'prototype', 'a b', '', '1a']) expect(assignment.safeParse({ name }).success).toBe(false);
  expect(setData.config.safeParse({ fields: [{ name: 'a' }, { name: 'a' }] }).error?.issues[0]?.message).toBe('Each name can be used once');
});
