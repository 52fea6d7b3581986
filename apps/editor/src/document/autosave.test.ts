import type { FlowFile } from '@holdfast/graph';
import { expect, test } from 'vitest';
import { createAutosave, type SaveAnswer } from './autosave.ts';

const named = (name: string): FlowFile => ({
  format: 'holdfast.flow/1',
  name,
  description: '',
  settings: { mergeBurst: '1500ms', onExhausted: 'pause', maxSteps: 500, lane: 'auto' },
  nodes: [],
  edges: [],
  notes: [],
});

/** A clock that rings when told to, and a server that answers when told to. */
function bench() {
  const timers: (() => void)[] = [];
  const sent: { name: string; revision: number; answer: (answer: SaveAnswer) => void }[] = [];
  const kept: (string | null)[] = [];
  const autosave = createAutosave({
    file: named('first'),
    revision: 1,
    nowMs: () => 1_000,
    save: (file, revision) => new Promise((answer) => sent.push({ name: file.name, revision, answer })),
    keepLocally: (unsaved) => kept.push(unsaved?.file.name ?? null),
    schedule: (work) => {
      timers.push(work);
      return () => void timers.splice(timers.indexOf(work), 1);
    },
  });
  const ring = () => timers.splice(0).forEach((work) => work());
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { autosave, sent, kept, ring, settled, kind: () => autosave.state.getState().kind };
}

test('saves once after a pause, with the newest drawing', async () => {
  const { autosave, sent, ring, settled, kind } = bench();
  autosave.changed(named('second'));
  autosave.changed(named('third'));
  expect(kind()).toBe('unsaved');
  ring();
  await settled();
  expect(sent.map(({ name, revision }) => [name, revision])).toEqual([['third', 1]]);
  sent[0]?.answer({ kind: 'saved', revision: 2 });
  await settled();
  expect(autosave.state.getState()).toEqual({ kind: 'saved', atMs: 1_000 });
  expect(autosave.revision()).toBe(2);
});

test('saves again what changed while a save was under way', async () => {
  const { autosave, sent, ring, settled, kept } = bench();
  autosave.changed(named('second'));
  ring();
  await settled();
  autosave.changed(named('third'));
  sent[0]?.answer({ kind: 'saved', revision: 2 });
  await settled();
  expect(kept.at(-1)).toBe('third');
  ring();
  await settled();
  expect(sent.map(({ name, revision }) => [name, revision])).toEqual([
    ['second', 1],
    ['third', 2],
  ]);
});

test('keeps the drawing on this computer until it is saved', async () => {
  const { autosave, sent, ring, settled, kept } = bench();
  autosave.changed(named('second'));
  expect(kept).toEqual(['second']);
  ring();
  await settled();
  sent[0]?.answer({ kind: 'saved', revision: 2 });
  await settled();
  expect(kept.at(-1)).toBeNull();
});

test('says why a save failed and tries again by itself', async () => {
  const { autosave, sent, ring, settled, kind } = bench();
  autosave.changed(named('second'));
  ring();
  await settled();
  sent[0]?.answer({ kind: 'failed', problem: { title: 'Holdfast does not answer', detail: '' } });
  await settled();
  expect(kind()).toBe('failed');
  ring();
  await settled();
  expect(sent).toHaveLength(2);
});

test('stands still on a conflict until a side is chosen', async () => {
  const { autosave, sent, ring, settled, kind } = bench();
  autosave.changed(named('mine'));
  ring();
  await settled();
  sent[0]?.answer({ kind: 'conflict', theirs: named('theirs'), theirRevision: 7 });
  await settled();
  autosave.changed(named('mine too'));
  ring();
  await settled();
  expect([kind(), sent.length]).toEqual(['conflict', 1]);
  void autosave.keepMine();
  await settled();
  expect(sent.at(-1)).toMatchObject({ name: 'mine too', revision: 7 });
});

test('takes their side without saving anything', async () => {
  const { autosave, sent, ring, settled, kind } = bench();
  autosave.changed(named('mine'));
  ring();
  await settled();
  const theirs = named('theirs');
  sent[0]?.answer({ kind: 'conflict', theirs, theirRevision: 7 });
  await settled();
  autosave.take(theirs, 7);
  ring();
  await settled();
  expect([kind(), autosave.revision(), sent.length]).toEqual(['saved', 7, 1]);
});
