import { expect, test } from 'vitest';
import { sendContext } from '../test/send-context.ts';
import { reach } from './reach.ts';

test.each([
  [{}, null, ''],
  [{ unreachable: { code: 'channel.blocked', reason: 'They blocked the bot.' } }, 'channel.blocked', 'They blocked the bot.'],
  [{ unreachable: { code: 'channel.unreachable' } }, 'channel.unreachable', 'This chat can’t be written to.'],
  [{ unreachable: 'gone' }, 'channel.unreachable', 'This chat can’t be written to.'],
  [{ suppression: 'bounced' }, 'send.suppressed', 'bounced'],
])('%o: %s', (target, code, reason) => {
  const verdict = reach(sendContext({ target }));
  expect(verdict?.code ?? null).toBe(code);
  expect(String(verdict?.reason ?? '')).toContain(reason);
});
