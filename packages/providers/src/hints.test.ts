import { expect, test } from 'vitest';
import { exhaustedFor, lessonOf, pauseAfterLimit } from './hints.ts';

test('a provider that says 429 is left alone for as long as it asks, for its minute, or when it says it again', () => {
  expect(pauseAfterLimit('http', 7_000, 1)).toBe(7_000);
  expect(pauseAfterLimit('quickbooks', undefined, 1)).toBe(60_000);
  expect([1, 2, 3, 20].map((times) => pauseAfterLimit('http', undefined, times))).toEqual([0, 1_000, 2_000, 60_000]);
});

test('an answer that says that nothing is left tells until when, in seconds from now or since 1970', () => {
  const now = Date.parse('2026-11-23T10:00:00Z');
  expect(exhaustedFor({ 'ratelimit-remaining': '0', 'ratelimit-reset': '30' }, now)).toBe(30_000);
  expect(exhaustedFor({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now / 1_000 + 5) }, now)).toBe(5_000);
  expect(exhaustedFor({ 'x-ratelimit-remaining': '0', 'retry-after': '2' }, now)).toBe(2_000);
  expect(exhaustedFor({ 'x-ratelimit-remaining': '3', 'x-ratelimit-reset': '30' }, now)).toBeNull();
  expect(exhaustedFor({}, now)).toBeNull();
});

test('a model says for each of its budgets when there is some of it again', () => {
  const now = Date.parse('2026-11-23T10:00:00Z');
  const groq = { 'x-ratelimit-remaining-requests': '14370', 'x-ratelimit-reset-requests': '2m59.56s', 'x-ratelimit-remaining-tokens': '0' };
  expect(exhaustedFor({ ...groq, 'x-ratelimit-reset-tokens': '7.66s' }, now)).toBe(7_660);
  expect(exhaustedFor({ ...groq, 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-tokens': '120ms' }, now)).toBe(179_560);
  expect(exhaustedFor({ ...groq, 'x-ratelimit-reset-tokens': 'soon' }, now)).toBeNull();
  const claude = { 'anthropic-ratelimit-input-tokens-remaining': '0', 'anthropic-ratelimit-input-tokens-reset': '2026-11-23T10:00:12Z' };
  expect(exhaustedFor(claude, now)).toBe(12_000);
  expect(exhaustedFor({ ...claude, 'anthropic-ratelimit-input-tokens-remaining': '1000' }, now)).toBeNull();
});

test('nine tenths of what passed is learnt, and nothing from too little', () => {
  expect(lessonOf('http').windows(200)).toEqual([{ count: 18, perMs: 1_000 }]);
  expect(lessonOf('http').windows(19)).toBeNull();
  expect(lessonOf('quickbooks')).toMatchObject({ ofSeconds: 60, forMs: 600_000 });
  expect(lessonOf('quickbooks').windows(50), 'what it allows in a second stays').toEqual([
    { count: 10, perMs: 1_000 },
    { count: 45, perMs: 60_000 },
  ]);
  expect(lessonOf('quickbooks', 6_000).windows(50)).toEqual([{ count: 4, perMs: 1_000 }]);
});
