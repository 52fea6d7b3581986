import { HoldfastError } from '@holdfast/errors';
import { flowFromText, testCatalog } from '@holdfast/test-kit/flows';
import { describe, expect, test } from 'vitest';
import { advance, originOf, whenExhausted } from './advance.ts';
import { applyEntry } from './apply-entry.ts';
import { buildScope } from './build-scope.ts';
import { fold } from './fold.ts';
import { journalEntry, type Entry, type JournalEntry } from './journal.ts';
import { compile } from './plan.ts';
import type { RunState, StepState } from './run-state.ts';
import { jumpStepId, rootStepId } from './step-id.ts';

const at = '2026-11-23T03:00:00.000Z';
const by = { kind: 'person' as const, name: 'Ana' };
const broken = { code: 'upstream.broken', title: 'The service answered with an error', detail: 'It said 500.' };

const file = flowFromText(`
  start:begin.out -> a:choose
  a.left -> call:call.ok -> ask:pause.answered -> a
  a.right -> end:stop
  ask.expired -> end
`);
const plan = compile(file, 'version_test', testCatalog);
const started: Entry<'run-started'> = {
  kind: 'run-started',
  at,
  node: 'start',
  step: rootStepId('run_1'),
  port: 'out',
  input: { text: 'hello' },
};

const stepOf = (state: RunState, node: string): StepState => state.steps.get(state.latest.get(node) ?? '')!;
const play = (state: RunState, ...entries: ((state: RunState) => JournalEntry)[]): RunState =>
  entries.reduce((next, entry) => applyEntry(plan, next, journalEntry.parse(entry(next))), state);
const ends =
  (node: string, port: string, output: string | number = node) =>
  (state: RunState): JournalEntry => ({ kind: 'step-ended', at, ...originOf(stepOf(state, node)), port, output, how: 'ran' });
const starts =
  (node: string, attempt = 1) =>
  (state: RunState): JournalEntry => ({ kind: 'step-started', at, ...originOf(stepOf(state, node)), attempt });
const fails =
  (node: string, attempt: number, isFinal: boolean) =>
  (state: RunState): JournalEntry => ({ kind: 'step-failed', at, ...originOf(stepOf(state, node)), attempt, problem: broken, isFinal });
const retried =
  (node: string) =>
  (state: RunState): JournalEntry => ({ kind: 'retried', at, step: stepOf(state, node).step, by });
const opens =
  (node: string) =>
  (state: RunState): JournalEntry => ({
    kind: 'wait-opened',
    at,
    ...originOf(stepOf(state, node)),
    waitFor: 'reply',
    deadlineAt: at,
    timeoutPort: 'expired',
  });
const jumps =
  (node: string) =>
  (state: RunState): JournalEntry => ({
    kind: 'jumped',
    at,
    node,
    lineage: state.lineage + 1,
    step: jumpStepId('run_1', state.lineage + 1),
    by,
  });
const just = (entry: JournalEntry) => (): JournalEntry => entry;

const begun = fold(plan, [started]);
const calling = play(begun, ends('a', 'left'), starts('call'));
const asking = play(calling, ends('call', 'ok'), opens('ask'));
const nodes = (steps: readonly StepState[]): string[] => steps.map((step) => step.node);
const refuses = (state: RunState, entry: (state: RunState) => JournalEntry): unknown => {
  try {
    play(state, entry);
  } catch (error) {
    return error instanceof HoldfastError ? error.detail : error;
  }
  return 'accepted';
};

test('a hand-over changes nothing, wherever it comes: before the start, on the way, and after the last word', () => {
  const begun = fold(plan, [started]);
  const ended = play(begun, just({ kind: 'run-ended', at, outcome: 'stopped' }));
  for (const state of [fold(plan, []), begun, ended])
    expect(applyEntry(plan, state, { kind: 'handed-over', at, cause: 'owner-lost' })).toBe(state);
});

