import type { Entry, JournalEntry } from '@holdfast/graph';
import { expect, test } from 'vitest';
import { countAttempts, isExhausted, mayBeLast, mostInRow, retryDelayMs, timesInRow } from './attempts.ts';

const policy = { maxAttempts: 5, firstDelay: '1s', factor: 2, maxDelay: '10s' };
const at = '2026-11-23T10:00:00.000Z';
const origin = { step: 's', node: 'n', parent: null, edge: null, lineage: 0 };
const started = (attempt: number): JournalEntry => ({ kind: 'step-started', at, ...origin, attempt });
const failed = (attempt: number, answered = 0, code: Entry<'step-failed'>['problem']['code'] = 'upstream.broken'): JournalEntry => ({
  kind: 'step-failed',
  at,
  ...origin,
  attempt,
  problem: { code, title: '', detail: '' },
  isFinal: true,
  facts: { answered },
});
const retried: JournalEntry = { kind: 'retried', at, step: 's', by: { kind: 'person', name: 'Ana' } };

test('the delay doubles with each failure and never passes the longest', () => {
  expect([1, 2, 3, 4, 5, 9].map((failures) => retryDelayMs(policy, failures, { random: 1 }))).toEqual([
    1_000, 2_000, 4_000, 8_000, 10_000, 10_000,
  ]);
});

test('jitter is full: anywhere between nothing and the whole delay', () => {
  expect(retryDelayMs(policy, 3, { random: 0 })).toBe(0);
  expect(retryDelayMs(policy, 3, { random: 0.5 })).toBe(2_000);
});

test('what the service asks for is always waited for', () => {
  expect(retryDelayMs(policy, 1, { random: 0, retryAfterMs: 30_000 })).toBe(30_000);
});

test('an attempt that is begun again is counted as begun, not as another attempt', () => {
  expect(countAttempts([started(1), started(1), started(1)]).get('s')).toMatchObject({ begun: 3, forgiven: 0 });
});

test('a failure ends the counting of restarts', () => {
  expect(countAttempts([started(1), started(1), failed(1), started(2)]).get('s')).toMatchObject({ begun: 1 });
});

test('a person’s "again" forgives the attempts before it', () => {
  expect(countAttempts([started(1), failed(1), started(2), failed(2), retried]).get('s')).toMatchObject({ forgiven: 2, begun: 0 });
});

const failuresOf = (...entries: JournalEntry[]) => countAttempts(entries).get('s')?.failures ?? [];

test('a call that was answered since begins anew: a step of several calls has its attempts for each', () => {
  const failures = failuresOf(failed(1), failed(2), failed(3, 1), failed(4), failed(5, 1));
  expect(timesInRow(failures, { answered: 0, isLimited: false })).toBe(0);
  expect(timesInRow(failures, { answered: 1, isLimited: false })).toBe(2);
  expect(mostInRow(failures)).toBe(2);
});

test('the first call that fails as often as the policy allows ends the step, and so do too many attempts in all', () => {
  const last = { answered: 0, isLimited: false };
  const failures = failuresOf(...[1, 2, 3, 4, 5].map((attempt) => failed(attempt)));
  expect(isExhausted(policy, failures.slice(1), last, 4)).toBe(false);
  expect(isExhausted(policy, failures, last, 5)).toBe(true);
  expect(isExhausted(policy, [last], last, 25)).toBe(true);
  // What is done at the last attempt only, as keeping its call for later, is done at that one too.
  expect([4, 24, 25].map((attempt) => mayBeLast(policy, [last], attempt))).toEqual([false, false, true]);
  expect(mayBeLast(policy, failures.slice(1), 5)).toBe(true);
});

test('being asked to wait is counted apart from failures, and what was put off not at all', () => {
  const putOff = { ...failed(1), facts: { isPutOff: true } };
  const failures = failuresOf(failed(1), failed(2, 0, 'upstream.limited'), putOff, failed(3));
  expect(mostInRow(failures)).toBe(2);
  expect(timesInRow(failures, { answered: 0, isLimited: true })).toBe(1);
});
