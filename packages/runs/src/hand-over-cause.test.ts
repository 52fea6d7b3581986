import type { RunStanding } from '@holdfast/db';
import { compile, fold, originOf, rootStepId, type JournalEntry, type RunState, type StepState } from '@holdfast/graph';
import { flowFromText, testCatalog } from '@holdfast/test-kit/flows';
import { expect, test } from 'vitest';
import { handOverCause } from './hand-over-cause.ts';

const at = '2026-11-23T03:00:00.000Z';
const plan = compile(flowFromText('start:begin.out -> call:call.ok\n start.out -> ask:pause'), 'version_test', testCatalog);
const begun = fold(plan, [{ kind: 'run-started', at, node: 'start', step: rootStepId('run_1'), port: 'out', input: {} }]);
const stepOf = (node: string): StepState => {
  const step = begun.steps.get(begun.latest.get(node) ?? '');
  if (!step) throw new Error(`No step of ${node}.`);
  return step;
};
const problem = { code: 'upstream.broken', title: 'The service answered with an error', detail: 'It said 500.' };
const calls: JournalEntry = { kind: 'step-started', at, ...originOf(stepOf('call')), attempt: 1 };
const fails: JournalEntry = { kind: 'step-failed', at, ...originOf(stepOf('call')), attempt: 1, problem, isFinal: false, retryAt: at };
const answers: JournalEntry = { kind: 'step-ended', at, ...originOf(stepOf('call')), port: 'ok', output: null, how: 'ran' };
const asks: JournalEntry = {
  kind: 'wait-opened',
  at,
  ...originOf(stepOf('ask')),
  waitFor: 'reply',
  deadlineAt: null,
  timeoutPort: 'expired',
};
const after = (...entries: JournalEntry[]): RunState => fold(plan, entries, begun);
const standing = (status: RunStanding['status']): RunStanding => ({ status, waitingFor: null, wakeAt: null, cause: null });

test.each([
  ['wait', after(calls, answers, asks)],
  ['slow', after(asks)],
  ['retry', after(asks, calls, fails)],
  ['later', after(asks, calls, { ...fails, facts: { isPutOff: true } })],
])('“%s” is what stops a run that stands there', (cause, state) => {
  expect(handOverCause(state, standing('running'), null)).toBe(cause);
});

test('a person who is needed comes before what could go on by itself, and what cut the stretch short before all', () => {
  const state = after(asks, calls, fails);
  expect(handOverCause(state, standing('attention'), null)).toBe('attention');
  expect(handOverCause(state, standing('attention'), 'shutdown')).toBe('shutdown');
});

test('a budget that was used up is the cause only where something was left to do', () => {
  expect(handOverCause(after(asks), standing('running'), 'budget')).toBe('budget');
  expect(handOverCause(after(calls, answers, asks), standing('waiting'), 'budget')).toBe('wait');
});
