import { catalog } from '@holdfast/nodes/catalog';
import type { FlowFile, JournalEntry } from '@holdfast/graph';
import { describe, expect, test } from 'vitest';
import { buildRunSteps } from './run-steps.ts';
import { buildStepInputs } from './step-inputs.ts';

const position = { x: 0, y: 0 };
const node = (id: string, type: string, config = {}) => ({ id, type, typeVersion: 1, name: `The ${id}`, config, position });
const file: FlowFile = {
  format: 'holdfast.flow/1',
  name: 'Stock',
  description: '',
  settings: { mergeBurst: '1500ms', sessionTimeout: '0s', typing: true, onExhausted: 'pause', maxSteps: 500, lane: 'auto' },
  nodes: [
    node('start', 'webhook-trigger', { path: 'stock-check' }),
    node('stock', 'api-call', { url: 'https://stock.example/{{ trigger.body.sku }}', attempts: 4 }),
    node('pause', 'wait', { duration: '1h' }),
  ],
  edges: [
    { id: 'e1', from: { node: 'start', port: 'received' }, to: { node: 'stock' } },
    { id: 'e2', from: { node: 'stock', port: 'ok' }, to: { node: 'pause' } },
  ],
  notes: [],
};

const at = (second: number) => `2026-11-23T10:00:${String(second).padStart(2, '0')}.000Z`;
const by = { kind: 'person', name: 'Ana' } as const;
const origin = { step: 's-stock', node: 'stock', parent: 's-start', edge: 'e1', lineage: 0 };
const problem = { code: 'upstream.broken', title: 'The service answered with an error', detail: 'stock.example answered 500.' };
const started: JournalEntry = {
  kind: 'run-started',
  at: at(0),
  node: 'start',
  step: 's-start',
  port: 'received',
  input: { body: { sku: 'KELP-1' } },
};
const tries: JournalEntry[] = [
  started,
  { kind: 'step-started', at: at(1), ...origin, attempt: 1 },
  { kind: 'step-failed', at: at(2), ...origin, attempt: 1, problem, isFinal: false, retryAt: at(4) },
];
const stepOf = (entries: JournalEntry[], step = 's-stock') => buildRunSteps(file, entries, catalog).find((each) => each.step === step);

describe('the steps of a run', () => {
  test('begin with what started it', () => {
    expect(stepOf([started], 's-start')).toMatchObject({
      nodeName: 'The start',
      status: 'done',
      port: 'received',
      output: { body: { sku: 'KELP-1' } },
      edge: null,
    });
  });

  test('tell of a failed attempt, when the next one comes and how many there may be', () => {
    expect(stepOf(tries)).toMatchObject({
      status: 'retrying',
      attempts: 1,
      maxAttempts: 4,
      problem: { code: 'upstream.broken' },
      retryAt: at(4),
      endedAt: null,
      edge: 'e1',
    });
  });

  test('stay failed while a person is needed, and forget the problem when it is tried again', () => {
    const stopped: JournalEntry[] = [...tries, { kind: 'step-failed', at: at(5), ...origin, attempt: 4, problem, isFinal: true }];
    expect(stepOf(stopped)).toMatchObject({ status: 'failed', attempts: 4, problem: { detail: 'stock.example answered 500.' } });
    expect(stepOf([...stopped, { kind: 'retried', at: at(6), step: 's-stock', by }])).toMatchObject({
      status: 'running',
      problem: null,
      by: 'Ana',
    });
  });

  test('say who skipped them', () => {
    const skipped: JournalEntry[] = [
      ...tries,
      { kind: 'step-ended', at: at(7), ...origin, port: 'ok', output: { left: 3 }, how: 'skipped', by },
    ];
    expect(stepOf(skipped)).toMatchObject({ status: 'skipped', port: 'ok', output: { left: 3 }, by: 'Ana', problem: null });
  });

  test('that wait have a deadline, and end with the run when it is stopped', () => {
    const waiting: JournalEntry[] = [
      started,
      {
        kind: 'wait-opened',
        at: at(3),
        step: 's-pause',
        node: 'pause',
        parent: 's-stock',
        edge: 'e2',
        lineage: 0,
        waitFor: 'timer',
        deadlineAt: at(50),
        timeoutPort: 'done',
      },
    ];
    expect(stepOf(waiting, 's-pause')).toMatchObject({ status: 'waiting', deadlineAt: at(50) });
    expect(stepOf([...waiting, { kind: 'run-ended', at: at(9), outcome: 'stopped', by }], 's-pause')).toMatchObject({
      status: 'skipped',
      endedAt: at(9),
      by: 'Ana',
    });
  });

  test('that come round again count their visits', () => {
    const again: JournalEntry[] = [...tries, { kind: 'step-started', at: at(8), ...origin, step: 's-stock-2', attempt: 1 }];
    expect(buildRunSteps(file, again, catalog).map((step) => [step.node, step.visit])).toEqual([
      ['start', 1],
      ['stock', 1],
      ['stock', 2],
    ]);
  });

  test('show their settings as they were filled in', () => {
    const inputs = buildStepInputs({ file, id: 'version_1' }, tries, catalog, {
      run: { id: 'run_1', flow: 'Stock' },
      contact: null,
      variables: {},
    });
    expect(inputs.get('s-stock')).toMatchObject({ url: 'https://stock.example/KELP-1', method: 'GET' });
  });

  test('show the title of an operation, not all that its service says of it', () => {
    const sample = catalog['soap']?.samples[0];
    const called = {
      ...file,
      nodes: file.nodes.map((each) => (each.id === 'stock' ? node('stock', 'soap', { ...sample?.config, service: 'svc_1' }) : each)),
    };
    const around = { run: { id: 'run_1', flow: 'Stock' }, contact: null, variables: {} };
    const input = buildStepInputs({ file: called, id: 'version_2' }, tries, catalog, around).get('s-stock');
    expect(input).toMatchObject({ operation: 'CreateOrder' });
    expect(input).not.toHaveProperty('service');
  });
});
