import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startTyping } from './typing.ts';

const shown: string[] = [];
// as: of a session only what is asked for
const session = (typing: boolean) =>
  ({
    run: { conversationId: 'conv_1', workspaceId: 'ws_1' },
    journal: { plan: { file: { settings: { typing } } } },
    deps: { delivery: { showTyping: () => (shown.push('begins'), () => void shown.push('ends')) } },
  }) as unknown as Parameters<typeof startTyping>[0];

beforeEach(() => {
  shown.length = 0;
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

test('who works for half a second is shown to type until the work ends, and a quick step never is', () => {
  const quick = startTyping(session(true));
  vi.advanceTimersByTime(499);
  quick.end();
  vi.advanceTimersByTime(60_000);
  expect(shown).toEqual([]);
  const slow = startTyping(session(true));
  vi.advanceTimersByTime(500);
  slow.end();
  expect(shown).toEqual(['begins', 'ends']);
  startTyping(session(false));
  vi.advanceTimersByTime(60_000);
  expect(shown).toEqual(['begins', 'ends']);
});

test('nobody types while somebody else’s turn is waited for; after it, the work is shown anew', async () => {
  const typing = startTyping(session(true));
  let itsTurn: (answer: string) => void = () => undefined;
  const waiting = typing.idle(() => new Promise<string>((resolve) => (itsTurn = resolve)));
  vi.advanceTimersByTime(60_000);
  expect(shown).toEqual([]);
  itsTurn('go');
  expect(await waiting).toBe('go');
  vi.advanceTimersByTime(500);
  expect(shown).toEqual(['begins']);
  await expect(typing.idle(() => Promise.reject(new Error('later')))).rejects.toThrow('later');
  typing.end();
  vi.advanceTimersByTime(60_000);
  expect(shown).toEqual(['begins', 'ends']);
});