describe('a run', () => {
  test('starts with its trigger’s step ended', () => {
    expect(nodes(advance(plan, begun).ready)).toEqual(['a']);
    expect(begun.steps.get(rootStepId('run_1'))).toMatchObject({ node: 'start', status: 'ended', port: 'out', output: { text: 'hello' } });
    expect(begun.trigger).toEqual({ text: 'hello' });
  });

  test('is done when no step is left', () => {
    expect(advance(plan, begun).isDone).toBe(false);
    expect(advance(plan, play(begun, ends('a', 'right'), ends('end', 'end'))).isDone).toBe(true);
    expect(advance(plan, fold(plan, [])).isDone).toBe(false);
  });

  test('has an effect under way until it ends', () => {
    expect(nodes(advance(plan, calling).unfinished)).toEqual(['call']);
    expect(advance(plan, calling).ready).toEqual([]);
  });

  test('waits where a wait was opened, and counts the answers that did not end it', () => {
    const again = play(asking, (state) => ({ kind: 'wait-continued', at, step: stepOf(state, 'ask').step, node: 'ask', tries: 1 }));
    expect(advance(plan, again).waiting.map((step) => step.wait)).toEqual([
      { waitFor: 'reply', deadlineAt: at, timeoutPort: 'expired', openedAt: at, tries: 1 },
    ]);
  });

  test('counts how often it came to a step', () => {
    const again = play(asking, ends('ask', 'answered'));
    expect(stepOf(again, 'a')).toMatchObject({ visit: 2, status: 'ready' });
  });

  test('stops being ready at its bound, and gets the bound anew from a person', () => {
    const short = compile({ ...file, settings: { ...file.settings, maxSteps: 1 } }, 'version_short', testCatalog);
    const over = play(begun, ends('a', 'left'));
    expect(advance(short, over)).toMatchObject({ ready: [], isOverBound: true, isDone: false });
    expect(nodes(advance(short, play(over, just({ kind: 'resumed', at, by }))).ready)).toEqual(['call']);
  });

  test('lets its data be looked at by templates', () => {
    const scope = buildScope(asking, { run: { id: 'run_1', flow: 'Test' }, contact: null, conversation: null, variables: {} });
    expect(scope).toMatchObject({ trigger: { text: 'hello' }, nodes: { a: 'a', call: 'call' }, run: { startedAt: at } });
  });
});

describe('a failed step', () => {
  const failed = play(calling, fails('call', 1, true));

  test('is tried again while it is not final', () => {
    const trying = play(calling, fails('call', 1, false));
    expect(advance(plan, trying)).toMatchObject({
      unfinished: [{ node: 'call', status: 'retrying', attempts: 1, failure: { problem: broken } }],
      failed: [],
    });
    expect(stepOf(play(trying, starts('call', 2)), 'call')).toMatchObject({ status: 'running', attempts: 2 });
  });

  test('needs a person when it is final', () => {
    expect(nodes(advance(plan, failed).failed)).toEqual(['call']);
    expect(advance(plan, failed).isDone).toBe(false);
  });

  test('goes on under the same id when it is retried, and its attempts count on', () => {
    const again = play(failed, just({ kind: 'attention', at, problem: broken }), retried('call'));
    expect(again.status).toBe('running');
    expect(advance(plan, again)).toMatchObject({ unfinished: [{ step: stepOf(failed, 'call').step, attempts: 1 }], failed: [] });
  });

  test('that is no effect becomes ready again when it is retried', () => {
    const again = play(begun, fails('a', 1, true), retried('a'));
    expect(nodes(advance(plan, again).ready)).toEqual(['a']);
  });

  test('can be skipped, and then nobody is needed any more', () => {
    const skipped = play(failed, just({ kind: 'attention', at, problem: broken }), (state) => ({
      kind: 'step-ended',
      at,
      ...originOf(stepOf(state, 'call')),
      port: 'ok',
      output: 'by hand',
      how: 'skipped',
      by,
    }));
    expect(skipped.status).toBe('running');
    expect(nodes(advance(plan, skipped).ready)).toEqual(['ask']);
  });

  test('leaves by its failed port when that is connected, else as the flow says', () => {
    expect(whenExhausted(plan, stepOf(calling, 'call'), { isAmbiguous: false })).toBe('pause');
    const connected = flowFromText('start:begin.out -> call:call.failed -> end:stop');
    expect(whenExhausted(compile(connected, 'v', testCatalog), stepOf(calling, 'call'), { isAmbiguous: false })).toEqual({
      port: 'failed',
    });
    const ending = { ...file, settings: { ...file.settings, onExhausted: 'end' as const } };
    expect(whenExhausted(compile(ending, 'v', testCatalog), stepOf(calling, 'call'), { isAmbiguous: false })).toBe('end');
    for (const each of [connected, ending])
      expect(whenExhausted(compile(each, 'v', testCatalog), stepOf(calling, 'call'), { isAmbiguous: true }), 'a person must look').toBe(
        'pause',
      );
  });
});

