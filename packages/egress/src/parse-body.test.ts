import { describe, expect, test } from 'vitest';
import { parseBody } from './parse-body.ts';

const parse = (text: string, type = 'application/json; charset=utf-8') => parseBody(Buffer.from(text), type);

describe('parseBody', () => {
  test('reads JSON when the answer says so, also under a +json type', () => {
    expect(parse('{"a":[1]}')).toEqual({ a: [1] });
    expect(parse('{"a":1}', 'application/problem+json')).toEqual({ a: 1 });
  });

  test('keeps text as text, and JSON that is none as text', () => {
    expect(parse('{"a":1}', 'text/plain')).toBe('{"a":1}');
    expect(parse('<html>')).toBe('<html>');
    expect(parse('')).toBe('');
  });

  test('turns NUL and half surrogate pairs into U+FFFD and leaves pairs and escaped text alone', () => {
    expect(parse('{"a\\u0000":"x\\u0000y","b":"\\ud83d","c":"\\ud83d\\ude00","d":"\\\\u0000"}')).toEqual({
      'a\uFFFD': 'x\uFFFDy',
      b: '\uFFFD',
      c: '😀',
      d: '\\u0000',
    });
    expect(parse('a\0b', 'text/plain')).toBe('a\uFFFDb');
  });

  test('keeps JSON deeper than 200 as text', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(parse(deep)).toBe(deep);
    expect(parse(`{"a":"${'['.repeat(500)}"}`)).toEqual({ a: '['.repeat(500) });
  });

  test('keeps __proto__ as data', () => {
    const value = parse('{"__proto__":{"polluted":true}}');
    expect(Object.keys(value ?? {})).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('reads another charset when the answer names it', () =>
    expect(parseBody(Buffer.from([0xe9]), 'text/plain; charset=iso-8859-1')).toBe('é'));
});

test('XML is read in the characters that it says it is written in', () => {
  const xml = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?><a>Müller</a>`;
  expect(parseBody(Buffer.from(xml('ISO-8859-1'), 'latin1'), 'text/xml')).toContain('Müller');
  expect(parseBody(Buffer.from(xml('ISO-8859-1')), 'text/xml; charset=utf-8')).toContain('Müller');
  expect(parseBody(Buffer.from(`\uFEFF${xml('utf-16')}`, 'utf16le'), 'application/soap+xml')).toContain('Müller');
  expect(parseBody(Buffer.from(xml('no-such')), 'text/xml')).toContain('Müller');
});
