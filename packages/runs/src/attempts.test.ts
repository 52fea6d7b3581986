import type { JournalEntry } from '@holdfast/graph';
import { expect, test } from 'vitest';
import { countAttempts, retryDelayMs } from './attempts.ts';

const policy = { maxAttempts: 5, firstDelay: '1s', factor: 2, maxDelay: '10s' };
const at = '2026-11-23T10:00:00.000Z';
const origin = { step: 's', node: 'n', parent: null, edge: null, lineage: 0 };
const started = (attempt: number): JournalEntry => ({ kind: 'step-started', at, ...origin, attempt });
const failed = (attempt: number): JournalEntry => ({
  kind: 'step-failed',
  at,
  ...origin,
  attempt,
  problem: { code: 'upstream.broken', title: '', detail: '' },
  isFinal: true,
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
