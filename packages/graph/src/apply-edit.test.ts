import { flowFromText, randomFlow } from '@holdfast/test-kit/flows';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdit } from './apply-edit.ts';
import type { Edit } from './edit.ts';
import type { FlowFile, FlowNote } from './flow-file.ts';

const text = fc.string({ maxLength: 8, unit: 'binary' });
const place = fc.record({ x: fc.integer(), y: fc.integer() });
const noteOf = (id: string, said: string): FlowNote => ({ id, text: said, position: { x: 0, y: 0 } });

/** An edit that can be done to this flow, or an attempt at one. */
function anEdit(file: FlowFile, depth = 0): fc.Arbitrary<Edit> {
  const node = fc.constantFrom(...file.nodes.map((each) => each.id), 'gone');
  const edge = fc.constantFrom(...file.edges.map((each) => each.id), 'gone');
  const note = fc.constantFrom(...file.notes.map((each) => each.id), 'gone');
  const fresh = fc.integer({ min: 0, max: 5 }).map((index) => `new${index}`);
  const at = fc.option(fc.nat({ max: 3 }), { nil: undefined }).map((index) => (index === undefined ? {} : { at: index }));
  const simple = fc.oneof(
    fc.tuple(fresh, place, at).map(([id, position, where]): Edit => ({
      edit: 'add-node',
      node: { id, type: 'choose', typeVersion: 1, name: id, config: {}, position },
      ...where,
    })),
    node.map((id): Edit => ({ edit: 'remove-node', node: id })),
    fc.tuple(node, text).map(([id, name]): Edit => ({ edit: 'rename-node', node: id, name })),
    fc.tuple(node, text).map(([id, value]): Edit => ({ edit: 'configure', node: id, config: { text: value } })),
    fc.dictionary(node, place, { maxKeys: 3 }).map((positions): Edit => ({ edit: 'move', positions })),
    fc.tuple(fresh, node, node, at).map(([id, from, to, where]): Edit => ({
      edit: 'connect',
      edge: { id, from: { node: from, port: 'left' }, to: { node: to } },
      ...where,
    })),
    edge.map((id): Edit => ({ edit: 'disconnect', edge: id })),
    fc.tuple(fresh, text, at).map(([id, said, where]): Edit => ({ edit: 'add-note', note: noteOf(id, said), ...where })),
    fc.tuple(note, text).map(([id, said]): Edit => ({ edit: 'change-note', note: noteOf(id, said) })),
    note.map((id): Edit => ({ edit: 'remove-note', note: id })),
    text.map((name): Edit => ({ edit: 'rename-flow', name })),
    text.map((description): Edit => ({ edit: 'describe-flow', description })),
    fc.nat().map((maxSteps): Edit => ({ edit: 'settings', settings: { ...file.settings, maxSteps } })),
  );
  return depth > 0
    ? simple
    : fc.oneof(
        simple,
        fc.array(anEdit(file, 1), { maxLength: 3 }).map((edits): Edit => ({ edit: 'batch', edits })),
      );
}

const attempt = (file: FlowFile, edit: Edit) => {
  try {
    return applyEdit(file, edit);
  } catch {
    return null;
  }
};

describe('any sequence of edits', () => {
  test('is taken back exactly by its inverses, and done again by theirs', () => {
    const editing = randomFlow({ maxNodes: 6 }).chain((file) =>
      fc.tuple(fc.constant<FlowFile>({ ...file, notes: [noteOf('note1', 'hm')] }), fc.array(anEdit(file), { maxLength: 12 })),
    );
    fc.assert(
      fc.property(editing, ([file, edits]) => {
        const before = structuredClone(file);
        const inverses: Edit[] = [];
        let edited = file;
        for (const edit of edits) {
          const done = attempt(edited, edit);
          if (!done) continue;
          edited = done.file;
          inverses.unshift(done.inverse);
        }
        const undone = applyEdit(edited, { edit: 'batch', edits: inverses });
        expect(undone.file).toEqual(before);
        expect(applyEdit(undone.file, undone.inverse).file).toEqual(edited);
        expect(file).toEqual(before);
      }),
      { numRuns: 300 },
    );
  });
});

describe('an edit', () => {
  const file = flowFromText('start:begin.out -> a:choose.left -> b:choose.left -> c:choose\na.right -> c');

  test('that removes a step takes its connections along, and brings them back in their places', () => {
    const { file: without, inverse } = applyEdit(file, { edit: 'remove-node', node: 'a' });
    expect(without.edges.map((edge) => edge.id)).toEqual(['e3']);
    expect(applyEdit(without, inverse).file).toEqual(file);
  });

  test('leaves what it does not touch as the same objects', () => {
    const { file: edited } = applyEdit(file, { edit: 'rename-node', node: 'a', name: 'Other' });
    expect(edited.edges).toBe(file.edges);
    expect(edited.nodes[0]).toBe(file.nodes[0]);
  });

  test.each<[string, Edit]>([
    ['renames what is gone', { edit: 'rename-node', node: 'gone', name: 'x' }],
    ['adds what is there', { edit: 'add-node', node: file.nodes[0]! }],
    ['connects to nowhere', { edit: 'connect', edge: { id: 'e9', from: { node: 'a', port: 'left' }, to: { node: 'gone' } } }],
    ['moves what is gone', { edit: 'move', positions: { gone: { x: 0, y: 0 } } }],
    [
      'is a batch of which one part is impossible',
      {
        edit: 'batch',
        edits: [
          { edit: 'rename-flow', name: 'x' },
          { edit: 'disconnect', edge: 'gone' },
        ],
      },
    ],
  ])('is refused when it %s', (_, edit) => {
    expect(() => applyEdit(file, edit)).toThrowError(expect.objectContaining({ code: 'request.invalid' }));
  });
});
