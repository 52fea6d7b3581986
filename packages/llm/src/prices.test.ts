import { expect, test } from 'vitest';
import { costMicroUsd, parsePrices } from './prices.ts';

const used = { provider: 'groq' as const, model: 'openai/gpt-oss-120b', inputTokens: 1_000_000, outputTokens: 100_000 };
const own = parsePrices([
  { provider: 'groq', model: 'openai/gpt-oss-120b', inputUsd: 1, outputUsd: 2, since: '2026-01-01' },
  { provider: 'groq', model: 'openai/gpt-oss-120b', inputUsd: 3, outputUsd: 4, since: '2026-12-01' },
]);

test('the list price is used where a workspace has none of its own', () => {
  expect(costMicroUsd(used, [], '2026-11-23')).toBe(210_000);
});

test('a workspace’s own price goes first, and the latest that holds on the day', () => {
  expect(costMicroUsd(used, own, '2026-11-23')).toBe(1_200_000);
  expect(costMicroUsd(used, own, '2026-12-01')).toBe(3_400_000);
});

test('an unknown model costs nothing that we know of', () => {
  expect(costMicroUsd({ ...used, model: 'ours' }, own, '2026-11-23')).toBe(0);
});

test('settings that can’t be read count as no prices', () => {
  expect([parsePrices(undefined), parsePrices('x'), parsePrices([{ model: 1 }])]).toEqual([[], [], []]);
});
