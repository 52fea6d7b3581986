import { HoldfastError } from '@holdfast/errors';
import { expect, test } from 'vitest';
import { isDatabaseTrouble } from './database-trouble.ts';

const pgError = (code: string, message = '') => Object.assign(new Error(message), { code });

test.each(['57P01', '08006', '53300', '40P01', '40001', 'ECONNREFUSED', 'ECONNRESET'])(
  '%s is the database’s trouble and passes',
  (code) => {
    expect(isDatabaseTrouble(pgError(code))).toBe(true);
  },
);

test.each(['22P02', '23505', '22007', '42703'])('%s is about the data or our own statement and stays', (code) => {
  expect(isDatabaseTrouble(pgError(code))).toBe(false);
});

test('a connection that ends without a code is recognised by its words', () => {
  expect(isDatabaseTrouble(new Error('Connection terminated unexpectedly'))).toBe(true);
  expect(isDatabaseTrouble(new Error('timeout exceeded when trying to connect'))).toBe(true);
  expect(isDatabaseTrouble(new TypeError('x is not a function'))).toBe(false);
  expect(isDatabaseTrouble(new HoldfastError('database.unavailable', { detail: 'gone' }))).toBe(true);
});
