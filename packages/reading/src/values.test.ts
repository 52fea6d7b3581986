import { describe, expect, test } from 'vitest';
import { readChoice } from './choice.ts';
import { readEmail, readPhone } from './contact-point.ts';
import { readDate } from './date.ts';
import { editDistance, isNear } from './edit-distance.ts';
import { parseNumber, readNumbers } from './number.ts';
import { findOrderIds } from './order-id.ts';

describe('numbers', () => {
  test.each([
    ['1,234.50', 1234.5],
    ['1.234,50', 1234.5],
    ['1 234,5', 1234.5],
    ["1'234.5", 1234.5],
    ['12,5', 12.5],
    ['1.500', 1500],
    ['0.500', 0.5],
    ['1,234,567', 1234567],
    ['-3', -3],
    ['−3', -3],
    ['٤٢', 42],
    ['１２', 12],
    ['12a', null],
    ['', null],
    ['1e5', null],
    ['..', null],
  ])('"%s" is %s', (written, value) => {
    expect(parseNumber(written)).toBe(value);
  });

  test('are found in a sentence, not inside of words', () => {
    expect(readNumbers('2 boxes at 3,50 each, model X200').map((number) => number.value)).toEqual([2, 3.5]);
  });
});

describe('dates', () => {
  const read = (text: string, order: 'day-first' | 'month-first' = 'day-first') => readDate(text, { order, today: '2026-11-23' });
  test.each([
    ['2026-12-24', '2026-12-24'],
    ['24/12/2026', '2026-12-24'],
    ['24.12.', '2026-12-24'],
    ['24-12-26', '2026-12-24'],
    ['03/04', '2026-04-03'],
    ['tomorrow', '2026-11-24'],
    ['pasado mañana', '2026-11-25'],
    ['Mañana por la mañana', '2026-11-24'],
    ['hoy', '2026-11-23'],
    ['ayer', '2026-11-22'],
    ['24 de diciembre de 2026', '2026-12-24'],
    ['December 24th, 2026', '2026-12-24'],
    ['1 de enero', '2026-01-01'],
    ['明天', '2026-11-24'],
    ['31/02/2026', null],
    ['32.1.2026', null],
    ['soon', null],
    ['', null],
    ['99999999', null],
  ])('"%s" is %s', (text, date) => {
    expect(read(text)).toBe(date);
  });

  test('are read in the order that staff chose, unless only one makes sense', () => {
    expect(read('03/04/2026', 'month-first')).toBe('2026-03-04');
    expect(read('24/12/2026', 'month-first')).toBe('2026-12-24');
  });
});

describe('contact points', () => {
  test.each([
    ['write me: Ana.Lopez+1@Example.COM.', 'Ana.Lopez+1@example.com'],
    ['josé@correo.españa', 'josé@correo.españa'],
    ['a@b', null],
    ['@', null],
    ['a@@b.com', null],
  ])('the address in "%s" is %s', (text, email) => {
    expect(readEmail(text)).toBe(email);
  });

  test.each([
    ['+34 600 11 22 33', '+34600112233'],
    ['0034-600-112233', '+34600112233'],
    ['(0721) 123 456', '0721123456'],
    ['٠٧٢١١٢٣٤٥٦', '0721123456'],
    ['12345', null],
    ['order A-1001', null],
    [`${'1'.repeat(40)}`, null],
  ])('the phone in "%s" is %s', (text, phone) => {
    expect(readPhone(text)).toBe(phone);
  });
});

describe('choices', () => {
  const choices = [
    { id: 'yes', label: 'Sí, llámame' },
    { id: 'no', label: 'No' },
    { id: 'later', label: 'Más tarde' },
  ];
  test.each([
    ['si llamame', 'yes'],
    ['SÍ, LLÁMAME!', 'yes'],
    ['2', 'no'],
    ['mas trade', 'later'],
    ['tarde', 'later'],
    ['no', 'no'],
    ['9', null],
    ['', null],
    ['quizás', null],
    ['2)', 'no'],
    ['(2).', 'no'],
    ['2️⃣', 'no'],
    ['２', 'no'],
    ['#3', 'later'],
    ['2nd', 'no'],
    ['two', 'no'],
    ['Dos', 'no'],
    ['la primera', 'yes'],
    ['opción 3, por favor', 'later'],
    ['the second one', 'no'],
    ['el 3.º', 'later'],
    ['dritte', 'later'],
    ['two or three', null],
    ['ten', null],
  ])('"%s" means %s', (text, id) => {
    expect(readChoice(text, choices)).toBe(id);
  });

  test('a label that holds a number is found by its words before it is by its place', () => {
    const rooms = [
      { id: 'b', label: 'Two rooms' },
      { id: 'a', label: 'One room' },
      { id: 'c', label: '2' },
    ];
    expect(['one', 'two', 'three', '2', '1'].map((text) => readChoice(text, rooms))).toEqual(['a', 'b', 'c', 'c', 'b']);
  });

  test('a tapped button decides, whatever its text', () => {
    expect(readChoice('whatever', choices, 'later')).toBe('later');
    expect(readChoice('2', choices, 'of another question')).toBe('no');
  });
});

describe('typing mistakes', () => {
  test('are counted as inserts, deletes, replacements and swaps', () => {
    expect([
      editDistance('order', 'ordre', 3),
      editDistance('refund', 'refnd', 3),
      editDistance('kitten', 'sitting', 9),
      editDistance('', 'abc', 9),
    ]).toEqual([1, 1, 3, 3]);
  });

  test('are forgiven by length: none in short words', () => {
    expect([
      isNear('cta', 'cat'),
      isNear('ordre', 'order'),
      isNear('devolucoin', 'devolucion'),
      isNear('paper', 'parcel'),
      isNear('x'.repeat(1000), 'order'),
    ]).toEqual([false, true, true, false, false]);
  });
});

describe('order numbers', () => {
  test.each([
    ['it is #a-1001, thanks', '', ['A-1001']],
    ['ORD-2026-0042', '', ['ORD-2026-0042']],
    ['orders 1001 and 1002', '', ['1001', '1002']],
    ['call 12', '', []],
    ['my A-1001 and B-12', 'A-####', ['A-1001']],
    ['ab-12', '@@-##', ['AB-12']],
    ['x.(1)', 'x.(#)', ['X.(1)']],
    ['A-10012', 'A-####', []],
    ['رقم ١٠٠١', '', ['1001']],
  ])('in "%s" by "%s": %j', (text, format, ids) => {
    expect(findOrderIds(text, format)).toEqual(ids);
  });
});
