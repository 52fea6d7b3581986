import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GrowingMap } from './growing-map.ts';

const writes = fc.array(fc.record({ key: fc.integer({ min: 0, max: 120 }).map(String), value: fc.integer(), on: fc.nat() }), {
  maxLength: 200,
});

test('behaves like a map, and no earlier one changes when a later one, or a sibling, grows', () => {
  fc.assert(
    fc.property(writes, (list) => {
      const made = [{ grown: GrowingMap.empty<number>(), plain: new Map<string, number>() }];
      for (const { key, value, on } of list) {
        const base = made[on % made.length]!;
        made.push({ grown: base.grown.with(key, value), plain: new Map(base.plain).set(key, value) });
      }
      for (const { grown, plain } of made) {
        expect([...grown]).toEqual([...plain]);
        expect(grown.size).toBe(plain.size);
        for (const key of ['0', '7', '119']) expect([grown.has(key), grown.get(key)]).toEqual([plain.has(key), plain.get(key)]);
      }
    }),
    { numRuns: 60 },
  );
});
