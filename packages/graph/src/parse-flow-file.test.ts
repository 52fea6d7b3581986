import { flowFromText, testCatalog } from '@holdfast/test-kit/flows';
import { describe, expect, test } from 'vitest';
import { parseFlowFile } from './parse-flow-file.ts';
import { versionId } from './version-id.ts';

const file = flowFromText('start:begin.out -> a:choose.left -> b:choose', { names: { a: 'Which?' } });
const changed = (change: (copy: typeof file) => void): unknown => {
  const copy = structuredClone(file);
  change(copy);
  return copy;
};
const findings = (input: unknown) => {
  const parsed = parseFlowFile(input, testCatalog);
  return 'findings' in parsed ? parsed.findings : [];
};

describe('a flow file', () => {
  test('that was exported comes in as it was', () => {
    expect(parseFlowFile(JSON.parse(JSON.stringify(file)), testCatalog)).toEqual({ file });
  });

  test('that is not finished comes in all the same', () => {
    expect(findings(changed((copy) => copy.edges.splice(0)))).toEqual([]);
    expect(findings(changed((copy) => (copy.nodes[1]!.config = { text: 7 })))).toEqual([]);
  });

  test.each<[string, unknown, object]>([
    ['is something else', { hello: 'world' }, { code: 'file.shape' }],
    ['is no object', 'flow', { code: 'file.shape' }],
    [
      'has a kind of step that nobody knows',
      changed((copy) => (copy.nodes[1]!.type = 'teleport')),
      { code: 'node.unknown-type', node: 'a', reason: '"Which?" is a kind of step that this Holdfast does not know: teleport.' },
    ],
    [
      'has a kind called like a property of all objects',
      changed((copy) => (copy.nodes[1]!.type = 'constructor')),
      { code: 'node.unknown-type' },
    ],
    [
      'was made with a newer version',
      changed((copy) => (copy.nodes[1]!.typeVersion = 2)),
      { code: 'node.unknown-type', reason: '"Which?" was made with a newer Holdfast (choose, version 2); this one knows version 1.' },
    ],
    [
      'has settings that nobody knows',
      changed((copy) => (copy.nodes[1]!.config = { colour: 'red' })),
      { code: 'node.config', node: 'a', field: 'colour' },
    ],
    ['leads to nowhere', changed((copy) => (copy.edges[0]!.to.node = 'gone')), { code: 'edge.unknown-node', edge: 'e1' }],
    ['says an id twice', changed((copy) => (copy.nodes[2]!.id = 'a')), { code: 'id.duplicate' }],
    ['holds a key too many', { ...file, owner: 'me' }, { code: 'file.shape' }],
    ['calls a step like the prototype', changed((copy) => (copy.nodes[1]!.id = '__proto__')), { code: 'file.shape' }],
  ])('is refused when it %s', (_, input, finding) => {
    expect(findings(input)).toContainEqual(expect.objectContaining({ severity: 'error', ...finding }));
  });

  test('is brought to the present version of its steps', () => {
    const catalog = { ...testCatalog, choose: { ...testCatalog['choose']!, typeVersion: 2, migrate: () => ({ text: 'brought over' }) } };
    expect(parseFlowFile(file, catalog)).toMatchObject({ file: { nodes: [{}, { typeVersion: 2, config: { text: 'brought over' } }, {}] } });
  });
});

describe('hostile JSON', () => {
  const deep = (depth: number): unknown => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);

  test.each([100, 10_000, 200_000])('nested %i levels deep is refused before anything recurses', (depth) => {
    expect(findings(changed((copy) => Object.assign(copy.nodes[1]!.config, { text: deep(depth) })))[0]?.reason).toContain('levels deep');
  });

  test('with a million values is refused', () => {
    expect(findings({ ...file, notes: Array.from({ length: 1_000_000 }, () => 1) })[0]?.reason).toContain('more than 200000 values');
  });

  test('can’t reach a prototype', () => {
    const input: unknown = JSON.parse(JSON.stringify(file).replaceAll('"config":{}', '"config":{"__proto__":{"polluted":true}}'));
    expect(parseFlowFile(input, testCatalog)).toMatchObject({ file: {} });
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('with lone surrogates and NUL comes in with U+FFFD for them, and pairs as they were', () => {
    const input = changed((copy) => (copy.nodes[1]!.name = 'a\uD800b\u0000c\u{1F98A}'));
    const parsed = parseFlowFile(input, testCatalog);
    expect(parsed).toMatchObject({ file: { nodes: [{}, { name: 'a\uFFFDb\uFFFDc\u{1F98A}' }, {}] } });
    expect('file' in parsed && versionId(parsed.file)).toMatch(/^version_[0-9a-f]{32}$/);
  });
});

describe('a version id', () => {
  test('does not change when steps are moved, notes written or keys ordered otherwise', () => {
    const moved = {
      ...file,
      nodes: file.nodes.map((node) => ({ ...node, position: { x: 1, y: 2 } })),
      notes: [{ id: 'n', text: 'hm', position: { x: 0, y: 0 } }],
    };
    const reordered = {
      ...file,
      settings: {
        lane: 'auto' as const,
        typing: true,
        sessionTimeout: '0s',
        maxSteps: 500,
        onExhausted: 'pause' as const,
        mergeBurst: '1500ms',
      },
    };
    expect([versionId(moved), versionId(reordered)]).toEqual([versionId(file), versionId(file)]);
  });

  test('does not change where a lane is named that holds without being named', () => {
    const { lane: _, ...settings } = file.settings;
    expect(versionId({ ...file, settings: settings as typeof file.settings })).toBe(versionId(file)); // as: a version from before lanes
  });

  test('changes with whatever customers could notice', () => {
    const others = [
      changed((copy) => (copy.nodes[1]!.config = { text: 'x' })),
      changed((copy) => (copy.settings.maxSteps = 2)),
      changed((copy) => copy.edges.reverse()),
    ];
    for (const other of others) {
      const parsed = parseFlowFile(other, testCatalog);
      expect('file' in parsed && versionId(parsed.file)).not.toBe(versionId(file));
    }
  });
});
