import type { SendOutcome } from '@holdfast/node-kit';
import { effectContext } from '@holdfast/test-kit/effects';
import { expect, test } from 'vitest';
import { sendMessage } from './node.ts';
import { runSendMessage } from './run.ts';

const send = async (outcome: SendOutcome, given: object = {}) => {
  const { context, log } = effectContext({
    deliver: { send: async () => outcome, start: async () => ({ ...outcome, conversation: null, contact: null }) },
  });
  const config = JSON.parse(JSON.stringify(sendMessage.config.parse({ text: 'Hello', ...given })));
  return { outcome: await runSendMessage.run({ config, context }), log };
};

test('a message whose fate is unknown goes on by sent, and says so', async () => {
  const { outcome, log } = await send({ state: 'unknown', messageId: 'msg_1' });
  expect(outcome).toMatchObject({ port: 'sent', output: { state: 'unknown', messageId: 'msg_1' } });
  expect(log.notes).toEqual({ send: 'unknown', messageId: 'msg_1' });
});

test('a refused message leaves by refused, with the reason', async () => {
  expect(
    (await send({ state: 'refused', messageId: 'msg_1', code: 'channel.blocked', reason: 'The customer blocked the bot.' })).outcome,
  ).toEqual({
    port: 'refused',
    output: { messageId: 'msg_1', state: 'refused', text: 'Hello', code: 'channel.blocked', reason: 'The customer blocked the bot.' },
  });
});

test('buttons and files go along', async () => {
  const { log } = await send(
    { state: 'accepted', messageId: 'msg_1' },
    { buttons: [{ id: 'a', label: 'A' }], files: [{ fileId: 'file_1', kind: 'image', name: 'a.png' }] },
  );
  expect(log.sent).toEqual([
    { text: 'Hello', buttons: [{ id: 'a', label: 'A' }], attachments: [{ fileId: 'file_1', kind: 'image', name: 'a.png' }] },
  ]);
});

test('a message needs a text or a file', () => {
  expect(sendMessage.config.safeParse({ text: '  ' }).error?.issues).toMatchObject([{ path: ['text'], message: 'Write the message' }]);
  expect(sendMessage.config.safeParse({ files: [{ fileId: 'file_1' }] }).success).toBe(true);
});

test('a place goes along, the customer’s last message is quoted, and what was said is kept without its formatting', async () => {
  const { outcome, log } = await send(
    { state: 'accepted', messageId: 'msg_1' },
    {
      text: '**Hi**',
      textFormat: 'rich',
      quotes: 'customer',
      subject: 'Order',
      places: [{ latitude: '40,4', longitude: '-3.7', name: 'Shop' }],
    },
  );
  expect(log.sent).toMatchObject([
    {
      text: '**Hi**',
      format: 'rich',
      subject: 'Order',
      attachments: [{ kind: 'location', latitude: 40.4, longitude: -3.7, name: 'Shop' }],
    },
  ]);
  expect(outcome.output).toMatchObject({ text: 'Hi' });
  await expect(send({ state: 'accepted', messageId: 'm' }, { places: [{ latitude: '91', longitude: '0' }] })).rejects.toMatchObject({
    code: 'step.config',
  });
});
