import { portsOf } from '@holdfast/node-kit';
import { expect, test } from 'vitest';
import { catalog } from '../catalog.ts';
import { findRule } from './find-rule.ts';
import { patternMatch } from './node.ts';
import { rule, type Rule } from './rule.ts';

const regex = (pattern: string): Rule => rule.parse({ id: 'r', kind: 'regex', pattern });
const world = { credentials: [], channels: [], variables: [] };
const words = (...list: string[]): Rule => rule.parse({ id: 'w', kind: 'words', words: list });

test('always has a way out, even while its rules are half typed', () => {
  const definition = catalog['pattern-match'];
  if (!definition) throw new Error('not in the catalog');
  for (const config of [{}, { rules: 'x' }, { rules: [{ id: '' }] }, { rules: [null] }])
    expect(Object.keys(portsOf(definition, JSON.parse(JSON.stringify(config))))).toEqual(['otherwise']);
  expect(Object.keys(portsOf(definition, { rules: [{ id: 'a', name: 'A' }, { id: 'b' }] }))).toEqual(['a', 'b', 'otherwise']);
});

test.each([
  [{ rules: [] }, 'Add at least one rule'],
  [{ rules: [{ id: 'a', kind: 'words' }] }, 'Write at least one word to look for'],
  [{ rules: [{ id: 'a', kind: 'regex' }] }, 'Write the regular expression'],
  [{ rules: [{ id: 'otherwise', words: ['x'] }] }, '"otherwise" is taken: choose another id'],
  [
    {
      rules: [
        { id: 'a', words: ['x'] },
        { id: 'a', words: ['y'] },
      ],
    },
    'Two rules have the same id',
  ],
])('says what is wrong with %j', (config, message) => {
  expect(patternMatch.config.safeParse(config).error?.issues.map((issue) => issue.message)).toContain(message);
});

test('a pattern that hangs other engines ends at once, on any text', () => {
  const start = performance.now();
  expect(findRule([regex('(a+)+$')], `${'a'.repeat(4_900)}b`).port).toBe('otherwise');
  expect(findRule([regex('(x+x+)+y')], 'x'.repeat(50_000)).port).toBe('otherwise');
  expect(performance.now() - start).toBeLessThan(250);
});

test('look-behind and back-references are refused at design time', () => {
  for (const pattern of ['(', '(?<=a)b', '(a)\\1', 'a{99999}'])
    expect(patternMatch.check?.({ text: '', rules: [regex(pattern)] }, world)?.[0]?.field).toBe('rules.0.pattern');
  expect(patternMatch.check?.({ text: '', rules: [regex('ok (\\d+)')] }, world)).toEqual([]);
});

test('all words can be asked for', () => {
  const both = { ...words('late', 'order'), mode: 'all' as const };
  expect(findRule([both], 'my order is late').port).toBe('w');
  expect(findRule([both], 'my order').port).toBe('otherwise');
});

test('a fuzzy phrase is found word by word', () => {
  const fuzzy = rule.parse({ id: 'f', kind: 'fuzzy', words: ['talk to somebody'] });
  expect(findRule([fuzzy], 'can i tlak to sombody now').port).toBe('f');
  expect(findRule([fuzzy], 'talk somebody').port).toBe('otherwise');
});

test('huge and broken texts are looked at without harm', () => {
  expect(findRule([words('order')], `${'x '.repeat(200_000)}order`).port).toBe('otherwise');
  expect(findRule([words('order')], '\uD800 order \u0000').port).toBe('w');
});
