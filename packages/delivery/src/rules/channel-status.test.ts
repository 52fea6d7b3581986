import { expect, test } from 'vitest';
import { sendContext } from '../test/send-context.ts';
import { channelStatus } from './channel-status.ts';

test.each([
  ['active', null],
  ['paused', 'channel.paused'],
  ['broken', 'channel.token'],
])('a channel that is %s: %s', (status, code) => {
  expect(channelStatus(sendContext({ target: { status } }))?.code ?? null).toBe(code);
});
