import { describe, expect, test } from 'vitest';
import { formatAge, formatBytes, formatMicroUsd, formatMoment, formatSpan, numberSeparators } from './format.ts';

const plain = (text: string) => text.replaceAll(/[   ]/g, ' ');
const now = Date.parse('2026-03-04T10:00:00Z');
const before = (ms: number) => new Date(now - ms).toISOString();

describe('a span', () => {
  test.each([
    [0, '0 ms'],
    [240, '240 ms'],
    [1_450, '1.5 s'],
    [12_400, '12 s'],
    [59_700, '1 min'],
    [240_000, '4 min'],
    [7_500_000, '2 h 5 min'],
    [90_000_000, '1 d 1 h'],
    [-5, '0 ms'],
  ])('of %i ms reads "%s"', (ms, text) => {
    expect(plain(formatSpan('en', ms))).toBe(text);
  });
  test('reads in Spanish', () => {
    expect([1_450, 7_500_000].map((ms) => plain(formatSpan('es', ms)))).toEqual(['1,5 s', '2 h 5 min']);
  });
});

describe('an age', () => {
  test.each([
    [0, 'now'],
    [3_000, '3 s ago'],
    [119_000, '1 min ago'],
    [7_300_000, '2 h ago'],
  ])('of %i ms reads "%s"', (ms, text) => {
    expect(plain(formatAge('en', before(ms), now))).toBe(text);
  });
  test('looks ahead as well', () => {
    expect(plain(formatAge('en', before(-240_000), now))).toBe('in 4 min');
  });
  test('reads in Spanish', () => {
    expect(plain(formatAge('es', before(3_000), now))).toBe('hace 3 s');
  });
});

describe('money', () => {
  test.each([
    [0, '$0.00'],
    [1_234_567, '$1.23'],
    [1_230, '$0.0012'],
    [12, '$0.000012'],
  ])('of %i microdollars reads "%s"', (microUsd, text) => {
    expect(plain(formatMicroUsd('en', microUsd))).toBe(text);
  });
});

test('numbers are written as the reader writes them', () => {
  expect(numberSeparators('en')).toEqual({ thousandSeparator: ',', decimalSeparator: '.' });
  expect(numberSeparators('es')).toEqual({ thousandSeparator: '.', decimalSeparator: ',' });
});

test('bytes are counted in decimal units', () => {
  expect([0, 999, 1_400_000, 23_000_000].map((bytes) => plain(formatBytes('en', bytes)))).toEqual(['0 B', '999 B', '1.4 MB', '23 MB']);
});

test('a moment of today is its time alone', () => {
  expect(formatMoment('en-GB', before(60_000), now)).not.toContain('Mar');
  expect(formatMoment('en-GB', before(3 * 86_400_000), now)).toContain('Mar');
});
