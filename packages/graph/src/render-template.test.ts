import { HoldfastError } from '@holdfast/errors';
import type { JsonObject, Scope } from '@holdfast/node-kit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluateTemplate, renderTemplate } from './render-template.ts';
import { templateNames, unguardedNames } from './template-names.ts';

const scopeWith = (trigger: JsonObject = {}): Scope => ({
  trigger,
  nodes: { lookup: { body: { status: 'shipped', total: 42.5, items: ['kelp', 'dulse'] } } },
  contact: { id: 'c1', name: 'Ana', language: 'es', attributes: {} },
  conversation: null,
  variables: { hours: '9–17' },
  run: { id: 'run_1', startedAt: '2026-11-23T03:00:00.000Z', flow: 'Orders' },
});
const render = (text: string, trigger?: JsonObject): string => renderTemplate(text, scopeWith(trigger)).value;

const tryToRender = (text: string, trigger: JsonObject): string => {
  try {
    render(text, trigger);
    return 'filled in';
  } catch (error) {
    return error instanceof HoldfastError && error.code === 'template.invalid' ? 'refused' : 'broken';
  }
};

describe('a template', () => {
  test('takes values from everywhere in the scope', () => {
    expect(render('{{ contact.name }}: {{ nodes.lookup.body.status | upcase }}, {{ variables.hours }}')).toBe('Ana: SHIPPED, 9–17');
  });

  test('renders what is missing as nothing, and tells', () => {
    expect(renderTemplate('Hi {{ contact.nick }}{{ nodes.gone.body.x }}.', scopeWith())).toEqual({
      value: 'Hi .',
      missing: ['contact.nick', 'nodes.gone.body.x'],
    });
  });

  test('does not call missing what it asks about first', () => {
    expect(renderTemplate('{{ contact.nick | default: "you" }}{% if nodes.gone %}!{% endif %}', scopeWith())).toEqual({
      value: 'you',
      missing: [],
    });
  });

  test('never evaluates a value', () => {
    expect(render('{{ trigger.text }}', { text: '{{ contact.name }}{% assign x = 1 %}' })).toBe('{{ contact.name }}{% assign x = 1 %}');
  });

  test('leaves text without templates alone, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }).filter((text) => !/\{[{%]/.test(text)),
        (text) => {
          expect(render(text)).toBe(text);
        },
      ),
    );
  });

  test('gives back any text of a customer code point by code point', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(render('{{ trigger.text }}', { text })).toBe(text);
      }),
    );
  });
});

describe('a template that is one expression', () => {
  const evaluate = (text: string): unknown => evaluateTemplate(text, scopeWith()).value;

  test('gives the value itself', () => {
    expect(evaluate(' {{ nodes.lookup.body.total }} ')).toBe(42.5);
    expect(evaluate('{{ nodes.lookup.body }}')).toEqual({ status: 'shipped', total: 42.5, items: ['kelp', 'dulse'] });
    expect(evaluate('{{ nodes.lookup.body.items | last }}')).toBe('dulse');
    expect(evaluate('{{ nodes.lookup.body.items | size }}')).toBe(2);
    expect(evaluate('{{ nodes.gone }}')).toBeNull();
    expect(evaluate('{{ empty }}')).toBeNull();
  });

  test('gives text as soon as there is anything else', () => {
    expect(evaluate('{{ nodes.lookup.body.total }} €')).toBe('42.5 €');
    expect(evaluate('{{ contact.name }}{{ contact.language }}')).toBe('Anaes');
  });
});

