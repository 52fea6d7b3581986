import { describe, expect, test } from 'vitest';
import { flowFromText } from './flow-text.ts';
import { testCatalog } from './test-catalog.ts';

const ways = (text: string): string[] =>
  flowFromText(text, { catalog: testCatalog }).edges.map(({ id, from, to }) => `${id} ${from.node}.${from.port} ${to.node}`);

describe('a flow from text', () => {
  test('has a connection for every arrow, by the first port where none is said', () => {
    expect(ways('start:begin -> a:choose.right -> b:call\n b.failed -> a # once more')).toEqual([
      'e1 start.out a',
      'e2 a.right b',
      'e3 b.failed a',
    ]);
  });

  test('parts and meets at commas', () => {
    expect(ways('start:begin -> a:choose, b:choose -> both:meet')).toEqual([
      'e1 start.out a',
      'e2 start.out b',
      'e3 a.left both',
      'e4 b.left both',
    ]);
  });

  test('takes names, configs and settings', () => {
    const file = flowFromText('start:begin.out -> a:choose', {
      names: { a: 'Which?' },
      configs: { a: { text: 'x' } },
      settings: { maxSteps: 5 },
      name: 'Named',
    });
    expect(file).toMatchObject({
      name: 'Named',
      settings: { maxSteps: 5 },
      nodes: [{ name: 'start' }, { name: 'Which?', config: { text: 'x' } }],
    });
  });

  test.each([
    ['start:begin -> nowhere', 'The type of "nowhere" is not said'],
    ['start:begin -> a b', '"a b" is no step'],
    ['start:begin.out -> start:choose', '"start" is begin already'],
    ['x:unknown -> y:unknown', 'Say by which port "x" is left'],
  ])('is refused when it can’t be read: %s', (text, reason) => {
    expect(() => ways(text)).toThrowError(reason);
  });
});
