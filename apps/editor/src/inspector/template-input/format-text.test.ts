import { expect, test } from 'vitest';
import { formatText, formattingOf, type Formatting } from './format-text.ts';

// "[" and "]" around what is selected, "|" for the caret.
const at = (drawn: string): [string, [number, number]] => {
  const start = drawn.indexOf('⟨');
  return [drawn.replaceAll(/[⟨⟩]/g, ''), [start, drawn.indexOf('⟩') - 1]];
};

test.each<[string, Formatting, string]>([
  ['say ⟨hello⟩ now', 'bold', 'say **hello**| now'],
  ['say ⟨hello ⟩now', 'italic', 'say _hello_| now'],
  ['say **⟨hello⟩** now', 'bold', 'say hello| now'],
  ['say ⟨⟩', 'bold', 'say **|**'],
  ['see ⟨here⟩', 'link', 'see [here](https://|)'],
  ['see ⟨⟩', 'link', 'see [|](https://)'],
  ['one\n⟨two\nthr⟩ee\nfour', 'list', 'one\n- two\n- three|\nfour'],
  ['- one\n- t⟨⟩wo', 'list', '- one\ntwo|'],
  ['⟨{{ contact.name }}⟩', 'bold', '**{{ contact.name }}**|'],
])('%j as %s is %j', (drawn, formatting, expected) => {
  const [text, selection] = at(drawn);
  const edit = formatText(text, selection, formatting);
  expect(`${edit.text.slice(0, edit.caret)}|${edit.text.slice(edit.caret)}`).toBe(expected);
});

test('Ctrl or ⌘ with B, I and K format; other keys do not', () => {
  const key = (name: string, more: object = {}) => ({ ctrlKey: true, metaKey: false, altKey: false, shiftKey: false, key: name, ...more });
  expect(['b', 'I', 'k', 'z'].map((name) => formattingOf(key(name)))).toEqual(['bold', 'italic', 'link', null]);
  expect(formattingOf(key('k', { shiftKey: true }))).toBeNull();
  expect(formattingOf(key('b', { ctrlKey: false }))).toBeNull();
});
