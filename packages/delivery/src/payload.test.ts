import { outgoingMessage } from '@holdfast/node-kit';
import { expect, test } from 'vitest';
import { contentOf, messageOf, payloadHash, textHash, wordsOf } from './payload.ts';

const plain = outgoingMessage.parse({ text: 'Your order left.', buttons: [{ id: 'a', label: 'A' }] });

test('a message is the same after it was stored', () => {
  const full = outgoingMessage.parse({
    ...plain,
    format: 'rich',
    list: { open: 'Choose' },
    quote: { messageId: 'msg_1' },
    template: { name: 't', language: 'en', parameters: { 1: 'x' } },
    subject: 'Re: order',
    purpose: 'marketing',
  });
  for (const message of [plain, full]) expect(messageOf(message.text, contentOf(message))).toEqual(message);
});

test('a formatted message is stored in words, with its formatting beside them', () => {
  const rich = outgoingMessage.parse({ text: '**Your** order:\n- A-117', format: 'rich' });
  expect(wordsOf(rich)).toBe('Your order:\n• A-117');
  expect(messageOf(wordsOf(rich), contentOf(rich))).toEqual(rich);
  expect(wordsOf({ text: '**as written**' })).toBe('**as written**');
});

test('ledger keys of messages without the newer fields stay what they were', () => {
  // Of the version before there were formats and templates.
  expect(payloadHash('conv_1', plain)).toBe('94ef4428cba3fb4b57cb686d23544489dfb434ab5b46aa66c37bcc9c4f2927f5');
  expect(payloadHash('conv_1', { ...plain, format: 'plain' })).toBe(payloadHash('conv_1', plain));
  expect(payloadHash('conv_1', { ...plain, subject: 'x' })).not.toBe(payloadHash('conv_1', plain));
});

test('the same words are the same whatever their spaces and capitals; few words are no sign of anything', () => {
  expect(textHash({ text: 'Buy now,  only TODAY!' })).toBe(textHash({ text: 'buy now, only today!' }));
  expect(textHash({ text: 'Thank you!' })).toBeNull();
  const template = { name: 'autumn_sale', language: 'en', parameters: { 1: 'Ana' } };
  expect(textHash({ text: '', template })).not.toBe(textHash({ text: '', template: { ...template, parameters: { 1: 'Bea' } } }));
});
