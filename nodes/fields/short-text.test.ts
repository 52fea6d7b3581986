import { expect, test } from 'vitest';
import { shortMessage, shortText } from './short-text.ts';

test.each([
  ['Hello {{ contact.name }},\n how are you?', 'Hello ‹contact name›, how are you?'],
  ['{{ nodes.compose.text }}', '‹compose text›'],
  ['{{nodes.lookup.body.status|upcase}}', '‹lookup status›'],
  ['{{ variables.opening_hours }}', '‹opening hours›'],
  ['{{ trigger.text | default: "x" }}', '‹text›'],
  ["{% case nodes.a.b %}{% when 'x' %}Good news{% else %}Bad news{% endcase %}", 'Good news Bad news'],
  ['{{ }} and {{ unclosed', '‹› and {{ unclosed'],
  ['x'.repeat(100), `${'x'.repeat(79)}…`],
])('"%s" is shown as "%s"', (text, shown) => {
  expect(shortText(text)).toBe(shown);
});

test('a formatted text is shown without its signs', () => {
  expect(shortMessage('Hello **{{ contact.name }}**, see [here](https://a.test)', 'rich')).toBe(
    'Hello ‹contact name›, see here (https://a.test)',
  );
  expect(shortMessage('Hello **you**', 'plain')).toBe('Hello **you**');
  expect(shortMessage(undefined, undefined)).toBe('');
});