describe('nothing in a template reaches', () => {
  test.each([
    'constructor',
    'trigger.constructor',
    'trigger.constructor.constructor',
    'trigger.__proto__',
    'trigger["__proto__"]["toString"]',
    'trigger.text.constructor',
    'nodes.lookup.body.items.constructor',
    'nodes.lookup.body.items.map',
    'trigger.hasOwnProperty',
    '__proto__',
    'contact.toString',
    'nodes["constructor"]["prototype"]',
  ])('a prototype: %s', (name) => {
    expect(render(`{{ ${name} }}`, { text: 'x' })).toBe('');
  });

  test('but data that is called like one is data', () => {
    const data: JsonObject = JSON.parse('{"constructor":"mason","__proto__":"first"}'); // as it comes from a webhook
    expect(render('{{ trigger.constructor }} {{ trigger["__proto__"] }}', data)).toBe('mason first');
  });

  test.each([
    '{% include "/etc/passwd" %}',
    '{% render "x" %}',
    '{% layout "x" %}',
    '{{ contact.name | sample }}',
    '{{ contact.name | nonsense }}',
    '{{ contact.name',
    '{% if %}',
    '{% for x in %}',
  ])('a file, chance or sense: %s', (text) =>
    expect(() => render(text)).toThrowError(expect.objectContaining({ code: 'template.invalid' })),
  );

  test('the clock', () => {
    expect(render('{{ "now" | date: "%Y" }} {{ "today" | date: "%s" }}')).toBe('now today');
    expect(render('{{ "2026-11-23T12:00:00Z" | date: "%H:%M" }} {{ "2026-11-23T12:00:00Z" | date: "%H:%M", "Europe/Madrid" }}')).toBe(
      '12:00 13:00',
    );
  });
});

test('a template is filled in although the machine stood still meanwhile', () => {
  let hasStood = false;
  const trigger = {
    get text() {
      const until = performance.now() + (hasStood ? 0 : 120);
      hasStood = true;
      while (performance.now() < until);
      return 'kelp';
    },
  };
  expect(render('{{ trigger.text }} and {{ trigger.text }}', trigger)).toBe('kelp and kelp');
});

describe('a template that would take too much', () => {
  test.each([
    '{% for i in (1..100000000) %}x{% endfor %}',
    '{% assign a = "xxxxxxxxxx" %}{% for i in (1..40) %}{% assign a = a | append: a %}{% endfor %}{{ a }}',
    '{% for a in (1..3000) %}{% for b in (1..3000) %}{% for c in (1..3000) %}x{% endfor %}{% endfor %}{% endfor %}',
    `{{ "${'x'.repeat(100_000)}" }}`,
  ])('is stopped: %#', (text) => {
    expect(() => render(text)).toThrowError(expect.objectContaining({ code: 'template.invalid' }));
  });

  test.each([
    'strip',
    'rstrip',
    'lstrip',
    'strip_html',
    'strip_newlines',
    'squish',
    'normalize_whitespace',
    'number_of_words',
    'truncatewords',
    'escape_once',
    'url_decode',
    'newline_to_br',
    'capitalize',
  ])('is no danger however a customer writes: %s', (filter) => {
    for (const text of [
      ' '.repeat(100_000),
      `${' '.repeat(100_000)}x`,
      '<'.repeat(100_000),
      '<script'.repeat(15_000),
      '&'.repeat(100_000),
      '\r'.repeat(100_000),
      '%'.repeat(100_000),
    ]) {
      const before = performance.now();
      expect(['filled in', 'refused']).toContain(tryToRender(`{{ trigger.text | ${filter} }}`, { text }));
      // Takes a few milliseconds; with a filter that backtracks it takes many seconds.
      expect(performance.now() - before, `${filter} of ${text.slice(0, 8)}`).toBeLessThan(2_000);
    }
  });
});

describe('the names in a template', () => {
  test('are told part by part, as far as they are written out', () => {
    expect(
      templateNames(
        '{{ nodes.lookup.body.items[0].name | append: contact.name }}{% for x in trigger.list %}{{ x.y }}{% endfor %}{{ trigger[contact.id].z }}',
      ),
    ).toEqual(
      expect.arrayContaining([['nodes', 'lookup', 'body', 'items', '0', 'name'], ['contact', 'name'], ['trigger', 'list'], ['trigger']]),
    );
  });

  test('are unguarded when nothing asks whether they are there', () => {
    expect([...unguardedNames('{{ nodes.a.x }}{{ nodes.b.y | default: "-" }}{% if nodes.c %}{{ nodes.c.z }}{% endif %}')]).toEqual([
      'nodes.a.x',
    ]);
  });
});
