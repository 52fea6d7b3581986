import { describe, expect, test } from 'vitest';
import { maxRows, typeRows } from './learn-type.ts';

const line = (sample: Parameters<typeof typeRows>[1]) =>
  typeRows('trigger', sample).map(
    ({ path, depth, kind, holds, isSometimes }) => `${depth} ${path} ${kind}${holds ? ` of ${holds}` : ''}${isSometimes ? '?' : ''}`,
  );

describe('what a sample teaches', () => {
  test('is the type of every value, depth first', () => {
    expect(line({ body: { order: 'A-1', total: 42.5, isPaid: true, at: '2026-11-23T10:00:00Z', note: null }, query: {} })).toEqual([
      '0 trigger.body group',
      '1 trigger.body.order text',
      '1 trigger.body.total number',
      '1 trigger.body.isPaid yes-no',
      '1 trigger.body.at time',
      '1 trigger.body.note nothing',
      '0 trigger.query group',
    ]);
  });

  test('of a list is what its items have in common', () => {
    expect(
      line({
        lines: [
          { sku: 'K', count: 2 },
          { sku: 'L', gift: true },
        ],
        tags: ['a', 'b'],
        odd: [1, 'x'],
        none: [],
      }),
    ).toEqual([
      '0 trigger.lines list of group',
      '1 trigger.lines[0].sku text',
      '1 trigger.lines[0].count number?',
      '1 trigger.lines[0].gift yes-no?',
      '0 trigger.tags list of text',
      '0 trigger.odd list of mixed',
      '0 trigger.none list of nothing',
    ]);
  });

  test('ends somewhere, however much came', () => {
    const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`key${index}`, index]));
    expect(typeRows('trigger', { body: wide })).toHaveLength(maxRows);
    let deep: Parameters<typeof typeRows>[1] = 'end';
    for (let level = 0; level < 500; level += 1) deep = { deeper: deep };
    expect(typeRows('trigger', deep).length).toBeLessThan(10);
  });
});
