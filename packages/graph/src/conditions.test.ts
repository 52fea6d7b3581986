import type { JsonValue, Scope } from '@holdfast/node-kit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compare, operators, type Operator } from './compare.ts';
import { conditionGroup, evaluateConditions } from './conditions.ts';

const scope: Scope = {
  trigger: { text: 'Where is my ORDER?', total: 120, isMember: true, tags: ['vip', 'Málaga'], list: [{ sku: 'A' }] },
  nodes: { lookup: { body: { status: 'shipped', at: '2026-11-23' } } },
  contact: { id: 'c1', name: 'Ána', language: 'es', attributes: {} },
  conversation: null,
  variables: {},
  run: { id: 'run_1', startedAt: '2026-11-23T03:00:00.000Z', flow: 'Orders' },
};

describe('comparing', () => {
  test.each<[JsonValue | undefined, Operator, JsonValue, boolean]>([
    ['Café', 'is', 'cafe', true],
    [' yes ', 'is', 'YES', true],
    ['ß', 'is', 'SS', true],
    ['कि', 'is', 'क', false],
    [7, 'is', '7.0', true],
    ['7', 'is', 7, true],
    ['007', 'is', '7', false],
    [true, 'is', 'true', true],
    [undefined, 'is', '', true],
    [undefined, 'is-not', 'x', true],
    ['Where is my order', 'contains', 'ORDER', true],
    [['vip', 'Málaga'], 'contains', 'malaga', true],
    [['vip'], 'contains', 'vi', false],
    [undefined, 'contains-not', 'x', true],
    ['Order 7', 'starts-with', 'order', true],
    ['Order 7', 'ends-with', '7', true],
    ['b', 'one-of', 'a, B', true],
    ['c', 'not-one-of', 'a, b', true],
    ['b', 'one-of', ['a', 'b'], true],
    [120, 'greater', '100', true],
    ['120,5', 'greater', 120, true],
    [100, 'at-least', 100, true],
    [99, 'at-least', 100, false],
    [1, 'less', 2, true],
    [2, 'at-most', '2', true],
    [undefined, 'greater', 0, false],
    [undefined, 'less', 5, false],
    ['many', 'greater', 0, false],
    [null, 'at-most', 0, false],
    ['1e999', 'greater', 0, false],
    ['2026-11-22', 'before', '2026-11-23', true],
    ['2026-11-23T01:00:00+02:00', 'before', '2026-11-23', true],
    ['2026-11-23T10:00', 'after', '2026-11-23T09:59:59Z', true],
    ['soon', 'after', '2026-01-01', false],
    ['2026-99-99', 'after', '2026-01-01', false],
    [true, 'is-true', '', true],
    ['true', 'is-true', '', true],
    [1, 'is-true', '', false],
    [false, 'is-false', '', true],
    [undefined, 'is-false', '', false],
    ['  ', 'is-empty', '', true],
    [[], 'is-empty', '', true],
    [{}, 'is-empty', '', true],
    [undefined, 'is-empty', '', true],
    [0, 'is-empty', '', false],
    [false, 'is-not-empty', '', true],
  ])('%j %s %j: %s', (found, operator, wanted, expected) => {
    expect(compare(found, operator, wanted)).toBe(expected);
  });

  test('answers yes or no to anything', () => {
    const json = fc.jsonValue() as fc.Arbitrary<JsonValue>; // fast-check's JSON is ours
    fc.assert(
      fc.property(json, fc.constantFrom(...operators), json, (found, operator, wanted) => {
        expect(compare(found, operator, wanted)).toBeTypeOf('boolean');
      }),
    );
  });
});

describe('conditions by form', () => {
  const is = (field: string, value: JsonValue) => ({ field, operator: 'is', value });
  const holds = (conditions: unknown): boolean => evaluateConditions(conditionGroup.parse(conditions), scope);

  test('hold when all or any of them do, nested once', () => {
    expect(holds({ all: [is('trigger.total', 120), is('contact.name', 'ana')] })).toBe(true);
    expect(holds({ all: [is('trigger.total', 120), is('contact.name', 'eva')] })).toBe(false);
    expect(holds({ any: [is('contact.name', 'eva'), { all: [is('trigger.total', 120), is('trigger.isMember', true)] }] })).toBe(true);
  });

  test('read lists by number, and nothing that is not there', () => {
    expect(holds({ all: [is('trigger.list[0].sku', 'a'), is('trigger.list.0.sku', 'A')] })).toBe(true);
    expect(
      holds({
        all: [
          { field: 'trigger.constructor.name', operator: 'is-empty' },
          { field: 'conversation.id', operator: 'is-empty' },
          { field: '__proto__', operator: 'is-empty' },
        ],
      }),
    ).toBe(true);
  });

  test('are refused when they are empty, nested twice or of an unknown kind', () => {
    for (const wrong of [
      { all: [] },
      { any: [{ all: [{ any: [is('a', 1)] }] }] },
      { none: [is('a', 1)] },
      { all: [{ field: 'a', operator: 'matches', value: '(a+)+$' }] },
    ])
      expect(conditionGroup.safeParse(wrong).success).toBe(false);
  });
});

describe('conditions in CEL', () => {
  test.each<[string, boolean]>([
    ['trigger.total > 100 && nodes.lookup.body.status == "shipped"', true],
    ['trigger.total + 1 == 121', true],
    ['trigger.total * 2 >= 240 && trigger.total / 4 == 30 && 200 - trigger.total == 80', true],
    ['trigger.tags.exists(tag, tag == "vip")', true],
    ['contact.name.startsWith("A")', false],
    ['conversation == null', true],
    ['trigger.nothing == 1', false],
    ['nodes.gone.body.x > 3', false],
    ['has(trigger.nothing)', false],
    ['trigger.constructor == 1', false],
    ['nowhere == 1', false],
  ])('%s: %s', (cel, expected) => {
    expect(evaluateConditions({ cel }, scope)).toBe(expected);
  });

  test('read data that is called like a prototype as data', () => {
    const trigger = JSON.parse('{"constructor":"mason","__proto__":{"x":1},"n":1}'); // as it comes from a webhook
    expect(evaluateConditions({ cel: 'trigger.n == 1.0' }, { ...scope, trigger })).toBe(true);
  });

  test.each(['1 +', 'trigger.total', '"a" < 1', '[1, 2, 3'.repeat(100), `${'('.repeat(500)}true${')'.repeat(500)}`])(
    'are refused when they make no sense: %s',
    (cel) => {
      expect(() => evaluateConditions({ cel }, scope)).toThrowError(expect.objectContaining({ code: 'template.invalid' }));
    },
  );
});
