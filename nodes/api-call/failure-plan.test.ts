import { failurePlanOf, type EffectDefinition } from '@holdfast/node-kit';
import { expect, test } from 'vitest';
import { googleSheets } from '../google-sheets/node.ts';
import { shopify } from '../shopify/node.ts';
import { apiCall } from './node.ts';

// The config of this node is parsed by its own schema inside.
const planOf = (given: object) => failurePlanOf(apiCall as unknown as EffectDefinition, { url: 'https://shop.test', ...given });

test('tells attempts, how long they take on average, and what comes after them', () => {
  expect(planOf({ tries: 'steady', secondUrl: 'https://two.test', staleFor: '1d', standIn: '{}' })).toEqual({
    attempts: 6,
    // 15 + 30 + 60 + 120 + 120 s at most.
    overMs: 172_500,
    isRepeatable: true,
    fallbacks: [{ kind: 'second' }, { kind: 'stale', for: '1d' }, { kind: 'default' }],
  });
  expect(planOf({ attempts: 1 })).toEqual({ attempts: 1, overMs: 0, isRepeatable: true, fallbacks: [] });
});

test('tells which calls are not repeated when they may have been carried out', () => {
  expect(planOf({ method: 'POST' })?.isRepeatable).toBe(false);
  expect(planOf({ method: 'POST', idempotencyHeader: 'Idempotency-Key' })?.isRepeatable).toBe(true);
  expect(planOf({ method: 'POST', onlyReads: true })?.isRepeatable).toBe(true);
  expect(planOf({ method: 'PUT' })?.isRepeatable).toBe(true);
});

test('tells nothing of a config that can’t be run', () => {
  expect(planOf({ url: '' })).toBeNull();
});

test('tells that a step is kept only where it writes', () => {
  const fallbacksOf = (definition: unknown, config: object) =>
    // as: its config is parsed by its own schema inside
    failurePlanOf(definition as EffectDefinition, { credential: 'cred_1', keepCall: true, ...config })?.fallbacks;
  expect(fallbacksOf(shopify, { operation: 'create-order' })).toEqual([{ kind: 'keep' }]);
  expect(fallbacksOf(shopify, { operation: 'find-orders' })).toEqual([]);
  expect(fallbacksOf(googleSheets, { spreadsheet: 'x', operation: 'append' })).toEqual([{ kind: 'keep' }]);
  expect(fallbacksOf(googleSheets, { spreadsheet: 'x', operation: 'read' })).toEqual([]);
});
