import { describe, expect, test } from 'vitest';
import { conversationAddress, makeMailId, readConversationAddress, readMailIds, readOwnMailId, threadOf } from './mail-ids.ts';

const headers = (given: Partial<Parameters<typeof threadOf>[0]>) => ({ mailId: null, inReplyTo: [], references: [], ...given });

describe('threads', () => {
  test('go on by the oldest ancestor, whoever answers', () => {
    const first = threadOf(headers({ mailId: 'm1@c' }), '');
    expect(threadOf(headers({ mailId: 'm2@c', inReplyTo: ['r1@shop'], references: ['m1@c', 'r1@shop'] }), '')).toBe(first);
    expect(threadOf(headers({ mailId: 'm3@c' }), '')).not.toBe(first);
  });

  test('go on by our own id when the answer forgets the rest', () => {
    const thread = threadOf(headers({ mailId: 'm1@c' }), '');
    const ours = makeMailId('step_1:', thread, 'shop.example');
    expect(threadOf(headers({ mailId: 'm2@c', inReplyTo: [ours] }), '')).toBe(thread);
    expect(threadOf(headers({ mailId: 'm2@c', references: ['list@x', ours, 'z@x'] }), '')).toBe(thread);
  });

  test('that we began are the conversation with the bare address', () => {
    const ours = makeMailId('step_1:', null, 'shop.example');
    expect(threadOf(headers({ mailId: 'm1@c', inReplyTo: [ours], references: [ours] }), '')).toBeNull();
    expect(conversationAddress('ana@example.com', null)).toBe('ana@example.com');
  });

  test('of a mail without any id hang on what else is known of it', () =>
    expect(threadOf(headers({}), 'a')).not.toBe(threadOf(headers({}), 'b')));
});

test('an address and its thread are taken apart again', () => {
  expect(readConversationAddress('ana@example.com#3f2a9c1b7d4e')).toEqual({ person: 'ana@example.com', thread: '3f2a9c1b7d4e' });
  expect(readConversationAddress('"odd#name"@example.com')).toEqual({ person: '"odd#name"@example.com', thread: null });
});

test('our ids are the same for one effect, another for the next, and known again', () => {
  const id = makeMailId('step_1:', '3f2a9c1b7d4e', 'shop.example');
  expect(makeMailId('step_1:', '3f2a9c1b7d4e', 'shop.example')).toBe(id);
  expect(makeMailId('step_1:#1', '3f2a9c1b7d4e', 'shop.example')).not.toBe(id);
  expect(readOwnMailId(id)).toEqual({ thread: '3f2a9c1b7d4e', domain: 'shop.example' });
  expect(readOwnMailId('hf.x@shop.example')).toBeNull();
});

test('ids are read out of folded and broken headers', () =>
  expect(readMailIds('<a@b>\r\n\t<c@d> comment <a@b> e@f <g h>')).toEqual(['a@b', 'c@d']));
