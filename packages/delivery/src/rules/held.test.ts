import { expect, test } from 'vitest';
import { sendContext } from '../test/send-context.ts';
import { held } from './held.ts';

test('the bot keeps silent while a person holds the conversation', () => {
  expect(held(sendContext())).toBeNull();
  expect(held(sendContext({ target: { heldBy: 'person' } }))).toMatchObject({ state: 'refused', code: 'send.held' });
});
