import { expect, test } from 'vitest';
import { sendContext } from '../test/send-context.ts';
import { quality } from './quality.ts';

test('automation that is paused because of a number’s quality waits for a person, with the reason', () => {
  expect(quality(sendContext())).toBeNull();
  expect(quality(sendContext({ target: { automationPaused: { reason: 'Flagged by Meta.' } } }))).toMatchObject({
    state: 'later',
    code: 'send.quality',
    reason: expect.objectContaining({ text: expect.stringContaining('Flagged by Meta.') }),
  });
});
