import { expect, test } from 'vitest';
import { hoursAgo, sendContext } from '../test/send-context.ts';
import { capped } from './capped.ts';

test.each([
  ['marketing to somebody whom the provider spares', 'marketing', hoursAgo(-20), 'channel.capped'],
  ['marketing after a day', 'marketing', hoursAgo(1), null],
  ['marketing to anybody else', 'marketing', null, null],
  ['what they asked for', 'service', hoursAgo(-20), null],
] as const)('%s', (_name, purpose, cappedUntil, code) => {
  expect(capped(sendContext({ purpose, target: { cappedUntil } }))?.code ?? null).toBe(code);
});
