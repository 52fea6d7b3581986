import { expect, test } from 'vitest';
import { countSmsSegments, plainForSms } from './sms-segments.ts';

test.each([
  ['', 'GSM-7', 0, 160],
  ['a'.repeat(160), 'GSM-7', 1, 0],
  ['a'.repeat(161), 'GSM-7', 2, 145],
  ['a'.repeat(306), 'GSM-7', 2, 0],
  ['a'.repeat(307), 'GSM-7', 3, 152],
  ['€'.repeat(80), 'GSM-7', 1, 0],
  // An extension character is not divided: 76 fit into the first 153 places, one stays empty.
  ['€'.repeat(81), 'GSM-7', 2, 143],
  ['ñ'.repeat(160), 'GSM-7', 1, 0],
  ['á'.repeat(70), 'UCS-2', 1, 0],
  ['á'.repeat(71), 'UCS-2', 2, 63],
  ['á'.repeat(134), 'UCS-2', 2, 0],
  ['😀'.repeat(35), 'UCS-2', 1, 0],
  ['😀'.repeat(67), 'UCS-2', 3, 65],
])('%#: %s', (text, encoding, segments, left) => {
  expect(countSmsSegments(text)).toMatchObject({ encoding, segments, left });
});

test('curly quotes become plain ones when that saves segments, and stay when it does not', () => {
  expect(plainForSms('It’s “ready” – today…')).toBe('It\'s "ready" - today...');
  expect(plainForSms('It’s ready 😀')).toBe('It’s ready 😀');
  expect(countSmsSegments('It’s ready 😀').foreign).toEqual(['’', '😀']);
});
