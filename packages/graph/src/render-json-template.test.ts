import type { JsonObject } from '@holdfast/node-kit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderJsonTemplate } from './render-json-template.ts';

/** Any sixteen bits in a row: letters, signs, halves of pairs. */
const anything = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 }).map((units) => String.fromCharCode(...units));

const scope = (trigger: JsonObject) => ({
  trigger,
  nodes: {},
  contact: null,
  conversation: null,
  variables: {},
  run: { id: 'run_1', startedAt: '', flow: '' },
});
const render = (text: string, trigger: JsonObject): unknown => JSON.parse(renderJsonTemplate(text, scope(trigger)).value);

test('a value between quotes becomes part of the text', () => {
  expect(render('{"text": "He said: {{ trigger.text }}."}', { text: 'it is "broken"\n\\' })).toEqual({
    text: 'He said: it is "broken"\n\\.',
  });
});

test('a value without quotes keeps its kind', () => {
  expect(
    render('{"n": {{ trigger.n }}, "s": {{ trigger.s }}, "l": {{ trigger.l }}, "o": {{ trigger.none }}}', {
      n: 4.5,
      s: 'a"b',
      l: [1, 'x'],
    }),
  ).toEqual({ n: 4.5, s: 'a"b', l: [1, 'x'], o: null });
});

test('the filter json may be written, and changes nothing', () => {
  expect(render('{"s": {{ trigger.s | json }}, "d": {{ trigger.none | default: "" | json }}}', { s: 'a"b' })).toEqual({ s: 'a"b', d: '' });
});

test('loops and conditions write JSON too', () => {
  expect(
    render('{"items": [{% for item in trigger.items %}{"name": "{{ item }}"}{% unless forloop.last %},{% endunless %}{% endfor %}]}', {
      items: ['a', '"b"'],
    }),
  ).toEqual({ items: [{ name: 'a' }, { name: '"b"' }] });
});

test('nothing that a customer writes becomes JSON of its own', () => {
  fc.assert(
    fc.property(
      fc.oneof(anything, fc.constantFrom('","admin":true,"x":"', '\\', '\\"', '\uE0000\uE001', '{{ trigger.secret }}', '}', '\u2028')),
      (text) => {
        const given = render(
          '{"a": "{{ trigger.text }}", "b": {{ trigger.text }}, "c": "{{ trigger.text | raw }}", "d": "\\"{{ trigger.text }}", "secret": false}',
          { text, secret: 'no' },
        );
        expect(given).toEqual({ a: text, b: text, c: text, d: `"${text}`, secret: false });
      },
    ),
    { numRuns: 300 },
  );
});

test('what can’t be a template is said', () => {
  expect(() => render('{% if trigger.a %}{}', {})).toThrow(expect.objectContaining({ code: 'template.invalid' }));
  expect(() => render('{% capture x %}{% endcapture %}', {})).toThrow(expect.objectContaining({ code: 'template.invalid' }));
});
