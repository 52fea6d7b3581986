import { advance, compile, type FlowFile, type JournalEntry, type Plan } from '@holdfast/graph';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flowFromText } from './flow-text.ts';
import { playFlow } from './play-flow.ts';
import { randomFlow } from './random-flow.ts';
import { sameJournal } from './same-journal.ts';
import { testCatalog } from './test-catalog.ts';

const planOf = (file: FlowFile): Plan => compile(file, 'version_test', testCatalog);
const plan = planOf(
  flowFromText('start:begin -> left:call.ok -> both:meet -> end:stop\nstart -> right:call.ok -> both\nleft.failed -> both', {
    catalog: testCatalog,
  }),
);
const { entries } = playFlow(plan, { seed: 2, order: 1 });

/** The same run once more, elsewhere and later. */
const again = (order: number): JournalEntry[] =>
  playFlow(plan, { seed: 2, order, run: 'run_other' }).entries.map((entry) => ({ ...entry, at: '2027-01-01T00:00:00.000Z' }));
const ofStep = (node: string, kind: JournalEntry['kind']) => (entry: JournalEntry) =>
  entry.kind === kind && 'node' in entry && entry.node === node;
/** The journal with one entry replaced by others. */
const but = (is: (entry: JournalEntry) => boolean, ...put: JournalEntry[]): JournalEntry[] => {
  const at = entries.findIndex(is);
  if (at === -1) throw new Error('No such entry.');
  return entries.toSpliced(at, 1, ...put);
};
const found = (is: (entry: JournalEntry) => boolean): JournalEntry =>
  entries.find(is) ?? { kind: 'paused', at: '', by: { kind: 'system', name: '' } };
const changed = (entry: JournalEntry | undefined, change: object): JournalEntry => ({ ...entry, ...change }) as JournalEntry; // a test breaks it on purpose
const endOfRight = ofStep('right', 'step-ended');

describe('two journals are the same', () => {
  test('when only times, ids, owners and the order of branches differ', () => {
    const handedOver: JournalEntry = { kind: 'handed-over', at: '2026-11-23T03:00:00.000Z', cause: 'wait' };
    for (const order of [1, 2, 3, 4]) expect(sameJournal(plan, entries, again(order).toSpliced(2, 0, handedOver))).toEqual([]);
  });

  test('whatever the flow and the turns that its branches took', () => {
    fc.assert(
      fc.property(randomFlow({ joins: ['all'], maxSteps: 120 }), fc.nat(), fc.nat(), fc.nat(), (file, seed, one, other) => {
        const drawn = planOf(file);
        fc.pre(!drawn.joins.some((a) => drawn.joins.some((b) => a !== b && drawn.leadsTo(a.id, b.id) && drawn.leadsTo(b.id, a.id))));
        const [first, second] = [playFlow(drawn, { seed, order: one }), playFlow(drawn, { seed, order: other, run: 'run_2' })];
        fc.pre(!advance(drawn, first.state).isOverBound && !advance(drawn, second.state).isOverBound);
        expect(sameJournal(drawn, first.entries, second.entries)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a difference is found', () => {
  const end = found(endOfRight);
  const cases: [string, JournalEntry[]][] = [
    ['in what a step gave', but(endOfRight, changed(end, { output: 'other' }))],
    ['in how it was left', but(endOfRight, changed(end, { how: 'skipped' }))],
    ['in its facts', but(endOfRight, changed(end, { facts: { status: 500 } }))],
    [
      'in how often it was tried',
      but(ofStep('right', 'step-started'), found(ofStep('right', 'step-started')), found(ofStep('right', 'step-started'))),
    ],
    [
      'in what the run as a whole went through',
      [...entries, { kind: 'paused', at: '2026-11-23T03:00:00.000Z', by: { kind: 'person', name: 'Ana' } }],
    ],
    ['in its end', [...entries, { kind: 'run-ended', at: '2026-11-23T03:00:00.000Z', outcome: 'done' }]],
    ['in what is missing', entries.slice(0, -1)],
  ];
  test.each(cases)('%s', (_where, journal) => {
    expect(sameJournal(plan, entries, journal)).toHaveLength(1);
    expect(sameJournal(plan, journal, entries)).toHaveLength(1);
  });

  test('in what came in, and in how long a call took it is not', () => {
    const [start] = entries;
    expect(sameJournal(plan, entries, [changed(start, { input: { seed: 8 } }), ...entries.slice(1)])).toHaveLength(1);
    const timed = (durationMs: number) => but(endOfRight, changed(end, { facts: { durationMs } }));
    expect(sameJournal(plan, timed(5), timed(7))).toEqual([]);
  });

  test('by luck that fell otherwise', () => {
    const seeds = Array.from(
      { length: 20 },
      (_, seed) => sameJournal(plan, entries, playFlow(plan, { seed, order: 1 }).entries).length > 0,
    );
    expect(seeds.filter(Boolean).length).toBeGreaterThan(10);
  });

  test('in a journal that makes no sense by itself, loudly', () => {
    expect(() => sameJournal(plan, entries, entries.toReversed())).toThrow('has not started');
  });
});
