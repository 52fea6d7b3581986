import { expect, test } from 'vitest';
import { hoursAgo, sendContext } from '../test/send-context.ts';
import { window } from './window.ts';

const template = { name: 'order_ready', language: 'en', parameters: {} };

test.each([
  ['within it', { windowUntil: hoursAgo(-1) }, null, null],
  ['after it', { windowUntil: hoursAgo(1) }, null, 'send.window'],
  ['never opened', { windowUntil: null }, null, 'send.window'],
  ['after it, by template', { windowUntil: hoursAgo(1) }, template, null],
  ['on a channel without one', { windowUntil: null, kind: 'telegram' }, null, null],
])('%s', (_name, target, given, code) => {
  const verdict = window(sendContext({ target, template: given }));
  expect(verdict?.code ?? null).toBe(code);
  expect(String(verdict?.reason ?? '')).toContain(code ? 'Choose a template' : '');
});
