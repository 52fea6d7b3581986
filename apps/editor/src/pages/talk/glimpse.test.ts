import { expect, test } from 'vitest';
import { glimpse } from './glimpse.ts';

test('shows the first texts and numbers of nested data', () => {
  expect(glimpse({ name: 'A person', groups: [], order: { id: 48213 }, isNew: true })).toBe('A person · 48213');
});

test('says so when there is nothing to read', () => {
  expect(glimpse({ a: null, b: [] })).toBe('–');
});

test('stays short', () => {
  expect(glimpse(['x'.repeat(500)])).toHaveLength(80);
});
