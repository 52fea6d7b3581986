import type { RunDetail, RunStep } from '@holdfast/contracts';
import { expect, test } from 'vitest';
import { openStep, possibleActions } from './override-choices.ts';
import { edgesOfRun, marksOfRun, movingEdgesOfRun } from './run-marks.ts';

const at = '2026-11-23T10:00:00.000Z';
const step = (node: string, status: RunStep['status'], more: Partial<RunStep> = {}): RunStep => ({
  step: `s-${node}`,
  node,
  nodeName: node,
  type: 'x',
  status,
  visit: 1,
  attempts: 1,
  maxAttempts: null,
  port: null,
  input: null,
  output: null,
  problem: null,
  facts: {},
  by: null,
  startedAt: at,
  endedAt: null,
  deadlineAt: null,
  retryAt: null,
  edge: `e-${node}`,
  ...more,
});
const handoff: RunDetail['timeline'][number] = {
  seq: 1,
  at,
  nodeName: null,
  entry: {
    kind: 'wait-opened',
    at,
    step: 's-person',
    node: 'person',
    parent: null,
    edge: null,
    lineage: 0,
    waitFor: 'handoff',
    deadlineAt: null,
    timeoutPort: 'expired',
  },
};
const run = (steps: RunStep[], status: RunDetail['status'], timeline: RunDetail['timeline'] = []) => ({
  steps,
  status,
  timeline,
  file: {
    format: 'holdfast.flow/1' as const,
    name: 'F',
    description: '',
    settings: { mergeBurst: '1500ms', onExhausted: 'pause' as const, maxSteps: 500, lane: 'auto' as const },
    nodes: [],
    edges: [],
    notes: [],
  },
});

test('a wait for a colleague is a person’s, any other is a wait', () => {
  const marks = marksOfRun(run([step('person', 'waiting'), step('ask', 'waiting', { deadlineAt: at })], 'waiting', [handoff]));
  expect([marks.get('person')?.state, marks.get('ask')?.state, marks.get('ask')?.untilAt]).toEqual(['person', 'waiting', at]);
});

test('a step that was visited again shows its last visit and how many there were', () => {
  expect(
    marksOfRun(run([step('a', 'done'), step('a', 'retrying', { attempts: 3, maxAttempts: 6, retryAt: at })], 'running')).get('a'),
  ).toEqual({ state: 'retrying', attempts: 3, maxAttempts: 6, untilAt: at, by: null, visits: 2, pretended: null });
});

test('the way is drawn, and moves only where something is worked on now', () => {
  const steps = [step('a', 'done'), step('b', 'running')];
  expect([...edgesOfRun({ steps })]).toEqual(['e-a', 'e-b']);
  expect([...movingEdgesOfRun({ steps, status: 'running' })]).toEqual(['e-b']);
  expect([...movingEdgesOfRun({ steps, status: 'ended' })]).toEqual([]);
});

test('an operator is offered what can be done in this state', () => {
  expect(possibleActions({ status: 'ended', steps: [] })).toEqual([]);
  expect(possibleActions({ status: 'attention', steps: [step('a', 'failed')] })).toEqual(['retry', 'skip', 'edit', 'jump', 'end']);
  expect(possibleActions({ status: 'paused', steps: [step('a', 'waiting')] })).toEqual(['resume', 'skip', 'edit', 'jump', 'end']);
  expect(openStep({ status: 'running', steps: [step('a', 'done'), step('b', 'failed'), step('c', 'running')] }, 'c')?.node).toBe('c');
});

test('a step whose call was only pretended says so', () => {
  const marks = marksOfRun(
    run([step('a', 'failed', { facts: { pretended: 'limited' } }), step('b', 'done', { facts: { pretended: 7 } })], 'running'),
  );
  expect([marks.get('a')?.pretended, marks.get('b')?.pretended]).toEqual(['limited', null]);
});
