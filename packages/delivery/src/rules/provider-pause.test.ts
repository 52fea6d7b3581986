import { expect, test } from 'vitest';
import { sendContext } from '../test/send-context.ts';
import { providerPause } from './provider-pause.ts';

test('what a person paused waits, and nothing else does', () => {
  expect(providerPause(sendContext({ target: { callsPausedAt: new Date() } }))).toMatchObject({ state: 'later', code: 'upstream.paused' });
  expect(providerPause(sendContext())).toBeNull();
});
