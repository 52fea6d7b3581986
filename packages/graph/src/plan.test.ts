import { flowFromText, testCatalog } from '@holdfast/test-kit/flows';
import { describe, expect, test } from 'vitest';
import { compile } from './plan.ts';

const file = flowFromText('start:begin.out -> a:choose.left -> both:meet.out -> a\nstart.out -> both', {
  configs: { both: { mode: 'any' } },
});

describe('a version made ready to run', () => {
  const plan = compile(file, 'version_1', testCatalog);

  test('tells its steps, joins and connections', () => {
    expect(plan.node('a')).toMatchObject({ type: 'choose', drawn: 1, definition: { kind: 'pure' } });
    expect(plan.joins.map(({ id, joins }) => [id, joins])).toEqual([['both', 'any']]);
    expect(plan.edgesFrom('start', 'out').map((edge) => edge.to.node)).toEqual(['a', 'both']);
    expect(plan.edgesInto('both').map((edge) => edge.from.node)).toEqual(['a', 'start']);
    expect([plan.hasNode('a'), plan.hasNode('constructor')]).toEqual([true, false]);
    expect(() => plan.node('gone')).toThrowError(expect.objectContaining({ code: 'flow.invalid' }));
  });

  test('knows what leads where, if need be without one exit', () => {
    expect([plan.leadsTo('start', 'both'), plan.leadsTo('both', 'both'), plan.leadsTo('both', 'start')]).toEqual([true, true, false]);
    expect([plan.leadsTo('both', 'both', { node: 'a', port: 'left' }), plan.leadsTo('start', 'both', { node: 'a', port: 'left' })]).toEqual(
      [false, true],
    );
  });

  test('brings older steps to their type’s present version', () => {
    const catalog = {
      ...testCatalog,
      choose: {
        ...testCatalog['choose']!,
        typeVersion: 3,
        migrate: (config: object, from: number) => ({ ...config, text: `from ${from}` }),
      },
    };
    expect(compile(file, 'version_1', catalog).node('a')).toMatchObject({ typeVersion: 3, config: { text: 'from 1' } });
  });

  test.each([
    ['a step of an unknown kind', { ...file, nodes: file.nodes.map((node) => ({ ...node, type: 'teleport' })) }],
    ['a step of a newer version', { ...file, nodes: file.nodes.map((node) => ({ ...node, typeVersion: 9 })) }],
    ['a join that can’t be read', { ...file, nodes: file.nodes.map((node) => ({ ...node, config: { mode: 'some' } })) }],
    ['a connection to nowhere', { ...file, nodes: file.nodes.slice(0, 2) }],
  ])('is refused with %s', (_, broken) => {
    expect(() => compile(broken, 'version_1', testCatalog)).toThrowError(expect.objectContaining({ code: 'flow.invalid' }));
  });
});
