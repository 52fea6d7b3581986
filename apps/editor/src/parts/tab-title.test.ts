import { expect, test } from 'vitest';
import { tabTitle } from './tab-title.ts';

test('the tab names the page and counts what waits', () => {
  expect(tabTitle({ title: 'Inbox', count: 3 })).toBe('(3) Inbox · Holdfast');
  expect(tabTitle({ title: 'Inbox', count: 0 })).toBe('Inbox · Holdfast');
  expect(tabTitle({ title: '', count: 0 })).toBe('Holdfast');
});
