import type { JournalEntry } from '@holdfast/graph';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { sentenceOf, waitsOnce, withoutEchoes } from './timeline-sentence.ts';

const at = '2026-11-23T10:42:07.000Z';
const origin = { step: 's1', node: 'lookup', parent: null, edge: 'e1', lineage: 0 };
const by = { kind: 'person', name: 'Ana', note: 'known outage' } as const;
const problem = { code: 'upstream.broken', title: 'The service answered with an error', detail: '503' };
const words = { step: 'Look up the order', port: (port: string) => port.toUpperCase(), problem: (given: { title: string }) => given.title };

const entries: JournalEntry[] = [
  { kind: 'run-started', at, node: 'start', step: 's0', port: 'message', input: {} },
  { kind: 'step-started', at, ...origin, attempt: 1 },
  { kind: 'step-started', at, ...origin, attempt: 3 },
  { kind: 'step-ended', at, ...origin, port: 'ok', output: null, how: 'ran' },
  { kind: 'step-ended', at, ...origin, port: 'expired', output: null, how: 'timeout' },
  { kind: 'step-ended', at, ...origin, port: 'ok', output: null, how: 'skipped', by },
  { kind: 'step-ended', at, ...origin, port: 'failed', output: null, how: 'gave-up' },
  { kind: 'step-ended', at, ...origin, port: 'failed', output: null, how: 'gave-up', facts: { problem } },
  { kind: 'step-failed', at, ...origin, attempt: 3, problem, isFinal: false, retryAt: '2026-11-23T10:42:15.000Z' },
  { kind: 'step-failed', at, ...origin, attempt: 1, problem, isFinal: false, facts: { isPutOff: true } },
  { kind: 'step-failed', at, ...origin, attempt: 6, problem, isFinal: true },
  { kind: 'wait-opened', at, ...origin, waitFor: 'reply', deadlineAt: null, timeoutPort: 'expired' },
  { kind: 'wait-opened', at, ...origin, waitFor: 'handoff', deadlineAt: null, timeoutPort: 'expired' },
  { kind: 'wait-opened', at, ...origin, waitFor: 'timer', deadlineAt: at, timeoutPort: 'done' },
  { kind: 'wait-opened', at, ...origin, waitFor: 'event', deadlineAt: at, timeoutPort: 'expired' },
  { kind: 'wait-continued', at, step: 's1', node: 'lookup', tries: 1 },
  { kind: 'retried', at, step: 's1', by },
  { kind: 'edited', at, data: { lookup: 1 }, by },
  { kind: 'jumped', at, node: 'lookup', lineage: 1, step: 's9', by },
  { kind: 'paused', at, by },
  { kind: 'resumed', at, by },
  { kind: 'attention', at, problem },
  ...['wait', 'retry', 'slow', 'later', 'override', 'attention', 'budget', 'shutdown', 'owner-lost', 'temporal-lost', 'of-old'].map(
    (cause) => ({ kind: 'handed-over' as const, at, cause }),
  ),
  { kind: 'run-ended', at, outcome: 'done' },
  { kind: 'run-ended', at, outcome: 'stopped', by },
  { kind: 'run-ended', at, outcome: 'failed' },
];

test.each(['en', 'es'])('every entry has a sentence whose blanks are filled (%s)', (language) => {
  const texts = z
    .object({ sentence: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(new URL(`../i18n/${language}/run.json`, import.meta.url), 'utf8')));
  for (const entry of entries) {
    const sentence = sentenceOf(entry, words);
    const text = texts.sentence[sentence.key];
    expect(text, `${entry.kind}: ${sentence.key}`).toBeDefined();
    const blanks = [...(text ?? '').matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name);
    expect(Object.keys(sentence.values)).toEqual(expect.arrayContaining(blanks));
  }
});

test('a failed attempt names the reason and when it goes on', () => {
  expect(
    sentenceOf({ kind: 'step-failed', at, ...origin, attempt: 3, problem, isFinal: false, retryAt: '2026-11-23T10:42:15.000Z' }, words),
  ).toEqual({
    key: 'stepFailedRetry',
    values: { step: 'Look up the order', reason: problem.title, attempt: 3 },
    tone: 'warn',
    untilAt: '2026-11-23T10:42:15.000Z',
  });
});

test('a hand-over names its cause, and warns only of what went wrong', () => {
  const told = ['wait', 'owner-lost', 'of-old'].map((cause) => sentenceOf({ kind: 'handed-over', at, cause }, words));
  expect(told.map(({ key, tone }) => [key, tone])).toEqual([
    ['handedOverWait', 'plain'],
    ['ownerLost', 'warn'],
    ['handedOver', 'plain'],
  ]);
});

test('a start is told only when its end is not close behind', () => {
  const started: JournalEntry = { kind: 'step-started', at, ...origin, attempt: 1 };
  const ended = (atLater: string): JournalEntry => ({ kind: 'step-ended', at: atLater, ...origin, port: 'ok', output: null, how: 'ran' });
  const kinds = (list: JournalEntry[]) => withoutEchoes(list.map((entry) => ({ entry }))).map(({ entry }) => entry.kind);
  expect(kinds([started, ended('2026-11-23T10:42:07.200Z')])).toEqual(['step-ended']);
  expect(kinds([started, ended('2026-11-23T10:42:12.000Z')])).toEqual(['step-started', 'step-ended']);
  expect(kinds([started])).toEqual(['step-started']);
});

test('a call that asks again and again whether it may go out waits once, until it is asked next', () => {
  const putOff = (seq: number, code: string) => {
    const entry = { ...origin, attempt: 1, problem: { ...problem, code }, isFinal: false, facts: { isPutOff: true } } as const;
    return { seq, entry: { kind: 'step-failed' as const, at, ...entry, retryAt: `2026-11-23T10:5${seq}:00.000Z` } };
  };
  const handedOver = { seq: 2, entry: { kind: 'handed-over' as const, at, cause: 'later' } };
  const told = waitsOnce([putOff(1, 'upstream.paused'), handedOver, putOff(3, 'upstream.paused'), putOff(4, 'upstream.limited')]);
  expect(told.map(({ seq }) => seq)).toEqual([1, 2, 4]);
  expect(told[0]?.entry).toMatchObject({ retryAt: '2026-11-23T10:53:00.000Z' });
});
