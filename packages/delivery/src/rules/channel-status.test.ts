import { expect, test } from 'vitest';
import { sendContext } from '../test/send-context.ts';
import { brokenChannel, channelStatus } from './channel-status.ts';

test.each([
  ['active', null],
  ['paused', { state: 'refused', code: 'channel.paused' }],
  ['broken', { state: 'later', code: 'channel.token' }],
])('a channel that is %s: %o', (status, expected) => {
  const context = sendContext({ target: { status } });
  const verdict = channelStatus(context) ?? brokenChannel(context);
  expect(verdict && { state: verdict.state, code: verdict.code }).toEqual(expected);
});
