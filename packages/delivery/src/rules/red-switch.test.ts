import { expect, test } from 'vitest';
import { now, sendContext } from '../test/send-context.ts';
import { redSwitch } from './red-switch.ts';

test('what the red switch holds is put off, not refused', () => {
  expect(redSwitch(sendContext())).toBeNull();
  expect(redSwitch(sendContext({ target: { sendsPausedAt: now } }))).toMatchObject({ state: 'later', code: 'send.paused' });
});