describe('a person', () => {
  test('edits what later steps read, the trigger’s data too', () => {
    const edited = play(asking, just({ kind: 'edited', at, data: { call: { fixed: true }, start: { text: 'bye' } }, by }));
    expect(edited.outputs.get('call')).toEqual({ fixed: true });
    expect(edited.trigger).toEqual({ text: 'bye' });
    expect(asking.outputs.get('call')).toBe('call');
  });

  test('pauses the run: nothing is ready until it is resumed', () => {
    const paused = play(begun, just({ kind: 'paused', at, by }));
    expect(advance(plan, paused)).toMatchObject({ ready: [], unfinished: [], isDone: false });
    expect(nodes(advance(plan, play(paused, just({ kind: 'resumed', at, by }))).ready)).toEqual(['a']);
    expect(advance(plan, play(calling, just({ kind: 'paused', at, by }))).unfinished).toEqual([]);
  });

  test('sends the run elsewhere: what was open is abandoned and visits count anew', () => {
    const jumped = play(asking, jumps('a'));
    expect(nodes(advance(plan, jumped).ready)).toEqual(['a']);
    expect(advance(plan, jumped).waiting).toEqual([]);
    expect(stepOf(jumped, 'ask').status).toBe('abandoned');
    expect(stepOf(jumped, 'a')).toMatchObject({ visit: 1, lineage: 1 });
    expect(jumped.outputs.get('call')).toBe('call');
  });

  test('is not disturbed by what an abandoned step still reports', () => {
    const jumped = play(calling, jumps('end'));
    const late = applyEntry(plan, jumped, {
      kind: 'step-ended',
      at,
      ...originOf(stepOf(calling, 'call')),
      port: 'ok',
      output: 'late',
      how: 'ran',
    });
    expect(nodes(advance(plan, late).ready)).toEqual(['end']);
    expect(late.outputs.get('call')).toBeUndefined();
    expect(
      applyEntry(plan, jumped, {
        kind: 'step-failed',
        at,
        ...originOf(stepOf(calling, 'call')),
        attempt: 1,
        problem: broken,
        isFinal: true,
      }),
    ).toBe(jumped);
  });
});

describe('an entry that makes no sense is refused:', () => {
  test.each<[string, RunState, (state: RunState) => JournalEntry, string]>([
    ['a second start', begun, just(started), 'the run has started already'],
    ['anything before the start', fold(plan, []), just({ kind: 'paused', at, by }), 'the run has not started'],
    ['anything after the end', play(begun, just({ kind: 'run-ended', at, outcome: 'stopped' })), ends('a', 'left'), 'the run has ended'],
    [
      'a step that never came up',
      begun,
      just({ kind: 'step-started', at, step: 'step_x', node: 'a', parent: null, edge: null, lineage: 0, attempt: 1 }),
      'no such step came up',
    ],
    [
      'a step of another node',
      begun,
      (state) => ({ kind: 'step-ended', at, ...originOf(stepOf(state, 'a')), node: 'end', port: 'end', output: null, how: 'ran' }),
      'that is a step of "a"',
    ],
    ['an end after the end', play(begun, ends('a', 'left')), ends('a', 'left'), 'it has ended already'],
    ['a wait opened twice', asking, opens('ask'), 'it is waiting'],
    [
      'an answer where nothing waits',
      calling,
      (state) => ({ kind: 'wait-continued', at, step: stepOf(state, 'call').step, node: 'call', tries: 1 }),
      'it is running',
    ],
    ['a retry of what did not fail', begun, retried('a'), 'it is ready'],
    ['a jump to a trigger', begun, jumps('start'), 'no step that a run can be sent to'],
    ['a jump to nowhere', begun, jumps('gone'), 'no step that a run can be sent to'],
    ['a jump that skips a lineage', begun, just({ kind: 'jumped', at, node: 'a', lineage: 2, step: 'step_y', by }), 'does not follow'],
  ])('%s', (_, state, entry, reason) => {
    expect(refuses(state, entry)).toContain(reason);
  });
});
