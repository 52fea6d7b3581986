import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinPath, parseSegments, partsOfPath, textOfSegments } from './chip-model.ts';
import { chipRanges, insertInto, needsRedraw, removeChipAt } from './edit-text.ts';

describe('a text with inserted values', () => {
  test('is words and chips', () => {
    expect(parseSegments('Hi {{ contact.name }}, it is {{ nodes.lookup.body.status | upcase }}.')).toEqual([
      { kind: 'text', text: 'Hi ' },
      { kind: 'value', liquid: '{{ contact.name }}', path: 'contact.name', filters: '' },
      { kind: 'text', text: ', it is ' },
      { kind: 'value', liquid: '{{ nodes.lookup.body.status | upcase }}', path: 'nodes.lookup.body.status', filters: 'upcase' },
      { kind: 'text', text: '.' },
    ]);
  });

  test('keeps tags and expressions as they were written', () => {
    expect(parseSegments('{% if contact.name %}{{ "a" | append: "}}" }}{% endif %}').map((segment) => segment.kind)).toEqual([
      'code',
      'code',
      'code',
    ]);
  });

  test('finds the filters behind quoted bars and brackets', () => {
    expect(parseSegments('{{ trigger.body["order|id"] | default: "a|b" }}')).toMatchObject([
      { path: 'trigger.body["order|id"]', filters: 'default: "a|b"' },
    ]);
  });

  test('never loses a character', () => {
    const piece = fc.constantFrom('{{', '}}', '{%', '%}', ' ', 'a.b', '| upcase', '"', "'", '\n', '{', '}', 'é', '{{ contact.name }}');
    const keepsAll = fc.property(
      fc.array(piece, { maxLength: 30 }),
      (pieces) => textOfSegments(parseSegments(pieces.join(''))) === pieces.join(''),
    );
    expect(fc.check(keepsAll).failed).toBe(false);
  });
});

describe('paths', () => {
  test('are taken apart, whatever way they are written', () => {
    expect(partsOfPath('nodes.lookup.body["order id"][0].name')).toEqual(['nodes', 'lookup', 'body', 'order id', '0', 'name']);
  });
  test('use brackets where a dot would not do', () => {
    expect(joinPath('trigger.body', 'order id')).toBe('trigger.body["order id"]');
    expect(joinPath('trigger.items', 0)).toBe('trigger.items[0]');
    expect(joinPath('trigger', 'text')).toBe('trigger.text');
  });
});

describe('editing', () => {
  const text = 'Hi {{ contact.name }}!';
  test('a chip goes with one key, from either side', () => {
    expect(removeChipAt(text, 21, 'before')).toEqual({ text: 'Hi !', caret: 3 });
    expect(removeChipAt(text, 3, 'after')).toEqual({ text: 'Hi !', caret: 3 });
    expect(removeChipAt(text, 2, 'before')).toBeNull();
  });
  test('inserting replaces the selection', () => {
    expect(insertInto('Hi there', [3, 8], '{{ x }}')).toEqual({ text: 'Hi {{ x }}', caret: 10 });
  });
  test('Liquid typed by hand becomes a chip when it is complete', () => {
    expect(needsRedraw('Hi {{ contact.name }', 0)).toBe(false);
    expect(needsRedraw(text, 0)).toBe(true);
    expect(chipRanges(text)).toEqual([[3, 21]]);
  });
});
