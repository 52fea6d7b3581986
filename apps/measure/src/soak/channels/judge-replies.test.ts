import { expect, test } from 'vitest';
import { judgeReplies } from './judge-replies.ts';
import type { Heard } from './line.ts';

const line = { addressOf: (customer: number) => `c${customer}`, pace: { perSecond: 2, windowMs: 1_000, everyMs: 1_000, burst: 2 } };
const brought = new Map([
  ['t001-000', { startedAt: 0, takenAt: 10 }],
  ['t001-001', { startedAt: 20, takenAt: 30 }],
  ['t002-000', { startedAt: 5, takenAt: 25 }],
]);
const reply = (name: string, at: number, to = `c${Number(name.slice(1, 4))}`): Heard => ({ to, text: `Echo ${name}`, at });
const right = [reply('t001-000', 0), reply('t002-000', 500), reply('t001-001', 1_000)];
const judge = (heard: readonly Heard[]) => judgeReplies(line, heard, brought, ({ at }) => at);

test('finds nothing where each message has its reply, in order and at the pace', () => {
  expect(judge(right)).toMatchObject({ messages: 3, replies: 3, lost: [], twice: [], astray: [], outOfOrder: [], isWithinLimits: true });
});

test('names what nobody answered, what was answered twice, and what went to somebody else', () => {
  expect(judge(right.slice(1)).lost).toEqual(['t001-000']);
  expect(judge([...right, reply('t002-000', 9_000)]).twice).toEqual(['t002-000']);
  expect(judge([...right.slice(0, 2), reply('t001-001', 1_000, 'c2')]).astray).toEqual(['t001-001 to c2']);
});

test('names an answer that overtook another of its talk, but not where both messages were on their way together', () => {
  expect(judge([reply('t001-001', 0), reply('t001-000', 1_000), reply('t002-000', 2_000)]).outOfOrder).toEqual([
    't001-001 before t001-000',
  ]);
  const together = new Map([...brought, ['t001-001', { startedAt: 5, takenAt: 12 }] as const]);
  expect(judgeReplies(line, [reply('t001-001', 0), reply('t001-000', 1_000)], together, ({ at }) => at).outOfOrder).toEqual([]);
});

test('sees more than a second takes, and one person who got more than the burst', () => {
  expect(judge(right.map((one) => ({ ...one, at: 0 })))).toMatchObject({ mostInWindow: '3 in 1 s', isWithinLimits: false });
  const toOne = [0, 600, 1_200, 1_800].map((at) => reply('t001-000', at));
  expect(judge(toOne)).toMatchObject({ mostInWindow: '2 in 1 s', mostAheadOfPace: 2.2, isWithinLimits: true });
  expect(judge([...toOne, reply('t001-000', 2_300)])).toMatchObject({ mostAheadOfPace: 2.7, isWithinLimits: false });
});

test('holds nothing against the product that a standstill on the way explains', () => {
  // Sent one by one, stamped together after two seconds in which nobody could.
  const late = ['t001-000', 't001-001', 't002-000'].map((name) => reply(name, 2_000, name === 't002-000' ? 'c2' : 'c1'));
  const sentAt = new Map([
    ['Echo t001-000', 0],
    ['Echo t001-001', 700],
    ['Echo t002-000', 1_400],
  ]);
  expect(judge(late)).toMatchObject({ isWithinLimits: false });
  expect(judgeReplies(line, late, brought, ({ text }) => sentAt.get(text) ?? 0)).toMatchObject({ isWithinLimits: true });
});
